import { describe, expect, it } from 'vitest'
import { parseRule } from '#domain/change/recurrence'
import { addDays, daysOf, shift, touches } from '../../ui/pages/changes/calendar-days.ts'
import { repeatOf, repeats, ruleOf } from '../../ui/pages/changes/repeat.ts'

const day = (text: string) => new Date(`${text}T00:00`)
const shown = (days: Date[]) => days.map((each) => `${each.getMonth() + 1}/${each.getDate()}`)

describe('the days of a calendar', () => {
  it('are whole weeks from Monday, as many as the month touches', () => {
    const days = daysOf('month', day('2026-11-25'))
    expect([days.length, shown(days)[0], shown(days).at(-1)]).toEqual([42, '10/26', '12/6'])
    expect(daysOf('month', day('2027-02-10'))).toHaveLength(28)
    expect(shown(daysOf('week', day('2026-11-29')))).toEqual(['11/23', '11/24', '11/25', '11/26', '11/27', '11/28', '11/29'])
  })
  it('go on by whole months and weeks', () => {
    expect(shown([shift('month', day('2026-12-31'), 1), shift('week', day('2026-12-31'), -1)])).toEqual(['1/1', '12/24'])
  })
  it('are touched by what lies in them, not by what ends at their midnight', () => {
    const [from, to] = [day('2026-11-28').toISOString(), day('2026-11-29').toISOString()]
    expect([-1, 0, 1].map((n) => touches(from, to, addDays(day('2026-11-28'), n)))).toEqual([false, true, false])
  })
})

describe('a repetition', () => {
  it.each(repeats.filter((repeat) => repeat !== 'custom'))('%s is a rule that is read back as itself', (repeat) => {
    const rule = ruleOf(repeat, '2026-11-28T22:00')
    expect(repeatOf(rule, '2026-11-28T22:00')).toBe(repeat)
    if (rule !== null) expect(parseRule(rule)).not.toBeNull()
  })
  it('that none of them makes is the reader’s own', () => expect(repeatOf('FREQ=YEARLY', '2026-11-28T22:00')).toBe('custom'))
})
