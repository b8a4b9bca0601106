import { createHash } from 'node:crypto'

/**
 * The id that a command's key stands for (RFC 9562 version 8, from SHA-256): a call repeated after the API died between commit and answer
 * finds what it has already made, instead of making a second one.
 * @param noun what the id names, so that one key may stand for one of each
 */
export function idOfKey(key: string, noun: 'ticket' | 'message' | 'link' | 'order' | 'campaign' | 'rule'): string {
  const bytes = createHash('sha256').update(`${noun}\n${key}`).digest().subarray(0, 16)
  bytes[6] = (bytes[6]! & 0x0f) | 0x80
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  const hex = bytes.toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
