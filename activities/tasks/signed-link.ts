import { createHmac, timingSafeEqual } from 'node:crypto'

const sign = (secret: string, purpose: string, body: string): Buffer => createHmac('sha256', secret).update(`${purpose}\n${body}`).digest()

/** A token that says `values` to its holder's browser and back, and cannot be altered or used for another purpose. */
export function signValues(secret: string, purpose: string, values: readonly (string | number)[]): string {
  const body = Buffer.from(JSON.stringify(values)).toString('base64url')
  return `${body}.${sign(secret, purpose, body).toString('base64url')}`
}

/** What a token says; null when it was not made with this secret for this purpose, or was altered. */
export function readValues(secret: string, purpose: string, token: string): (string | number)[] | null {
  const [body, signature, ...more] = token.split('.')
  if (body === undefined || signature === undefined || more.length > 0) return null
  const expected = sign(secret, purpose, body)
  const found = Buffer.from(signature, 'base64url')
  if (found.length !== expected.length || !timingSafeEqual(found, expected)) return null
  return JSON.parse(Buffer.from(body, 'base64url').toString()) as (string | number)[]
}
