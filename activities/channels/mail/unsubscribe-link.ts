import { createHmac, timingSafeEqual } from 'node:crypto'

export interface UnsubscribeLink {
  personId: string
  event: string
}

const sign = (secret: string, body: string): Buffer => createHmac('sha256', secret).update(`unsubscribe\n${body}`).digest()

/** A token that lets its holder change one person's wish about one event without signing in. It does not expire: old mails must still be refusable. */
export function unsubscribeToken(secret: string, { personId, event }: UnsubscribeLink): string {
  const body = Buffer.from(JSON.stringify([personId, event])).toString('base64url')
  return `${body}.${sign(secret, body).toString('base64url')}`
}

/** What the token says; null when it was not made with this secret, or was altered. */
export function readUnsubscribeToken(secret: string, token: string): UnsubscribeLink | null {
  const [body, signature, ...more] = token.split('.')
  if (body === undefined || signature === undefined || more.length > 0) return null
  const expected = sign(secret, body)
  const found = Buffer.from(signature, 'base64url')
  if (found.length !== expected.length || !timingSafeEqual(found, expected)) return null
  const [personId, event] = JSON.parse(Buffer.from(body, 'base64url').toString()) as [string, string]
  return { personId, event }
}
