import { z } from 'zod'
import { OnCallView } from '#schema/on-call-view'
import { onCallAt, planOnCall } from '#domain/on-call'
import { onCallInput } from '../../activities/store/record/on-call.ts'
import { namesOf } from '../../activities/store/record/references.ts'
import { defineRoute, type Route } from '../route.ts'

const dayMs = 86_400_000
const maxDays = 92
const Query = z.object({
  from: z.coerce.date().optional().describe('Today when absent'),
  days: z.coerce.number().int().min(1).max(maxDays).default(28),
})

export const onCallRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: '/on-call',
    access: ['agent', 'processOwner', 'auditor', 'administrator'],
    tag: 'Register',
    summary: 'Who is on call when, where nobody is, and who is twice at once',
    query: Query,
    response: OnCallView,
    handle: async ({ deps, query }): Promise<OnCallView> => {
      const { db } = deps
      const now = deps.clock()
      const from = query.from?.getTime() ?? Math.floor(now / dayMs) * dayMs
      const range = { from, to: from + query.days * dayMs }
      const input = await onCallInput(db, range)
      const plan = planOnCall(input, range)
      const current = await onCallInput(db, { from: now, to: now + 1 })
      const groupIds = [...new Set(input.rotations.map(({ groupId }) => groupId))]
      const called = groupIds.map((groupId) => ({ groupId, shifts: onCallAt(groupId, current, now) }))
      const personIds = [...plan.shifts, ...called.flatMap(({ shifts }) => shifts)].map(({ personId }) => personId)
      const people = await namesOf(db, 'person', personIds)
      const groups = await namesOf(db, 'group', groupIds)
      const person = (id: string) => ({ id, name: people.get(id) ?? id })
      const group = (id: string) => ({ id, name: groups.get(id) ?? id })
      const span = (each: { from: number; to: number }) => ({
        from: new Date(each.from).toISOString(),
        to: new Date(each.to).toISOString(),
      })
      return {
        ...span(range),
        rotations: input.rotations.map(({ id, name, level, groupId, timeZone }) => ({ id, name, level, group: group(groupId), timeZone })),
        shifts: plan.shifts.map((shift) => ({
          ...span(shift),
          rotationId: shift.rotationId,
          person: person(shift.personId),
          isOverride: shift.isOverride,
        })),
        gaps: plan.gaps.map((gap) => ({
          ...span(gap),
          group: group(gap.groupId),
          absent: gap.absentId === null ? null : person(gap.absentId),
        })),
        doubleBookings: plan.doubleBookings.map((each) => ({ ...span(each), person: person(each.personId), rotations: each.rotationIds })),
        now: called.map(({ groupId, shifts }) => ({
          group: group(groupId),
          people: shifts.map(({ personId, level }) => ({ ...person(personId), level })),
        })),
      }
    },
  }),
]
