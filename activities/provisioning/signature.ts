/** How a system knows that an order comes from this desk: every call is signed with a secret that both sides keep. */
import { createCipheriv, createDecipheriv, createHash, createHmac, randomBytes } from 'node:crypto'

const ivBytes = 12
const tagBytes = 16
const keyOf = (installationSecret: string): Buffer => createHash('sha256').update(`connector\n${installationSecret}`).digest()

/** A new secret, to be shown once. */
export const newSecret = (): string => `gcs_${randomBytes(24).toString('base64url')}`

/** As it is kept: only this installation can open it. */
export function sealSecret(installationSecret: string, secret: string): string {
  const iv = randomBytes(ivBytes)
  const cipher = createCipheriv('aes-256-gcm', keyOf(installationSecret), iv)
  const content = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()])
  return Buffer.concat([iv, content, cipher.getAuthTag()]).toString('base64')
}

/** @throws when it was sealed by another installation, or altered */
export function openSecret(installationSecret: string, sealed: string): string {
  const bytes = Buffer.from(sealed, 'base64')
  const decipher = createDecipheriv('aes-256-gcm', keyOf(installationSecret), bytes.subarray(0, ivBytes))
  decipher.setAuthTag(bytes.subarray(bytes.length - tagBytes))
  return Buffer.concat([decipher.update(bytes.subarray(ivBytes, bytes.length - tagBytes)), decipher.final()]).toString('utf8')
}

/** Headers of a signed call: `HMAC-SHA256(secret, "<timestamp>.<body>")`, hex; the timestamp (Unix seconds) lets the system refuse what is old. */
export function signatureHeaders(secret: string, body: string, at: number): Record<string, string> {
  const timestamp = `${Math.floor(at / 1_000)}`
  return {
    'guichet-timestamp': timestamp,
    'guichet-signature': `v1=${createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')}`,
  }
}
