import { createHmac, timingSafeEqual } from 'node:crypto'

/** A survey link stays good this long, ms. */
export const surveyLinkMs = 60 * 24 * 60 * 60 * 1_000

export interface SurveyLink {
  ticketId: string
  personId: string
  /** UTC epoch ms */
  expiresAt: number
}

const sign = (secret: string, body: string): Buffer => createHmac('sha256', secret).update(`survey\n${body}`).digest()

/** A token that lets its holder answer one ticket's survey without signing in, until it expires. */
export function surveyToken(secret: string, link: SurveyLink): string {
  const body = Buffer.from(JSON.stringify([link.ticketId, link.personId, link.expiresAt])).toString('base64url')
  return `${body}.${sign(secret, body).toString('base64url')}`
}

/** What the token says; null when it was not made with this secret, was altered, or has expired at `now` (UTC epoch ms). */
export function readSurveyToken(secret: string, token: string, now: number): SurveyLink | null {
  const [body, signature, ...more] = token.split('.')
  if (body === undefined || signature === undefined || more.length > 0) return null
  const expected = sign(secret, body)
  const found = Buffer.from(signature, 'base64url')
  if (found.length !== expected.length || !timingSafeEqual(found, expected)) return null
  const [ticketId, personId, expiresAt] = JSON.parse(Buffer.from(body, 'base64url').toString()) as [string, string, number]
  return expiresAt > now ? { ticketId, personId, expiresAt } : null
}
