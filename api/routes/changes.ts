import { z } from 'zod'
import { type ChangeTemplate, ChangeType } from '#schema/change'
import { ChangeRowView, ChangeView, CheckView, NextSlotView } from '#schema/change-view'
import { Level } from '#schema/ticket'
import { Page } from '#schema/view'
import { checkPlan, type Refusal } from '#domain/change/check'
import { conflictsOf, nextFreeSlot, type PlannedChange } from '#domain/change/conflict'
import { openChange } from '../../activities/store/change/open.ts'
import { findTemplate } from '../../activities/store/change/templates.ts'
import { changeWorld, conflictViews, plannedChange } from '../../activities/store/change/world.ts'
import { UnknownDefinition } from '../../activities/store/definition/definitions.ts'
import type { AppDeps } from '../deps.ts'
import { idOfKey } from '../id-of-key.ts'
import { ApiProblem } from '../problem.ts'
import { findNamedChange, readChange } from '../read/change-view.ts'
import { ChangeQuery, listChanges } from '../read/changes.ts'
import { isStaff } from '../read/visibility.ts'
import { type Call, defineRoute, type Route } from '../route.ts'
import { checkCycle, checkReferences, refuse } from './change-references.ts'
import { send } from './ticket-actions.ts'
import { Done, TicketParams } from './tickets.ts'

const Instant = z.iso.datetime({ offset: true })
const Ids = z.array(z.string().min(1).max(100)).max(200)
const long = z.string().trim().max(20_000)

const ChangeBody = z.strictObject({
  type: ChangeType,
  templateId: z.string().max(100).optional().describe('For a standard change: the template that it follows'),
  title: z.string().trim().min(3).max(200),
  description: z.string().trim().max(100_000).default(''),
  justification: z.string().trim().max(10_000).optional(),
  category: z.string().max(100).optional(),
  service: z.string().max(100).optional(),
  impact: Level.optional(),
  groupId: z.string().max(100).optional(),
  ciIds: Ids.default([]),
  dependsOn: Ids.default([]).describe('Changes (id) that must be finished before this one begins'),
  plannedStart: Instant.optional(),
  plannedEnd: Instant.optional(),
  implementerId: z.string().max(100).optional(),
  implementationPlan: long.optional(),
  backoutPlan: long.optional(),
})
type ChangeBody = z.output<typeof ChangeBody>
const Opened = z.object({ ticketId: z.string(), number: z.string() })

/** The template of a standard change, in use. Other types have none. */
async function templateOf(deps: AppDeps, { type, templateId }: ChangeBody): Promise<ChangeTemplate | undefined> {
  if (type !== 'standard') return undefined
  if (templateId === undefined) throw refuse([{ path: 'templateId', code: 'templateNeeded' }])
  const template = await findTemplate(deps.db, templateId)
  if (!template) throw refuse([{ path: 'templateId', code: 'templateNotFound' }])
  if (template.state === 'withdrawn') throw new ApiProblem(409, 'templateWithdrawn', { params: { name: template.name } })
  return template
}

async function raise(call: Call<undefined, undefined, typeof ChangeBody>): Promise<z.infer<typeof Opened>> {
  const { deps, body, caller, commandKey } = call
  if (body.type === 'emergency' && !isStaff(caller.actor)) throw new ApiProblem(403, 'notPermitted')
  const ticketId = idOfKey(commandKey, 'ticket')
  const known = await deps.db.selectFrom('ticket').select('number').where('id', '=', ticketId).executeTakeFirst()
  if (known) return { ticketId, number: known.number }
  const template = await templateOf(deps, body)
  const at = deps.clock()
  const { type, title, description, plannedStart = null, plannedEnd = null } = body
  const refusals: Refusal[] = checkPlan({ plannedStart, plannedEnd }, type === 'emergency', at)
  refusals.push(...(await checkReferences(deps.db, body)))
  if (refusals.length > 0) throw refuse(refusals)
  try {
    const opened = await openChange(deps.db, {
      ...body,
      ticketId,
      ...(template && { template }),
      plannedStart,
      plannedEnd,
      at,
      openedById: caller.actor.id,
      channel: caller.via === 'apiKey' ? 'api' : 'portal',
      fields: {
        title,
        description,
        requesterId: caller.actor.id,
        category: body.category ?? null,
        service: body.service ?? null,
        impact: body.impact ?? null,
        groupId: body.groupId ?? null,
      },
    })
    deps.kickIntake()
    return { ticketId: opened.ticketId, number: opened.number }
  } catch (error) {
    if (error instanceof UnknownDefinition) throw new ApiProblem(503, 'noProcess', { params: { id: `change-${type}` }, cause: error })
    throw error
  }
}

const Plan = z.strictObject({
  /** The change that it is about; absent: one that is being raised. */
  ticketId: z.uuid().optional(),
  ciIds: Ids.default([]),
  service: z.string().max(100).nullable().default(null),
  implementerId: z.string().max(100).nullable().default(null),
  dependsOn: Ids.default([]),
})
const draftOf = (plan: z.output<typeof Plan>, span: PlannedChange['span']): PlannedChange => ({
  ...plan,
  id: plan.ticketId ?? 'new',
  number: '',
  span,
  isFinished: false,
})

