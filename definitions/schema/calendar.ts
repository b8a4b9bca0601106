import { z } from 'zod'

const LocalTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'a time like 08:30')
export const WorkingSpan = z
  .object({ from: LocalTime, to: LocalTime })
  .refine((s) => s.from < s.to, { message: 'a working span ends after it starts' })
const Weekday = z.enum(['1', '2', '3', '4', '5', '6', '7'])

/**
 * A business calendar. Weekdays are ISO (1 Monday to 7 Sunday); several spans a day leave breaks between them.
 * Holidays are resolved to dates when the calendar is saved (no holiday library in the workflow).
 */
export const Calendar = z.object({
  id: z.string(),
  version: z.int().min(1),
  name: z.object({ fr: z.string(), en: z.string() }),
  /** IANA zone; daylight saving counts as the clock on the wall does. */
  timeZone: z.string(),
  week: z.partialRecord(Weekday, z.array(WorkingSpan)),
  /** Where the holidays came from, for saving again. */
  holidayCountry: z.string().nullable().default(null),
  /** State and region of that country, the library's version and the years it was asked for. */
  holidaySource: z
    .object({
      state: z.string().optional(),
      region: z.string().optional(),
      library: z.string(),
      fromYear: z.int().min(1970).max(2100),
      toYear: z.int().min(1970).max(2100),
    })
    .optional(),
  holidays: z.array(z.object({ date: z.iso.date(), name: z.string() })).default([]),
  /** Days that replace the week's spans; an empty list closes the day. */
  exceptions: z.array(z.object({ date: z.iso.date(), spans: z.array(WorkingSpan), note: z.string().default('') })).default([]),
})
export type Calendar = z.infer<typeof Calendar>
