/** Texts of the catalogue, requests, access rights and reviews, under the keys of requests-fr.ts. */
import type { requestsFr } from './requests-fr.ts'

export const requestsEn: Record<keyof typeof requestsFr, string> = {
  'studio.kinds.catalogue': 'Catalogue',
}