const PlanPatch = z.strictObject({
  ciIds: Ids.optional(),
  dependsOn: Ids.optional(),
  implementerId: z.string().max(100).nullable().optional(),
  implementationPlan: long.optional(),
  backoutPlan: long.optional(),
})

async function editPlan(call: Call<typeof TicketParams, undefined, typeof PlanPatch>): Promise<{ sequence: number }> {
  const { deps, params, body, caller } = call
  const { row } = await findNamedChange(deps.db, params.id, caller.actor)
  const isAtWork = ['implement', 'backOut'].includes(row.activeElement ?? '')
  if (isAtWork || plannedChange(row).isFinished) throw new ApiProblem(409, 'changePlanFixed')
  const refusals = await checkReferences(deps.db, body)
  if (body.dependsOn) refusals.push(...checkCycle(row.id, body.dependsOn, (await changeWorld(deps.db)).changes))
  if (refusals.length > 0) throw refuse(refusals)
  const fields = { ...body, ...(body.ciIds && { ciId: body.ciIds[0] ?? null }) }
  return send(call, row.id, 'changeTicket', { fields })
}

const tag = 'Changes'
export const changeRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: '/changes',
    access: ['agent', 'processOwner', 'auditor', 'administrator'],
    tag,
    summary: 'List changes, newest first',
    query: ChangeQuery,
    response: Page(ChangeRowView),
    handle: ({ deps, query, caller, locale }) => listChanges(deps.db, query, caller.actor, locale),
  }),
  defineRoute({
    method: 'post',
    path: '/changes',
    access: 'anyone',
    tag,
    summary: 'Raise a change',
    description: 'A standard change follows a template that is in use; an emergency is raised by staff and may lie in the past.',
    body: ChangeBody,
    status: 201,
    response: Opened,
    problems: { 403: ['notPermitted'], 409: ['templateWithdrawn'], 422: ['changeRefused'], 503: ['noProcess'] },
    handle: raise,
  }),
  defineRoute({
    method: 'post',
    path: '/changes/conflicts',
    access: ['agent', 'processOwner', 'administrator'],
    tag,
    summary: 'What speaks against a time',
    body: Plan.extend({ from: Instant, to: Instant }),
    response: CheckView,
    problems: { 422: ['changeRefused'] },
    handle: async ({ deps, body: { from, to, ...plan } }) => {
      const span = { from: Date.parse(from), to: Date.parse(to) }
      if (span.to <= span.from) throw refuse([{ path: 'to', code: 'endsBeforeStart' }])
      const world = await changeWorld(deps.db)
      return { conflicts: conflictViews(conflictsOf(draftOf(plan, span), world), world) }
    },
  }),
  defineRoute({
    method: 'post',
    path: '/changes/next-slot',
    access: ['agent', 'processOwner', 'administrator'],
    tag,
    summary: 'The next time without a conflict, within 90 days',
    body: Plan.extend({ durationMinutes: z.int().min(5).max(10_080), from: Instant.optional() }),
    response: NextSlotView,
    handle: async ({ deps, body: { durationMinutes, from, ...plan } }) => {
      const earliest = Math.max(deps.clock(), from === undefined ? 0 : Date.parse(from))
      const slot = nextFreeSlot(draftOf(plan, null), await changeWorld(deps.db), earliest, durationMinutes * 60_000)
      return { slot: slot && { from: new Date(slot.from).toISOString(), to: new Date(slot.to).toISOString() } }
    },
  }),
  defineRoute({
    method: 'get',
    path: '/changes/{id}',
    access: ['agent', 'processOwner', 'auditor', 'administrator'],
    tag,
    summary: 'One change: plan, risk, votes, conflicts, freeze',
    params: TicketParams,
    response: ChangeView,
    problems: { 404: ['ticketNotFound'], 409: ['notAChange'] },
    handle: ({ deps, params, caller, locale }) => readChange(deps.db, params.id, caller.actor, locale, deps.clock()),
  }),
  defineRoute({
    method: 'patch',
    path: '/changes/{id}/plan',
    access: ['agent', 'administrator'],
    tag,
    summary: 'Edit what a change touches, needs and does, until its work begins',
    params: TicketParams,
    body: PlanPatch,
    response: Done,
    problems: {
      404: ['ticketNotFound'],
      409: ['notAChange', 'changePlanFixed', 'instanceEnded'],
      422: ['changeRefused'],
      503: ['workflowUnavailable'],
    },
    handle: editPlan,
  }),
  defineRoute({
    method: 'post',
    path: '/changes/{id}/reschedule',
    access: ['agent', 'administrator'],
    tag,
    summary: 'Plan a waiting change again',
    params: TicketParams,
    body: z.strictObject({}),
    response: Done,
    problems: { 404: ['ticketNotFound'], 409: ['notAChange', 'notCorrelated', 'instanceEnded'], 503: ['workflowUnavailable'] },
    handle: async (call) => {
      const { row } = await findNamedChange(call.deps.db, call.params.id, call.caller.actor)
      return send(call, row.id, 'publishMessage', { name: 'changeRescheduled', variables: {} })
    },
  }),
]
