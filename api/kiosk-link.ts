import { createHmac, timingSafeEqual } from 'node:crypto'

const sign = (secret: string, deskId: string): Buffer => createHmac('sha256', secret).update(`kiosk\n${deskId}`).digest().subarray(0, 18)

/** The address of a desk's kiosk: whoever stands at it takes a number, and can do nothing else. */
export const kioskToken = (secret: string, deskId: string): string => `${deskId}.${sign(secret, deskId).toString('base64url')}`

/** The desk of a kiosk's address; null when it was not made with this secret. */
export function readKioskToken(secret: string, token: string): string | null {
  const [deskId, signature, ...more] = token.split('.')
  if (!deskId || signature === undefined || more.length > 0) return null
  const expected = sign(secret, deskId)
  const found = Buffer.from(signature, 'base64url')
  return found.length === expected.length && timingSafeEqual(found, expected) ? deskId : null
}
