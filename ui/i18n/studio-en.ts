/** English texts of the studio, the diagrams, the ledger and the figures, under the keys of studio-fr.ts. */
import type { studioFr } from './studio-fr.ts'

export const studioEn: Record<keyof typeof studioFr, string> = {
  'studio.title': 'Studio',
}
