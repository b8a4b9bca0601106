import { createHash } from 'node:crypto'

/** Someone or some group that the source names and we do not know: shown by the source's name, never able to sign in. */
export interface Placeholder {
  id: string
  name: string
}

/** "Caller  2403" -> Caller 2403: exports pad numbers, people do not. */
export const tidy = (cell: string): string => cell.trim().replace(/\s+/g, ' ')

/**
 * The same cell of the same source is always the same person or group. Two names that differ only in what a slug drops
 * (accents, punctuation) get different ids: the end of a digest is added when the slug does not tell the name exactly.
 */
export function placeholder(source: string, cell: string): Placeholder {
  const name = tidy(cell)
  const slug = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
  const isExact = name.toLowerCase() === slug.replaceAll('-', ' ')
  const suffix = isExact ? '' : `-${createHash('sha256').update(name).digest('hex').slice(0, 8)}`
  return { id: `${source}-${slug}${suffix}`, name }
}

/** No mail can ever reach it (RFC 2606 §2). */
export const placeholderAddress = (id: string): string => `${id}@imported.invalid`

/** Namespace of imported tickets' ids, itself arbitrary. */
const namespace = Buffer.from('6f1f6c3c1d0b4d0f8a7e5c2b9e4d3a10', 'hex')

/** Name-based UUID version 5 (RFC 9562 §5.5): the same source and reference give the same ticket id on every machine. */
export function ticketIdOf(source: string, reference: string): string {
  const bytes = createHash('sha1').update(namespace).update(`${source}\u0000${reference}`).digest().subarray(0, 16)
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x50
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  const hex = bytes.toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
