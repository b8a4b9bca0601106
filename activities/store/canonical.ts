import { createHash } from 'node:crypto'
import type { Fact } from '#schema/fact'

/** What a fact's hash covers, beside the hash before it. */
export interface CanonicalFact {
  streamId: string
  sequence: number
  actorId: string
  /** UTC epoch ms at which the store accepted it. */
  recordedAt: number
  fact: Fact
}

/** PostgreSQL's text and jsonb hold neither U+0000 nor half a surrogate pair: both become U+FFFD. */
const cleanText = (text: string): string => text.replaceAll('\0', '\ufffd').toWellFormed()

/**
 * JSON with the keys of every object in code unit order, without white space, `undefined` members left out
 * (RFC 8785 for the values that we store). Equal values have equal texts.
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item ?? null)).join(',')}]`
  if (typeof value === 'string') return JSON.stringify(cleanText(value))
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null'
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .map(([key, member]) => [cleanText(key), member] as const)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`).join(',')}}`
}

export const sha256 = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex')

/** A link of the chain: sha256 over the hash before it, a line feed, and the canonical text; hex. The first hash before is empty. */
export const chainHash = (prevHash: string, canonical: string): string => sha256(`${prevHash}\n${canonical}`)
