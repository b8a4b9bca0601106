/** French texts of the studio, the diagrams, the ledger and the figures. */
export const studioFr = {
  'studio.title': 'Atelier',
} as const
