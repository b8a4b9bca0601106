import { expect, it } from 'vitest'
import { checkFormTogether } from '../../../api/form-checks.ts'
import { at, minutes } from '../calendars.ts'

const now = at('2026-11-25T10:00Z')
const iso = (ms: number) => new Date(ms).toISOString()

it.each([
  ['change-schedule', now + minutes(60), now + minutes(90), []],
  ['change-schedule', now - minutes(2), now + minutes(30), []],
  ['change-schedule', now - minutes(60), now + minutes(30), ['plannedStart inThePast']],
  ['change-schedule', now + minutes(60), now + minutes(60), ['plannedEnd endsBeforeStart']],
  ['change-record', now - minutes(60), now - minutes(30), []],
  ['change-record', now - minutes(30), now - minutes(60), ['plannedEnd endsBeforeStart']],
  ['incident-triage', now, now - 1, []],
] as const)('form %s from %i to %i: %j', (formId, start, end, expected) =>
  expect(
    checkFormTogether(formId, { plannedStart: iso(start), plannedEnd: iso(end) }, now).map(({ path, code }) => `${path} ${code}`),
  ).toEqual(expected),
)
