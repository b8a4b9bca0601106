import { describe, expect, test } from 'vitest'
import type { FactView } from '#schema/view'
import { formats } from '../../ui/i18n/formats.ts'
import { en } from '../../ui/i18n/en.ts'
import type { Texts } from '../../ui/i18n/index.ts'
import { factWords, isTechnical } from '../../ui/pages/ticket/fact-words.ts'

const fill = (text: string, values: Record<string, string | number> = {}): string =>
  text.replace(/\{\{(\w+)\}\}/g, (_all, name: string) => String(values[name] ?? '?'))
const all: Record<string, string> = en
const texts: Texts = {
  ...formats('en'),
  locale: 'en',
  t: (key, values) => fill(all[key] ?? key, values),
  tOr: (key, fallback, values) => (key in all ? fill(all[key] ?? '', values) : fallback),
}
const nameOf = (_field: string, value: unknown): string => (value === 'p1' ? 'Alex' : value === null ? 'None' : String(value))
const view = (fact: Record<string, unknown> & { type: string }): FactView =>
  ({
    sequence: 1,
    at: '2026-03-02T12:00:00.000Z',
    recordedAt: '2026-03-02T12:00:00.000Z',
    type: fact.type,
    actor: { id: 'system', name: 'Guichet' },
    elementId: 'triage',
    elementName: 'Triage',
    fact,
    hash: '',
  }) as FactView
const say = (fact: Record<string, unknown> & { type: string }): string => factWords(view(fact), texts, nameOf).text

describe('facts in plain words', () => {
  test.each([
    ['a first value', { type: 'ticketChanged', field: 'assigneeId', from: null, to: 'p1' }, 'Assigned to: Alex'],
    ['a changed value', { type: 'ticketChanged', field: 'priority', from: 3, to: 2 }, 'Priority: 3 → 2'],
    ['a claim', { type: 'taskAssigned', from: null, to: 'p1' }, 'Task “Triage” given to Alex'],
    ['a release', { type: 'taskAssigned', from: 'p1', to: null }, 'Task “Triage” released'],
    ['a clock met', { type: 'clockStopped', metric: 'resolution', isMet: true }, 'Commitment “Resolution” met'],
    ['a clock missed', { type: 'clockStopped', metric: 'resolution', isMet: false }, 'Commitment “Resolution” stopped after its due time'],
    ['an escalation', { type: 'escalationThrown', code: 'sla.resolution.breach' }, 'Escalation: resolution overdue'],
    ['an internal note', { type: 'messageAdded', visibility: 'internal', direction: 'out' }, 'Internal note added'],
    ['an opening', { type: 'ticketOpened', opening: { channel: 'mail' } }, 'Ticket opened by Mail'],
    ['a type of tomorrow', { type: 'somethingNew' }, 'somethingNew'],
  ])('%s', (_name, fact, expected) => expect(say(fact)).toBe(expected))
  test('a breach is bad news', () =>
    expect(factWords(view({ type: 'clockBreached', metric: 'resolution' }), texts, nameOf).tone).toBe('bad'))
  test('the token game is technical, a breach is not', () =>
    expect([isTechnical('flowTaken'), isTechnical('clockBreached')]).toEqual([true, false]))
})
