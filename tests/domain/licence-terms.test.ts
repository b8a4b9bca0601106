import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addDays } from '#schema/calendar-date'
import type { Installed } from '#domain/licence-position'
import { type AskedBefore, lookAtLicence, type WatchedLicence } from '#domain/licence-terms'

const today = '2026-06-01'
const licence = (change: Partial<WatchedLicence> = {}): WatchedLicence => ({
  metric: 'user',
  seats: 2,
  reclaimAfterDays: null,
  status: 'active',
  decision: 'none',
  endsOn: null,
  renewalLeadDays: 30,
  ...change,
})
const on = (id: string, change: Partial<Installed> = {}): Installed => ({
  id,
  personId: id,
  ciId: null,
  installedOn: '2026-01-01',
  lastUsedOn: today,
  status: 'active',
  ...change,
})
const nothing: AskedBefore = { decisionFor: null, knownExcess: 0 }
const look = (change: Partial<WatchedLicence>, installed: Installed[] = [], asked: Partial<AskedBefore> = {}) =>
  lookAtLicence(licence(change), installed, { ...nothing, ...asked }, today)

describe('lookAtLicence', () => {
  it.each<[string, Partial<WatchedLicence>, Installed[], Partial<AskedBefore>, string]>([
    ['far from its end', { endsOn: '2026-12-31' }, [], {}, 'nothing'],
    ['on the day of the warning', { endsOn: '2026-07-01' }, [], {}, 'ask'],
    ['asked already', { endsOn: '2026-07-01' }, [], { decisionFor: '2026-07-01' }, 'nothing'],
    ['asked about another end', { endsOn: '2026-07-01' }, [], { decisionFor: '2026-06-15' }, 'ask'],
    ['decided', { endsOn: '2026-07-01', decision: 'renew' }, [], {}, 'nothing'],
    ['on its last day', { endsOn: today, decision: 'renew' }, [], {}, 'nothing'],
    ['the day after', { endsOn: '2026-05-31' }, [], {}, 'end'],
    ['used beyond', { seats: 1 }, [on('a'), on('b')], {}, 'over'],
    ['used beyond, as known', { seats: 1 }, [on('a'), on('b')], { knownExcess: 1 }, 'nothing'],
    ['used further beyond', { seats: 1 }, [on('a'), on('b'), on('c')], { knownExcess: 1 }, 'over'],
    ['unused', { reclaimAfterDays: 30 }, [on('a', { lastUsedOn: '2026-05-01' })], {}, 'reclaim'],
    ['the term goes first', { endsOn: '2026-05-31', seats: 0, reclaimAfterDays: 1 }, [on('a', { lastUsedOn: null })], {}, 'end'],
  ])('%s: %s', (_name, change, installed, asked, due) => expect(look(change, installed, asked).due).toBe(due))

  it.each<[string, Partial<WatchedLicence>, Installed[], string]>([
    ['the warning', { endsOn: '2026-07-10' }, [], '2026-06-10'],
    ['the day after the end', { endsOn: '2026-06-04', decision: 'end' }, [], '2026-06-05'],
    ['the first seat that falls idle', { reclaimAfterDays: 30 }, [on('a', { lastUsedOn: '2026-05-10' }), on('b')], '2026-06-10'],
    ['a look in between at the latest', {}, [], '2026-07-01'],
  ])('is looked at again for %s', (_name, change, installed, nextOn) => expect(look(change, installed).nextOn).toBe(nextOn))

  it('never waits beyond the day on which something is due, whatever happens to nobody', () => {
    const day = fc.integer({ min: -120, max: 120 }).map((days) => addDays(today, days))
    fc.assert(
      fc.property(
        fc.option(day),
        fc.nat(60),
        fc.option(fc.integer({ min: 1, max: 90 })),
        fc.array(day, { maxLength: 4 }),
        (end, lead, idle, used) => {
          const seats = used.map((lastUsedOn, index) => on(`p${index}`, { lastUsedOn, installedOn: lastUsedOn }))
          const watched = licence({ endsOn: end, renewalLeadDays: lead, reclaimAfterDays: idle, seats: 9 })
          const first = lookAtLicence(watched, seats, nothing, today)
          expect(first.nextOn > today).toBe(true)
          if (first.due !== 'nothing') return
          for (let at = addDays(today, 1); at < first.nextOn; at = addDays(at, 1))
            expect(lookAtLicence(watched, seats, nothing, at).due).toBe('nothing')
        },
      ),
    )
  })
})
