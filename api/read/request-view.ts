/** One request as its page and the requester's follow-up show it. */
import { z } from 'zod'
import { stagePath } from '#domain/catalogue'
import { Form } from '#schema/form'
import type { Json, Variables } from '#schema/json'
import { RequestStage, RequestVariables, type RequestView, Vote } from '#schema/request'
import type { Actor } from '#schema/role'
import { getItem } from '../../activities/store/request/catalogue.ts'
import { isUuid } from '../../activities/store/database.ts'
import { getDefinition } from '../../activities/store/definition/definitions.ts'
import type { Db } from '../deps.ts'
import { ApiProblem, type Locale } from '../problem.ts'
import { namesOf } from './person-names.ts'
import { isStaff } from './visibility.ts'

/** Where a failed delivery waits for a decision (definitions/processes/provisioning.bpmn). */
const failureElement = 'decideFailure'
const approvalElements = ['approve', 'decideInstead']

/** The ticket of a request that the actor may see: his own, what he ordered for others, everything when he works at the desk. */
async function findRequest(db: Db, idOrNumber: string, actor: Actor) {
  const row = await db
    .selectFrom('ticket')
    .innerJoin('instance', 'instance.ticketId', 'ticket.id')
    .select([
      'ticket.id',
      'ticket.number',
      'ticket.title',
      'ticket.openedAt',
      'ticket.resolvedAt',
      'ticket.requesterId',
      'ticket.openedById',
    ])
    .select(['ticket.extra', 'instance.variables', 'instance.isEnded'])
    .where('ticket.kind', '=', 'request')
    .where(isUuid(idOrNumber) ? 'ticket.id' : 'ticket.number', '=', isUuid(idOrNumber) ? idOrNumber : idOrNumber.toUpperCase())
    .executeTakeFirst()
  const maySee = row !== undefined && (isStaff(actor) || row.requesterId === actor.id || row.openedById === actor.id)
  if (!maySee) throw new ApiProblem(404, 'ticketNotFound', { params: { id: idOrNumber } })
  // Before its process has begun, a request is what its opening says.
  const known = { ...(row.extra as Variables), ...(row.variables as Variables) }
  const variables = RequestVariables.safeParse(known)
  if (!variables.success) throw new ApiProblem(404, 'requestNotFound', { params: { id: row.number } })
  return { row, known, request: variables.data }
}

/** When each stage was first reached. */
async function stageInstants(db: Db, ticketId: string, openedAt: Date): Promise<Map<RequestStage, Date>> {
  const facts = await db
    .selectFrom('fact')
    .select(['at', 'body'])
    .where('streamId', '=', ticketId)
    .where('type', '=', 'variableChanged')
    .orderBy('sequence')
    .execute()
  const found = new Map<RequestStage, Date>([['received', openedAt]])
  for (const { at, body } of facts) {
    const { name, to } = body as { name?: string; to?: unknown }
    const stage = RequestStage.safeParse(to)
    if (name === 'stage' && stage.success && !found.has(stage.data)) found.set(stage.data, at)
  }
  return found
}

const Votes = z.array(Vote.extend({ subject: z.string() }))
const Rounds = z.array(z.object({ subject: z.string() }))

const openTasks = (db: Db, ticketId: string) =>
  db
    .selectFrom('task')
    .select(['elementId', 'assigneeId'])
    .where('ticketId', '=', ticketId)
    .where('state', '=', 'open')
    .orderBy('openedAt')
    .execute()

function stepsOf(stage: RequestStage, path: readonly RequestStage[], at: Map<RequestStage, Date>, isEnded: boolean): RequestView['steps'] {
  const index = path.indexOf(stage === 'deliveryFailed' ? 'beingDelivered' : stage)
  return path.map((step, position) => {
    const isPast = position < index || (position === index && isEnded)
    const isBad = step === 'rejected' || step === 'expired' || step === 'notDelivered' || step === 'canceled'
    const state = isBad ? 'failed' : isPast ? 'done' : position === index ? (stage === 'deliveryFailed' ? 'failed' : 'now') : 'next'
    return { stage: step, at: at.get(step)?.toISOString() ?? null, state }
  })
}

