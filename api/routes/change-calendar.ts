import { z } from 'zod'
import { type ChangeWindow, WindowDraft } from '#schema/change'
import { CalendarView, WindowView } from '#schema/change-view'
import { occurrencesOf } from '#domain/change/recurrence'
import { deleteWindow, saveWindow, type WindowSaved } from '../../activities/store/change/windows.ts'
import { listWindows } from '../../activities/store/change/world.ts'
import { ApiProblem } from '../problem.ts'
import { calendarDays, readCalendar } from '../read/changes.ts'
import { defineRoute, type Route } from '../route.ts'
import { refuse } from './change-references.ts'

export const RecordId = z.object({ id: z.string().min(1).max(100) })
const UuidParams = z.object({ id: z.uuid() })
const Version = z.int().min(1)
/** How far ahead a window's next occurrence is looked for. */
const aheadMs = 400 * 86_400_000

const CalendarQuery = z.object({ from: z.coerce.date(), to: z.coerce.date() })

const windowView = (window: ChangeWindow & { version: number }, now: number): z.infer<typeof WindowView> => {
  const [next] = occurrencesOf(window, now, now + aheadMs)
  return { ...window, next: next ? { from: new Date(next.from).toISOString(), to: new Date(next.to).toISOString() } : null }
}

function savedWindow(saved: WindowSaved, now: number): z.infer<typeof WindowView> {
  if (saved.ok) return windowView(saved.window, now)
  if (saved.reason === 'refused') throw refuse(saved.refusals, 'changeRecordRefused')
  throw saved.reason === 'notFound' ? new ApiProblem(404, 'changeRecordNotFound') : new ApiProblem(409, 'changeRecordConflict')
}

const tag = 'Change calendar'
const problems = { 404: ['changeRecordNotFound'], 409: ['changeRecordConflict'], 422: ['changeRecordRefused'] } as const
const staff = ['agent', 'processOwner', 'auditor', 'administrator'] as const
export const changeCalendarRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: '/change-calendar',
    access: staff,
    tag,
    summary: 'Planned changes with their conflicts, and when windows and blackouts occur',
    description: `At most ${calendarDays} days.`,
    query: CalendarQuery,
    response: CalendarView,
    handle: ({ deps, query, caller, locale }) => {
      const [from, to] = [query.from.getTime(), query.to.getTime()]
      if (to <= from) throw refuse([{ path: 'query.to', code: 'endsBeforeStart' }])
      if (to - from > calendarDays * 86_400_000) throw refuse([{ path: 'query.to', code: 'spanTooLong' }])
      return readCalendar(deps.db, from, to, caller.actor, locale)
    },
  }),
  defineRoute({
    method: 'get',
    path: '/change-windows',
    access: staff,
    tag,
    summary: 'Maintenance windows and blackouts',
    response: z.object({ items: z.array(WindowView) }),
    handle: async ({ deps }) => ({ items: (await listWindows(deps.db)).map((window) => windowView(window, deps.clock())) }),
  }),
  defineRoute({
    method: 'post',
    path: '/change-windows',
    access: ['processOwner', 'administrator'],
    tag,
    summary: 'Add a maintenance window or a blackout',
    description: 'A blackout that is on now stops the changes at work that it is about, and holds them until its end.',
    body: WindowDraft,
    status: 201,
    response: WindowView,
    problems: { 422: ['changeRecordRefused'] },
    handle: async ({ deps, body, caller }) => {
      const now = deps.clock()
      return savedWindow(await saveWindow(deps.db, { id: null, version: null, draft: body }, caller.actor.id, now), now)
    },
  }),
  defineRoute({
    method: 'patch',
    path: '/change-windows/{id}',
    access: ['processOwner', 'administrator'],
    tag,
    summary: 'Change a window; changes that it held look again',
    params: UuidParams,
    body: WindowDraft.extend({ version: Version }),
    response: WindowView,
    problems,
    handle: async ({ deps, params, body: { version, ...draft }, caller }) => {
      const now = deps.clock()
      return savedWindow(await saveWindow(deps.db, { id: params.id, version, draft }, caller.actor.id, now), now)
    },
  }),
  defineRoute({
    method: 'delete',
    path: '/change-windows/{id}',
    access: ['processOwner', 'administrator'],
    tag,
    summary: 'Remove a window; changes that it held look again',
    params: UuidParams,
    status: 204,
    problems: { 404: ['changeRecordNotFound'] },
    handle: async ({ deps, params, caller }) => {
      if (!(await deleteWindow(deps.db, params.id, caller.actor.id, deps.clock()))) throw new ApiProblem(404, 'changeRecordNotFound')
    },
  }),
]
