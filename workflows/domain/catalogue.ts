/** What an item of the catalogue costs, who must approve it, who may ask for it, and what is wrong with it. Pure. */
import type { Diagnostic } from '#engine/contract'
import { checkExpression, evaluateFeel } from '#engine/expression'
import type { ApprovalRule, CatalogueItem, Price } from '#schema/catalogue-item'
import type { Variables } from '#schema/json'
import type { RequestStage, Total } from '#schema/request'

/** Money is counted in hundredths, so that ten times 0.10 is 1. */
const cents = (amount: number): number => Math.round(amount * 100)
export const lineTotal = (price: Price | null, quantity: number): number => (price === null ? 0 : (cents(price.amount) * quantity) / 100)

/** One total for each currency and recurrence: what is paid once and what is paid every month are not one sum. */
export function orderTotals(lines: readonly { price: Price | null; quantity: number }[]): Total[] {
  const totals: Total[] = []
  for (const { price, quantity } of lines) {
    if (price === null || price.amount === 0) continue
    const { currency, recurrence } = price
    const known = totals.find((total) => total.currency === currency && total.recurrence === recurrence)
    const amount = lineTotal(price, quantity)
    if (known) known.amount = (cents(known.amount) + cents(amount)) / 100
    else totals.push({ currency, recurrence, amount })
  }
  return totals
}

export interface Asked {
  quantity: number
  answers: Variables
  isOnBehalf: boolean
}

/** What a condition may look at. */
export const conditionVariables = (item: Pick<CatalogueItem, 'price'>, asked: Asked): Variables => ({
  total: lineTotal(item.price, asked.quantity),
  quantity: asked.quantity,
  answers: asked.answers,
  isOnBehalf: asked.isOnBehalf,
})

/**
 * The rounds that a request needs. A condition that cannot be decided (an answer that was not given) asks for the approval: better one
 * question too many than one too few.
 */
export function neededApprovals(item: CatalogueItem, asked: Asked, at: number): ApprovalRule[] {
  const variables = conditionVariables(item, asked)
  return item.approvals.filter(({ condition }) => {
    if (condition === undefined) return true
    try {
      return evaluateFeel(condition.replace(/^\s*=/, ''), variables, { at, timeZone: 'UTC' }) !== false
    } catch {
      return true
    }
  })
}

/** Everybody's word unless the item says how many are enough; never more than are asked. */
export const quorumOf = (rule: Pick<ApprovalRule, 'quorum'>, approvers: number): number => Math.min(rule.quorum ?? approvers, approvers)

export type Unavailable = 'withdrawn' | 'notYet' | 'noLonger' | 'notForYou'

/** @param day ISO date at the desk */
export function unavailability(item: CatalogueItem, groups: readonly string[], day: string): Unavailable | null {
  const { isWithdrawn, from, until } = item.availability
  if (isWithdrawn) return 'withdrawn'
  if (from !== null && day < from) return 'notYet'
  if (until !== null && day > until) return 'noLonger'
  const { groups: audience } = item.audience
  return audience.length === 0 || audience.some((group) => groups.includes(group)) ? null : 'notForYou'
}

const error = (elementId: string, code: string, message: string, params?: Record<string, string>): Diagnostic => ({
  elementId,
  severity: 'error',
  code,
  message,
  ...(params ? { params } : {}),
})

const isCurrency = (code: string): boolean => Intl.supportedValuesOf('currency').includes(code)

type GroupMembers = ReadonlyMap<string, readonly string[]>

/** How many people a round asks, at most; null where a group's size is not known. A manager or an owner is one person. */
function knownApprovers(rule: ApprovalRule, members: GroupMembers): number | null {
  const asked = new Set<string>()
  for (const approver of rule.approvers) {
    if (typeof approver === 'string') asked.add(`the ${approver}`)
    else if ('person' in approver) asked.add(approver.person)
    else {
      const people = members.get(approver.group)
      if (people === undefined) return null
      for (const id of people) asked.add(id)
    }
  }
  return asked.size
}

function checkApproval(item: CatalogueItem, rule: ApprovalRule, index: number, members: GroupMembers): Diagnostic[] {
  const at = `approvals.${index}`
  const found: Diagnostic[] = []
  const known = knownApprovers(rule, members)
  if (known !== null && rule.quorum !== undefined && rule.quorum > known)
    found.push(
      error(`${at}.quorum`, 'quorumTooLarge', `${rule.quorum} approvals are asked of ${known} approvers: ask for ${known} or fewer.`, {
        quorum: `${rule.quorum}`,
        known: `${known}`,
      }),
    )
  const wrong = rule.condition === undefined ? null : checkExpression(rule.condition.replace(/^\s*=/, ''))
  if (wrong) found.push(error(`${at}.condition`, 'badCondition', `The condition is not FEEL: ${wrong.message}`, { reason: wrong.message }))
  if (rule.approvers.includes('entitlementOwner') && item.entitlementId === null)
    found.push(
      error(
        `${at}.approvers`,
        'noEntitlement',
        'The owner of the entitlement is asked, but the item grants none: give it an entitlementId.',
      ),
    )
  return found
}

/**
 * What is wrong with an item though it has the right shape. `elementId` of a diagnostic is the path in the item.
 * @param members active members by group, where the register is at hand
 */
export function checkItem(item: CatalogueItem, members: GroupMembers = new Map()): Diagnostic[] {
  const found = item.approvals.flatMap((rule, index) => checkApproval(item, rule, index, members))
  const subjects = item.approvals.map(({ subject }) => subject)
  for (const subject of new Set(subjects.filter((one, index) => subjects.indexOf(one) !== index)))
    found.push(error('approvals', 'duplicateApproval', `Two rounds are about "${subject}": rename or remove one.`, { subject }))
  if (item.price !== null && !isCurrency(item.price.currency))
    found.push(
      error('price.currency', 'unknownCurrency', `"${item.price.currency}" is not a currency: write an ISO 4217 code such as EUR.`, {
        currency: item.price.currency,
      }),
    )
  const { from, until } = item.availability
  if (from !== null && until !== null && until < from)
    found.push(error('availability.until', 'endsBeforeItStarts', `The item ends (${until}) before it starts (${from}).`, { from, until }))
  return found
}

/** The stages on the way to the end, as the requester's line of steps shows them. */
export function stagePath(stage: RequestStage, hasApproval: boolean, isConfirmed: boolean): RequestStage[] {
  const decided: RequestStage[] = hasApproval ? ['received', 'awaitingApproval', 'approved'] : ['received']
  if (stage === 'rejected' || stage === 'expired') return ['received', 'awaitingApproval', stage]
  if (stage === 'canceled') return ['received', 'canceled']
  if (stage === 'notDelivered') return [...decided, 'beingDelivered', 'notDelivered']
  return [...decided, 'beingDelivered', ...(isConfirmed ? (['delivered', 'completed'] as const) : (['completed'] as const))]
}
