import { readValues, signValues } from './signed-link.ts'

/** A survey link stays good this long, ms. */
export const surveyLinkMs = 60 * 24 * 60 * 60 * 1_000

export interface SurveyLink {
  ticketId: string
  personId: string
  /** UTC epoch ms */
  expiresAt: number
}

/** A token that lets its holder answer one ticket's survey without signing in, until it expires. */
export const surveyToken = (secret: string, link: SurveyLink): string =>
  signValues(secret, 'survey', [link.ticketId, link.personId, link.expiresAt])

/** What the token says; null when it was not made with this secret, was altered, or has expired at `now` (UTC epoch ms). */
export function readSurveyToken(secret: string, token: string, now: number): SurveyLink | null {
  const values = readValues(secret, 'survey', token)
  if (values === null) return null
  const [ticketId, personId, expiresAt] = values as [string, string, number]
  return expiresAt > now ? { ticketId, personId, expiresAt } : null
}
