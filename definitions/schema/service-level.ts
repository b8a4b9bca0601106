import { z } from 'zod'
import { TicketStatus } from './ticket.ts'
import { ClockView, PersonRef } from './view.ts'

/** An open promise that will probably be missed. */
export const PredictedBreach = z.object({
  ticket: z.object({ id: z.string(), number: z.string(), title: z.string(), status: TicketStatus, priority: z.int().nullable() }),
  group: z.object({ id: z.string(), name: z.string() }).nullable(),
  assignee: PersonRef.nullable(),
  clock: ClockView,
  /** notStarted: due soon, and nobody is at it. slow: what such clocks usually still need is more than what is left. */
  reason: z.enum(['notStarted', 'slow']),
  /** Business ms that such clocks usually still need; null: too few to say. */
  typicalLeftMs: z.number().nullable(),
})
export type PredictedBreach = z.infer<typeof PredictedBreach>

/** Holidays of a country, resolved to dates, as a calendar keeps them. */
export const HolidaysView = z.object({
  country: z.string(),
  state: z.string().nullable(),
  library: z.string(),
  fromYear: z.int(),
  toYear: z.int(),
  holidays: z.array(z.object({ date: z.iso.date(), name: z.string() })),
})
export type HolidaysView = z.infer<typeof HolidaysView>

const Place = z.object({ code: z.string(), name: z.string() })
export const HolidayPlaces = z.object({ countries: z.array(Place), states: z.array(Place) })
export type HolidayPlaces = z.infer<typeof HolidayPlaces>
