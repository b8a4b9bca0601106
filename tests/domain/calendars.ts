/** Calendars for the tests, from plain parts. */
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { Calendar } from '#schema/calendar'

const load = (id: string) =>
  Calendar.parse(JSON.parse(readFileSync(new URL(`../../definitions/calendars/${id}.json`, import.meta.url), 'utf8')))
export const frBusiness = load('fr-business')
export const always = load('always')

export const calendarOf = (parts: Partial<Calendar>): Calendar =>
  Calendar.parse({ id: 'test', version: 1, name: { fr: 'Essai', en: 'Test' }, timeZone: 'Europe/Paris', week: {}, ...parts })

/** The instant of an ISO text with an offset. */
export const at = (iso: string): number => {
  const ms = Date.parse(iso)
  if (Number.isNaN(ms)) throw new Error(`expected an instant, found ${iso}`)
  return ms
}
export const minutes = (n: number) => n * 60_000
export const hours = (n: number) => n * 3_600_000

export const zones = ['Europe/Paris', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kolkata', 'Pacific/Kiritimati', 'UTC']
const span = fc.tuple(fc.integer({ min: 0, max: 95 }), fc.integer({ min: 1, max: 96 })).map(([a, b]) => {
  const from = Math.min(a, b - 1)
  const text = (quarter: number) => `${String(Math.floor(quarter / 4)).padStart(2, '0')}:${String((quarter % 4) * 15).padStart(2, '0')}`
  return { from: text(from), to: text(Math.max(from + 1, b)) }
})
const day = fc.array(span, { maxLength: 3 })
/** Any calendar with working time on Wednesdays at least; spans may overlap. */
export const anyCalendar = fc
  .record({
    zone: fc.constantFrom(...zones),
    days: fc.array(day, { minLength: 6, maxLength: 6 }),
    wednesday: fc.array(span, { minLength: 1, maxLength: 3 }),
    holidays: fc.array(fc.integer({ min: 0, max: 700 }), { maxLength: 8 }),
  })
  .map(({ zone, days, wednesday, holidays }) =>
    calendarOf({
      timeZone: zone,
      week: { '1': days[0], '2': days[1], '3': wednesday, '4': days[2], '5': days[3], '6': days[4], '7': days[5] },
      holidays: [...new Set(holidays)].map((n) => ({
        date: new Date(at('2026-01-01T00:00Z') + n * 86_400_000).toISOString().slice(0, 10),
        name: 'day off',
      })),
    }),
  )
/** Any minute of 2026 and most of 2027. */
export const anyInstant = fc.integer({ min: 0, max: 700 * 24 * 60 }).map((m) => at('2026-01-01T00:00Z') + minutes(m))
