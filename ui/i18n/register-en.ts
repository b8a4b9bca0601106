/** The register: people and things beside tickets. */
import type { registerFr } from './register-fr.ts'

export const registerEn: Record<keyof typeof registerFr, string> = {
  'field.ciId': 'Item concerned',
}
