import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { accessDifference, expiryOf, reminderAt, reviewerOf, unansweredDecision } from '#domain/access'
import { checkItem, lineTotal, neededApprovals, orderTotals, quorumOf, stagePath, unavailability } from '#domain/catalogue'
import { CatalogueItem, type Price } from '#schema/catalogue-item'
import { filesIn, sourceOf } from './shipped-bundle.ts'

const item = (change: Record<string, unknown> = {}): CatalogueItem =>
  CatalogueItem.parse({
    id: 'thing',
    version: 1,
    name: { fr: 'Chose', en: 'Thing' },
    summary: { fr: 'Une chose', en: 'A thing' },
    category: 'other',
    ownerId: 'sofia',
    fulfilment: { processId: 'fulfil-laptop', groupId: 'workplace' },
    deliveryDays: 3,
    ...change,
  })
const euros = (amount: number, recurrence: Price['recurrence'] = 'once'): Price => ({ amount, currency: 'EUR', recurrence })
const asked = (change: Partial<Parameters<typeof neededApprovals>[1]> = {}) => ({ quantity: 1, answers: {}, isOnBehalf: false, ...change })

describe('a price', () => {
  it.each([
    [null, 3, 0],
    [euros(0.1), 10, 1],
    [euros(1290), 2, 2580],
    [euros(62.5, 'monthly'), 3, 187.5],
  ])('of %j for %i pieces is %d', (price, quantity, total) => expect(lineTotal(price, quantity)).toBe(total))

  it('is summed by currency and recurrence, what is free left out', () =>
    expect(
      orderTotals([
        { price: euros(1290), quantity: 1 },
        { price: euros(62.5, 'monthly'), quantity: 2 },
        { price: null, quantity: 4 },
        { price: euros(10), quantity: 1 },
        { price: { ...euros(5), currency: 'CHF' }, quantity: 1 },
      ]),
    ).toEqual([
      { currency: 'EUR', recurrence: 'once', amount: 1300 },
      { currency: 'EUR', recurrence: 'monthly', amount: 125 },
      { currency: 'CHF', recurrence: 'once', amount: 5 },
    ]))

  it('of many lines is the sum of the lines, to the cent', () =>
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 1, max: 100_000 }), fc.integer({ min: 1, max: 50 })), { minLength: 1, maxLength: 20 }),
        (lines) => {
          const [total] = orderTotals(lines.map(([cents, quantity]) => ({ price: euros(cents / 100), quantity })))
          expect(Math.round((total?.amount ?? 0) * 100)).toBe(lines.reduce((sum, [cents, quantity]) => sum + cents * quantity, 0))
        },
      ),
    ))
})

describe('an approval', () => {
  const rules = (condition?: string) => [
    { subject: 'budget', approvers: [{ group: 'managers' }], ...(condition === undefined ? {} : { condition }) },
  ]
  it.each([
    ['without a condition', undefined, asked(), 1],
    ['above the amount', '=total > 2000', asked({ quantity: 2 }), 1],
    ['below the amount', '=total > 2000', asked(), 0],
    ['by an answer', '=answers.model = "power"', asked({ answers: { model: 'power' } }), 1],
    ['by another answer', '=answers.model = "power"', asked({ answers: { model: 'standard' } }), 0],
    ['on behalf', '=isOnBehalf', asked({ isOnBehalf: true }), 1],
    ['by what nobody knows: asked rather than not', '=colour > 3', asked(), 1],
  ])('is needed %s', (_, condition, what, count) =>
    expect(neededApprovals(item({ price: euros(1290), approvals: rules(condition) }), what, 0)).toHaveLength(count),
  )
  it.each([
    [undefined, 3, 3],
    [2, 3, 2],
    [5, 2, 2],
  ])('quorum %s of %i is %i', (quorum, approvers, expected) =>
    expect(quorumOf(quorum === undefined ? {} : { quorum }, approvers)).toBe(expected),
  )
})