const decisions = new Set(['approved', 'rejected', 'abstained', 'none'])

async function approvalsOf(db: Db, known: Variables, tasks: Awaited<ReturnType<typeof openTasks>>): Promise<RequestView['approvals']> {
  const votes = Votes.safeParse(known.approvalVotes).data ?? []
  const rounds = Rounds.safeParse(known.approvalRounds).data ?? []
  const waiting = tasks.filter(({ elementId }) => approvalElements.includes(elementId)).map(({ assigneeId }) => assigneeId ?? 'managers')
  const nameOf = await namesOf(db, [...votes.map(({ approver }) => approver), ...waiting])
  const decided = votes.map(({ subject, approver, decision, comment }) => ({
    subject,
    approver: nameOf(approver),
    decision: (decision !== null && decisions.has(decision) ? decision : 'none') as RequestView['approvals'][number]['decision'],
    comment: comment === '' ? null : comment,
  }))
  const current = rounds[new Set(votes.map(({ subject }) => subject)).size]?.subject ?? ''
  return [...decided, ...waiting.map((id) => ({ subject: current, approver: nameOf(id), decision: 'waiting' as const, comment: null }))]
}

async function answersOf(db: Db, request: RequestVariables, locale: Locale): Promise<RequestView['answers']> {
  const item = await getItem(db, request.item.id, request.item.version)
  const definition = item?.formId ? await getDefinition(db, 'form', item.formId) : undefined
  const form = definition ? Form.safeParse(JSON.parse(definition.source)).data : undefined
  const components = form?.components.flatMap((component) => ('key' in component ? [component] : [])) ?? []
  return Object.entries(request.answers)
    .filter(([, value]) => value !== null && value !== '')
    .map(([key, value]) => {
      const component = components.find((each) => each.key === key)
      const label = (locale === 'fr' ? component?.label_fr : undefined) ?? component?.label ?? key
      const option = component && 'values' in component ? component.values?.find((each) => each.value === value) : undefined
      const shown: Json = option ? ((locale === 'fr' ? option.label_fr : undefined) ?? option.label) : value
      return { key, label, value: shown }
    })
}

export async function readRequest(db: Db, idOrNumber: string, actor: Actor, locale: Locale): Promise<RequestView> {
  const { row, known, request } = await findRequest(db, idOrNumber, actor)
  const [instants, tasks, answers, attempts] = await Promise.all([
    stageInstants(db, row.id, row.openedAt),
    openTasks(db, row.id),
    answersOf(db, request, locale),
    db.selectFrom('provisionAttempt').select(['state', 'error']).where('ticketId', '=', row.id).orderBy('id').execute(),
  ])
  const isFailed = tasks.some(({ elementId }) => elementId === failureElement)
  const stage = isFailed ? 'deliveryFailed' : request.stage
  const hasApproval = (Rounds.safeParse(known.approvalRounds).data ?? []).length > 0
  const staff = isStaff(actor)
  return {
    ticketId: row.id,
    number: row.number,
    title: row.title,
    item: { id: request.item.id, version: request.item.version, name: request.item.name[locale], icon: request.item.icon },
    quantity: request.quantity,
    price: request.item.price,
    total: request.total,
    orderNumber: request.orderNumber,
    deliveryNotes: request.deliveryNotes,
    stage,
    steps: stepsOf(stage, stagePath(request.stage, hasApproval, request.isConfirmed), instants, row.isEnded),
    promisedAt: typeof known.promisedAt === 'string' ? new Date(known.promisedAt).toISOString() : null,
    deliveredAt: request.stage === 'delivered' || request.stage === 'completed' ? (row.resolvedAt?.toISOString() ?? null) : null,
    answers,
    approvals: await approvalsOf(db, known, tasks),
    fulfilment: {
      processId: request.fulfilmentProcessId,
      attempts: staff ? attempts.length : 0,
      lastProblem: staff && isFailed ? (attempts.findLast(({ state }) => state === 'failed')?.error ?? null) : null,
    },
  }
}
