/** Rules of access rights: what a change of job takes and gives, when a right runs out, who may look at whose. Pure. */

export interface AccessDifference {
  grant: string[]
  revoke: string[]
  keep: string[]
}

/** From what somebody holds to what the new job needs. Order as wanted; nothing twice. */
export function accessDifference(held: readonly string[], wanted: readonly string[]): AccessDifference {
  const [has, needs] = [new Set(held), new Set(wanted)]
  return {
    grant: [...needs].filter((id) => !has.has(id)),
    revoke: [...has].filter((id) => !needs.has(id)),
    keep: [...needs].filter((id) => has.has(id)),
  }
}

const dayMs = 86_400_000
/** A reminder comes this long before a right runs out; of a short one, after two thirds of its time. */
const reminderMs = 14 * dayMs
export const reminderAt = (grantedAt: number, expiresAt: number): number =>
  Math.round(Math.max(expiresAt - reminderMs, grantedAt + ((expiresAt - grantedAt) * 2) / 3))

/** When a right that is granted now runs out; null: it does not. */
export const expiryOf = (asked: number | null, defaultDays: number | null, at: number): number | null =>
  asked ?? (defaultDays === null ? null : at + defaultDays * dayMs)

export interface Answered {
  decision: 'keep' | 'revoke' | null
}
/** What becomes of what nobody answered. */
export const unansweredDecision = (policy: 'revoke' | 'keep', { decision }: Answered): 'keep' | 'revoke' => decision ?? policy

/** Whoever answers for the entitlement decides, unless it is his own right: then the managers do. */
export const reviewerOf = (ownerId: string, personId: string, managers: readonly string[]): string =>
  ownerId !== personId ? ownerId : (managers.find((id) => id !== personId) ?? ownerId)
