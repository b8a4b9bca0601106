import { readValues, signValues } from './signed-link.ts'

/** An approval's link stays good this long when the approval has no deadline, ms. */
export const approvalLinkMs = 30 * 24 * 60 * 60 * 1_000

/** One question to one person. It is used up with the question: a task is completed once. */
export interface ApprovalLink {
  ticketId: string
  waitId: string
  personId: string
  /** UTC epoch ms */
  expiresAt: number
}

/** A token that lets this person decide this approval without signing in, until it expires. */
export const approvalToken = (secret: string, { ticketId, waitId, personId, expiresAt }: ApprovalLink): string =>
  signValues(secret, 'approval', [ticketId, waitId, personId, expiresAt])

/** What the token says, expired or not; null when it was not made with this secret, or was altered. */
export function readApprovalToken(secret: string, token: string): ApprovalLink | null {
  const values = readValues(secret, 'approval', token)
  if (values === null) return null
  const [ticketId, waitId, personId, expiresAt] = values as [string, string, string, number]
  return { ticketId, waitId, personId, expiresAt }
}
