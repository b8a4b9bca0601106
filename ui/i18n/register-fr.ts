/** The register: people and things beside tickets. */
export const registerFr = {
  'field.ciId': 'Élément concerné',
} as const
