/** How an approval is drawn (ADR 0014), as a few settings: what they become in FEEL, and what is read back from a drawing. Pure. */

export type ApprovalWay = 'all' | 'inOrder' | 'quorum'
export const approvalWays: readonly ApprovalWay[] = ['all', 'inOrder', 'quorum']

export interface ApprovalSettings {
  /** What it is about: a code, or FEEL. */
  subject: string
  way: ApprovalWay
  /** FEEL list of those who are asked. */
  approvers: string
  /** A whole number or a variable; of the way `quorum` alone. */
  quorum: string
  /** One rejection ends it. */
  hasVeto: boolean
}

export const newApproval: ApprovalSettings = { subject: 'manager', way: 'all', approvers: '=approvers', quorum: '1', hasVeto: false }
export const votesVariable = 'votes'
export const voteElement = '={approver: approver, decision: decision, comment: decisionComment}'

const votesFor = (test: string): string => `count(${votesVariable}[item.decision ${test}])`
const veto = `${votesFor('= "rejected"')} > 0`

/** When no more votes are needed; null: everybody is heard. */
export function conditionOf({ way, quorum, hasVeto }: Pick<ApprovalSettings, 'way' | 'quorum' | 'hasVeto'>): string | null {
  if (way !== 'quorum') return hasVeto ? `=${veto}` : null
  const enough = `${votesFor('= "approved"')} >= ${quorum}`
  // without a veto it also ends when the quorum is out of reach
  return `=${enough} or ${hasVeto ? veto : `numberOfInstances - ${votesFor('!= "approved"')} < ${quorum}`}`
}

const spaceless = (text: string): string => text.replace(/\s+/g, '').replaceAll('item.decision', 'decision').replace(/^=/, '')

/** The settings behind a completion condition; null: drawn in a way of the author's own. */
export function readCondition(
  condition: string | null,
  isSequential: boolean,
): Pick<ApprovalSettings, 'way' | 'quorum' | 'hasVeto'> | null {
  const text = spaceless(condition ?? '')
  const plain = { way: isSequential ? ('inOrder' as const) : ('all' as const), quorum: newApproval.quorum }
  if (text === '') return { ...plain, hasVeto: false }
  if (text === spaceless(veto)) return { ...plain, hasVeto: true }
  const quorum = />=\s*([\w.]+)/.exec(condition ?? '')?.[1]
  if (quorum === undefined || isSequential) return null
  const known = [true, false].find((hasVeto) => spaceless(conditionOf({ way: 'quorum', quorum, hasVeto }) ?? '') === text)
  const isBare = text === spaceless(`${votesFor('= "approved"')} >= ${quorum}`)
  if (known === undefined && !isBare) return null
  return { way: 'quorum', quorum, hasVeto: known ?? false }
}

export type ApprovalMistake = 'subject' | 'quorum' | 'approvers'

const isFeel = (text: string): boolean => text.startsWith('=') && text.slice(1).trim() !== ''

/** What is wrong with one setting; null: nothing. */
export const approvalChecks: Record<ApprovalMistake, (value: string) => boolean> = {
  subject: (value) => /^[A-Za-z][\w-]{0,39}$/.test(value) || isFeel(value),
  quorum: (value) => /^[1-9]\d{0,2}$/.test(value) || /^[A-Za-z_]\w*(\.\w+)*$/.test(value),
  approvers: isFeel,
}

/** As many names as a list of texts holds; null: not written out. Said at the field before the server says it. */
export function listedApprovers(approvers: string): number | null {
  const list = /^=\s*\[\s*("[^"]*"(\s*,\s*"[^"]*")*)\s*\]\s*$/.exec(approvers)?.[1]
  return list === undefined ? null : new Set(list.match(/"[^"]*"/g)).size
}

/** A quorum that the list written beside it cannot reach. */
export function isBeyondList({ quorum, approvers }: Pick<ApprovalSettings, 'quorum' | 'approvers'>): boolean {
  const listed = listedApprovers(approvers)
  return listed !== null && /^\d+$/.test(quorum) && Number(quorum) > listed
}
