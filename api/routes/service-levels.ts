import { z } from 'zod'
import { HolidayPlaces, HolidaysView, PredictedBreach } from '#schema/service-level'
import { PolicyKind } from '#schema/sla'
import { holidayCountries, holidayLibrary, holidaysOf, holidayStates } from '../../activities/store/definition/holidays.ts'
import { ApiProblem, type Locale } from '../problem.ts'
import { predictedBreaches } from '../read/predicted-breaches.ts'
import { defineRoute, type Route } from '../route.ts'

const staff = ['agent', 'auditor', 'processOwner', 'administrator'] as const
const owners = ['processOwner', 'administrator'] as const
const Country = z
  .string()
  .regex(/^[A-Z]{2}$/)
  .describe('Two letters, such as FR')
const Year = z.coerce.number().int().min(1970).max(2100)
const mostYears = 30

function requirePlace(country: string, state: string | undefined, locale: Locale): void {
  const wrong = (path: string, code: string, message: string) => new ApiProblem(422, 'invalidCall', { errors: [{ path, code, message }] })
  if (!Object.hasOwn(holidayCountries(locale), country))
    throw wrong('query.country', 'unknownCountry', `no holidays are known of ${country}`)
  if (state !== undefined && !Object.hasOwn(holidayStates(country, locale), state))
    throw wrong('query.state', 'unknownState', `${country} has no part ${state} with holidays of its own`)
}

const places = (names: Record<string, string>, locale: Locale) =>
  Object.entries(names)
    .map(([code, name]) => ({ code, name }))
    .sort((a, b) => a.name.localeCompare(b.name, locale))

export const serviceLevelRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: '/service-levels/predicted',
    access: staff,
    tag: 'Service levels',
    summary: 'Open promises that will probably be missed',
    description: 'Due within so many business minutes and not in progress, or with less time left than such clocks usually still need.',
    query: z.object({
      withinMinutes: z.coerce.number().int().min(1).max(10_000).default(240),
      groupId: z.string().max(100).optional(),
      kind: PolicyKind.optional(),
      limit: z.coerce.number().int().min(1).max(200).default(100),
    }),
    response: z.object({ items: z.array(PredictedBreach), total: z.int() }),
    handle: ({ deps, query, caller }) =>
      predictedBreaches(
        deps.db,
        { withinMs: query.withinMinutes * 60_000, groupId: query.groupId ?? null, kind: query.kind ?? null, limit: query.limit },
        caller.actor,
        deps.clock(),
      ),
  }),
  defineRoute({
    method: 'get',
    path: '/holidays/places',
    access: owners,
    tag: 'Service levels',
    summary: 'Countries whose holidays are known, and the parts of one that have their own',
    query: z.object({ country: Country.optional() }),
    response: HolidayPlaces,
    handle: async ({ query, locale }) => {
      if (query.country !== undefined) requirePlace(query.country, undefined, locale)
      const states = query.country === undefined ? {} : holidayStates(query.country, locale)
      return { countries: places(holidayCountries(locale), locale), states: places(states, locale) }
    },
  }),
  defineRoute({
    method: 'get',
    path: '/holidays',
    access: owners,
    tag: 'Service levels',
    summary: 'Public holidays of a country, resolved to dates for a calendar',
    query: z.object({ country: Country, state: z.string().max(10).optional(), fromYear: Year, toYear: Year }),
    response: HolidaysView,
    handle: async ({ query, locale }) => {
      const { country, state, fromYear, toYear } = query
      requirePlace(country, state, locale)
      if (toYear < fromYear || toYear - fromYear >= mostYears)
        throw new ApiProblem(422, 'invalidCall', {
          errors: [{ path: 'query.toYear', code: 'years', message: `expected a year from ${fromYear} to ${fromYear + mostYears - 1}` }],
        })
      const place = { country, state: state ?? null }
      return { ...place, library: holidayLibrary(), fromYear, toYear, holidays: holidaysOf(place, fromYear, toYear, locale) }
    },
  }),
]