describe('an item', () => {
  it.each([
    [{ availability: { isWithdrawn: true } }, [], 'withdrawn'],
    [{ availability: { from: '2026-12-01' } }, [], 'notYet'],
    [{ availability: { until: '2026-11-01' } }, [], 'noLonger'],
    [{ availability: { from: '2026-11-25', until: '2026-11-25' } }, [], null],
    [{ audience: { groups: ['network'] } }, ['workplace'], 'notForYou'],
    [{ audience: { groups: ['network'] } }, ['network'], null],
    [{}, [], null],
  ])('%j is refused to members of %j as %s', (change, groups, reason) =>
    expect(unavailability(item(change), groups, '2026-11-25')).toBe(reason),
  )

  it.each([
    ['approvals.0.quorum', 'quorumTooLarge', { approvals: [{ subject: 'a', approvers: ['manager', 'itemOwner'], quorum: 3 }] }],
    ['approvals.0.condition', 'badCondition', { approvals: [{ subject: 'a', approvers: ['manager'], condition: '=total >' }] }],
    ['approvals.0.approvers', 'noEntitlement', { approvals: [{ subject: 'a', approvers: ['entitlementOwner'] }] }],
    [
      'approvals',
      'duplicateApproval',
      {
        approvals: [
          { subject: 'a', approvers: ['manager'] },
          { subject: 'a', approvers: ['itemOwner'] },
        ],
      },
    ],
    ['price.currency', 'unknownCurrency', { price: { amount: 1, currency: 'ZZZ', recurrence: 'once' } }],
    ['availability.until', 'endsBeforeItStarts', { availability: { from: '2026-12-02', until: '2026-12-01' } }],
  ])('is refused at %s: %s', (elementId, code, change) =>
    expect(checkItem(item(change))).toEqual([expect.objectContaining({ elementId, code })]),
  )

  it.each(filesIn('catalogue'))('as shipped has nothing for the checks to say: %s', (file) => {
    const shipped = CatalogueItem.parse(JSON.parse(sourceOf(`catalogue/${file}`)))
    expect(checkItem(shipped)).toEqual([])
    expect(file).toBe(`${shipped.id}.json`)
    if (shipped.formId !== null) expect(filesIn('forms')).toContain(`${shipped.formId}.form`)
    expect(filesIn('processes')).toContain(`${shipped.fulfilment.processId}.bpmn`)
  })
})

describe('the line of steps', () => {
  it('shows approval and delivery as two things', () =>
    expect(stagePath('beingDelivered', true, true)).toEqual([
      'received',
      'awaitingApproval',
      'approved',
      'beingDelivered',
      'delivered',
      'completed',
    ]))
  it('ends where the request ended', () => expect(stagePath('rejected', true, true).at(-1)).toBe('rejected'))
  it('leaves out what is not asked', () => expect(stagePath('received', false, false)).toEqual(['received', 'beingDelivered', 'completed']))
})

describe('a mover', () => {
  it('loses, gains and keeps by difference', () =>
    expect(accessDifference(['mail', 'crm', 'vpn'], ['mail', 'erp'])).toEqual({ grant: ['erp'], revoke: ['crm', 'vpn'], keep: ['mail'] }))
  const ids: fc.Arbitrary<string[]> = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e'))
  it('has afterwards exactly what the new job needs', () =>
    fc.assert(
      fc.property(ids, ids, (held, wanted) => {
        const { grant, revoke, keep } = accessDifference(held, wanted)
        const after = new Set([...held.filter((id) => !revoke.includes(id)), ...grant])
        expect(after).toEqual(new Set(wanted))
        expect(new Set([...grant, ...keep])).toEqual(new Set(wanted))
        expect(grant.filter((id) => held.includes(id))).toEqual([])
      }),
    ))
})

describe('the end of a right', () => {
  const day = 86_400_000
  it('is what was asked, else the rule of the right, else never', () => {
    expect(expiryOf(5, 10, 0)).toBe(5)
    expect(expiryOf(null, 10, 0)).toBe(10 * day)
    expect(expiryOf(null, null, 0)).toBeNull()
  })
  it('is announced two weeks before, of a short right after two thirds', () => {
    expect(reminderAt(0, 365 * day)).toBe(351 * day)
    expect(reminderAt(0, 3 * day)).toBe(2 * day)
  })
})

describe('a review', () => {
  it('goes to the owner, and of his own right to a manager', () => {
    expect(reviewerOf('lucie', 'camille', ['helene'])).toBe('lucie')
    expect(reviewerOf('helene', 'helene', ['helene', 'priya'])).toBe('priya')
  })
  it('without an answer follows the rule', () => {
    expect(unansweredDecision('revoke', { decision: null })).toBe('revoke')
    expect(unansweredDecision('revoke', { decision: 'keep' })).toBe('keep')
  })
})
