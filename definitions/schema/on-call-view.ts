/** The on-call plan as the API serves it. Instants are ISO 8601 UTC. */
import { z } from 'zod'
import { PersonRef } from './view.ts'

const Span = { from: z.iso.datetime(), to: z.iso.datetime() }
const GroupRef = z.object({ id: z.string(), name: z.string() })
export const OnCallView = z.object({
  ...Span,
  rotations: z.array(z.object({ id: z.string(), name: z.string(), level: z.int(), group: GroupRef, timeZone: z.string() })),
  shifts: z.array(z.object({ ...Span, rotationId: z.string(), person: PersonRef, isOverride: z.boolean() })),
  /** Hours outside the group's opening in which nobody can be called. */
  gaps: z.array(z.object({ ...Span, group: GroupRef, absent: PersonRef.nullable() })),
  doubleBookings: z.array(z.object({ ...Span, person: PersonRef, rotations: z.array(z.string()) })),
  /** Who is called now, by group, first level first. */
  now: z.array(z.object({ group: GroupRef, people: z.array(PersonRef.extend({ level: z.int() })) })),
})
export type OnCallView = z.infer<typeof OnCallView>
