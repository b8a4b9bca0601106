/** Which tickets may be linked, and to whom a link leads. Pure: the store brings the links that there are. */
import type { TicketKind } from '#schema/ticket'
import { type LinkKind, linkTargets } from '#schema/ticket-link'

export interface LinkEnd {
  id: string
  kind: TicketKind
}
/** A link that stands: `fromId` is `kind` `toId`. */
export interface StandingLink {
  kind: LinkKind
  fromId: string
  toId: string
}
export type LinkRefusal = 'linkToSelf' | 'linkKindMismatch' | 'linkCycle' | 'alreadyLinked' | 'hasParent' | 'alreadyDuplicate'
export type LinkVerdict = { ok: true; toId: string } | { ok: false; code: LinkRefusal }

const no = (code: LinkRefusal): LinkVerdict => ({ ok: false, code })

/** From a ticket upwards along one kind, nearest first, each ticket once. */
export function chainOf(kind: LinkKind, fromId: string, links: readonly StandingLink[]): string[] {
  const next = new Map(links.filter((link) => link.kind === kind).map((link) => [link.fromId, link.toId]))
  const chain: string[] = []
  for (let id = next.get(fromId); id !== undefined && id !== fromId && !chain.includes(id); id = next.get(id)) chain.push(id)
  return chain
}

const isSame = (link: StandingLink, kind: LinkKind, fromId: string, toId: string): boolean =>
  link.kind === kind &&
  ((link.fromId === fromId && link.toId === toId) || (kind === 'related' && link.fromId === toId && link.toId === fromId))

/**
 * Whether `from` may become `kind` `to`. The verdict's `toId` is where the link really leads: a duplicate of a duplicate is one of the
 * original. A ticket has one parent and one original; nobody is his own ancestor, nor a duplicate of himself.
 * @param links all links of the same kind that hang on either ticket, upwards to their ends
 */
export function judgeLink(kind: LinkKind, from: LinkEnd, to: LinkEnd, links: readonly StandingLink[]): LinkVerdict {
  if (from.id === to.id) return no('linkToSelf')
  const targets = linkTargets[kind]
  if (targets !== null && !targets.includes(to.kind)) return no('linkKindMismatch')
  if (kind === 'duplicateOf' && from.kind !== to.kind) return no('linkKindMismatch')
  const toId = kind === 'duplicateOf' ? (chainOf(kind, to.id, links).at(-1) ?? to.id) : to.id
  if (links.some((link) => isSame(link, kind, from.id, toId))) return no('alreadyLinked')
  if (kind === 'related' || kind === 'resolvedBy' || kind === 'causedBy') return { ok: true, toId }
  if (toId === from.id || chainOf(kind, toId, links).includes(from.id)) return no('linkCycle')
  if (links.some((link) => link.kind === kind && link.fromId === from.id)) return no(kind === 'childOf' ? 'hasParent' : 'alreadyDuplicate')
  return { ok: true, toId }
}
