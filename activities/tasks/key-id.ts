import { createHash } from 'node:crypto'

/** The id (RFC 9562 version 8) that a task's idempotency key stands for: what was made under the key is found again by it. */
export function keyId(key: string, noun: string): string {
  const bytes = createHash('sha256').update(`${noun}\n${key}`).digest().subarray(0, 16)
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
