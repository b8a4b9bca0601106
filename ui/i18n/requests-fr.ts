/** Catalogue, demandes, droits d’accès et campagnes de revue. */
export const requestsFr = {
  'studio.kinds.catalogue': 'Catalogue',
}
