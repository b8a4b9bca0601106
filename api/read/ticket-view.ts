/** One ticket as its page shows it, in four queries (and the cached bundle it runs by). */
import { sql } from 'kysely'
import { interestedIn } from '#domain/approval'
import { type Action, can, mayCommand, type TicketAccess } from '#domain/permissions'
import { isReopenable } from '#domain/reopening'
import type { Bundle } from '#domain/bundle'
import type { Json, Variables } from '#schema/json'
import type { Actor } from '#schema/role'
import type { TaskView, TicketView } from '#schema/view'
import { isUuid } from '../../activities/store/database.ts'
import { loadBundle } from '../../activities/store/definition/definitions.ts'
import type { Db } from '../deps.ts'
import { ApiProblem, codeWords, type Locale } from '../problem.ts'
import { elementNames, type NameOf } from './element-name.ts'
import { type ClockRow, clockColumns, clockView, groupNames, loadCalendars } from './clock-view.ts'
import { type CalendarOf, rowColumns, rowSource, type TicketRowRecord, ticketRow } from './ticket-rows.ts'
import { isStaff, visibleTickets } from './visibility.ts'

interface TicketRecord extends TicketRowRecord {
  description: string
  resolution: string | null
  resolutionCode: string | null
  pendingReason: string | null
  processId: string | null
  processVersion: number | null
  bundleHash: string | null
  isEnded: boolean | null
  stalls: TicketView['stalls'] | null
  variables: Variables | null
  surveyScore: number | null
  surveyComment: string | null
}

interface TaskRecord {
  waitId: string
  ticketId: string
  elementId: string
  name: string
  formId: string | null
  assigneeId: string | null
  assigneeName: string | null
  candidateGroups: string[]
  candidateUsers: string[]
  groups: { id: string; name: string }[]
  openedAt: Date
  dueAt: Date | null
  /** Subject, when the task is an approval. */
  approval: string | null
}

/** By id or number; `ticketNotFound` also when it exists and the actor may not see it. */
export async function findTicket(db: Db, idOrNumber: string, actor: Actor): Promise<TicketRecord> {
  const by = isUuid(idOrNumber) ? sql`ticket.id = ${idOrNumber}` : sql`ticket.number = ${idOrNumber.toUpperCase()}`
  const { rows } =
    await sql<TicketRecord>`select ${rowColumns}, ticket.description, ticket.resolution, ticket.resolution_code, ticket.pending_reason, ticket.survey_score, ticket.survey_comment,
    instance.process_id, instance.process_version, instance.bundle_hash, instance.is_ended, instance.stalls, instance.variables from ${rowSource} where ${by} and ${visibleTickets(actor)}`.execute(
      db,
    )
  const row = rows[0]
  if (!row) throw new ApiProblem(404, 'ticketNotFound', { params: { id: idOrNumber } })
  return row
}

/** What the permission rules need to know of a ticket. */
const commandTicket = (row: TicketRecord, tasks: readonly TaskRecord[]): TicketAccess => ({
  requesterId: row.requesterId,
  assigneeId: row.assigneeId,
  groupId: row.groupId,
  status: row.status,
  interested: interestedIn(row.requesterId, row.variables ?? {}),
  deskType: row.deskType,
  openTasks: tasks.map((t) => ({
    waitId: t.waitId,
    elementId: t.elementId,
    name: t.name,
    formId: t.formId,
    assignee: t.assigneeId,
    candidateGroups: t.candidateGroups,
    candidateUsers: t.candidateUsers,
    dueAt: t.dueAt?.getTime() ?? null,
    ...(t.approval === null ? {} : { attributes: { approval: t.approval } }),
  })),
})

const taskColumns = sql`task.wait_id, task.ticket_id, task.element_id, task.name, task.form_id, task.assignee_id, assignee.name as assignee_name, task.candidate_groups, task.candidate_users, task.opened_at, task.due_at, (select approval.subject from approval where approval.ticket_id = task.ticket_id and approval.wait_id = task.wait_id) as approval,
  coalesce((select jsonb_agg(jsonb_build_object('id', g.id, 'name', g.name)) from support_group g where g.id = any(task.candidate_groups)), '[]') as groups`

const openTasksOf = async (db: Db, ticketId: string): Promise<TaskRecord[]> =>
  (
    await sql<TaskRecord>`select ${taskColumns} from task left join person assignee on assignee.id = task.assignee_id where task.ticket_id = ${ticketId} and task.state = 'open' order by task.opened_at, task.wait_id`.execute(
      db,
    )
  ).rows

interface Told {
  decisions: TicketView['decisions']
  /** BPMN messages that the instance waits for now. */
  awaited: Set<string>
}

/** Decisions that fired and messages that are waited for, from the stream. */
async function toldByFacts(db: Db, ticketId: string): Promise<Told> {
  const rows = await db
    .selectFrom('fact')
    .select(['type', 'at', 'body'])
    .where('streamId', '=', ticketId)
    .where('type', 'in', ['decisionEvaluated', 'subscriptionOpened', 'subscriptionClosed', 'instanceCompleted', 'instanceCanceled'])
    .orderBy('sequence')
    .execute()
  const told: Told = { decisions: [], awaited: new Set() }
  const open = new Map<string, string>()
  for (const row of rows) {
    const body = row.body as unknown as {
      waitId: string
      kind: string
      name: string
      decisionId: string
      rows: number[]
      inputs: Json
      outputs: Json
    }
    if (row.type === 'decisionEvaluated')
      told.decisions.push({
        at: row.at.toISOString(),
        decisionId: body.decisionId,
        rows: body.rows,
        inputs: body.inputs,
        outputs: body.outputs,
      })
    else if (row.type === 'subscriptionOpened') {
      if (body.kind === 'message') open.set(body.waitId, body.name)
    } else if (row.type === 'subscriptionClosed') open.delete(body.waitId)
    else open.clear()
  }
  told.awaited = new Set(open.values())
  return told
}

function taskView(
  record: TaskRecord,
  row: TicketRecord,
  ticket: TicketAccess,
  bundle: Bundle | null,
  nameOf: NameOf,
  actor: Actor,
  locale: Locale,
): TaskView {
  const form = record.formId ? (bundle?.forms[record.formId] ?? null) : null
  const known: Variables = { ...(row.variables ?? {}), ...ticketValues(row) }
  const keys = form?.components.flatMap((c) => ('key' in c ? [c.key] : [])) ?? []
  const claim = mayCommand(actor, 'assignTask', { waitId: record.waitId, assigneeId: actor.id }, ticket)
  const complete = mayCommand(actor, 'completeTask', { waitId: record.waitId, variables: {} }, ticket)
  return {
    waitId: record.waitId,
    ticketId: record.ticketId,
    elementId: record.elementId,
    name: nameOf(record.elementId) ?? record.name,
    approval: record.approval,
    form,
    // a vote begins empty, whatever the last one said
    values:
      record.approval !== null
        ? {}
        : Object.fromEntries(keys.flatMap((key) => (known[key] === undefined ? [] : [[key, known[key] as Json]]))),
    assignee: record.assigneeId ? { id: record.assigneeId, name: record.assigneeName ?? record.assigneeId } : null,
    candidateGroups: record.candidateGroups.map((id) => record.groups.find((g) => g.id === id) ?? { id, name: id }),
    openedAt: record.openedAt.toISOString(),
    dueAt: record.dueAt?.toISOString() ?? null,
    mayClaim: claim === null && record.assigneeId !== actor.id,
    mayComplete: complete === null,
    whyNot: complete && (codeWords(complete.code, locale) ?? complete.message),
  }
}

const ticketValues = (row: TicketRecord): Variables => ({
  title: row.title,
  description: row.description,
  status: row.status,
  impact: row.impact,
  urgency: row.urgency,
  priority: row.priority,
  category: row.category,
  service: row.service,
  ciId: row.ciId,
  requesterId: row.requesterId,
  groupId: row.groupId,
  assigneeId: row.assigneeId,
  resolutionCode: row.resolutionCode,
  resolution: row.resolution,
  pendingReason: row.pendingReason,
})

/** What each action of the page needs: the right, and that the instance waits for it where the diagram must. */
function actionsOf(row: TicketRecord, ticket: TicketAccess, told: Told, actor: Actor): string[] {
  const allows = (action: Action) => can(actor, action, { ticket }).allowed
  const isUnanswered = row.surveyScore === null && row.processId !== null && allows('ticket.answerSurvey')
  // the survey goes out as the process ends: it is answered afterwards
  if (row.isEnded !== false || row.processId === null) {
    const after: [string, boolean][] = [
      ['answerSurvey', isUnanswered],
      ['reopen', isReopenable(row.kind, row.processId) && row.status === 'closed' && allows('ticket.reply')],
    ]
    return after.filter(([, isOffered]) => isOffered).map(([name]) => name)
  }
  const isAwaited = (name: keyof typeof actionMessages) => told.awaited.has(actionMessages[name])
  const offered: [string, boolean][] = [
    ['reply', allows('ticket.reply')],
    ['note', allows('ticket.note')],
    ['edit', allows('ticket.edit')],
    ['confirm', allows('ticket.confirm') && isAwaited('confirm')],
    ['reopen', allows('ticket.reopen') && isAwaited('reopen')],
    ['cancel', allows('ticket.cancel') && isAwaited('cancel')],
    ['escalate', allows('ticket.escalate') && isAwaited('escalate')],
    ['answerSurvey', isUnanswered],
    ['retry', (row.stalls?.length ?? 0) > 0 && allows('ticket.retry')],
  ]
  return offered.filter(([, isOffered]) => isOffered).map(([name]) => name)
}

/** The requester's actions and the BPMN messages that carry them. */
export const actionMessages = {
  confirm: 'requesterConfirmed',
  reopen: 'requesterReopened',
  cancel: 'requesterCanceled',
  escalate: 'escalatedToManager',
} as const

/** What is owed among groups and by suppliers is the desk's affair. */
async function clocksOf(
  db: Db,
  ticketId: string,
  actor: Actor,
): Promise<{ clocks: ClockRow[]; calendarOf: CalendarOf; groupName: (id: string) => string }> {
  let query = db.selectFrom('clock').select(clockColumns).where('ticketId', '=', ticketId).orderBy('startedAt').orderBy('clockId')
  if (!isStaff(actor)) query = query.where('kind', '=', 'sla')
  const clocks = await query.execute()
  return { clocks, calendarOf: await loadCalendars(db, clocks), groupName: await groupNames(db) }
}

const bundleOf = (db: Db, row: TicketRecord) => (row.bundleHash ? loadBundle(db, row.bundleHash) : Promise.resolve(null))

export async function readTicket(db: Db, idOrNumber: string, actor: Actor, locale: Locale, now: number): Promise<TicketView> {
  const row = await findTicket(db, idOrNumber, actor)
  const [{ clocks, calendarOf, groupName }, tasks, told, bundle] = await Promise.all([
    clocksOf(db, row.id, actor),
    openTasksOf(db, row.id),
    toldByFacts(db, row.id),
    bundleOf(db, row),
  ])
  const ticket = commandTicket(row, tasks)
  const staff = isStaff(actor)
  const nameOf = await elementNames(db, bundle, locale)
  const views = tasks.map((t) => taskView(t, row, ticket, bundle, nameOf, actor, locale))
  return {
    ...ticketRow(row, calendarOf, now),
    description: row.description,
    resolution: row.resolution,
    resolutionCode: row.resolutionCode,
    pendingReason: row.pendingReason,
    processId: row.processId,
    processVersion: row.processVersion,
    clocks: clocks.map((c) => clockView(c, calendarOf(c.calendarId, c.calendarVersion), now, groupName)),
    tasks: staff ? views : views.filter((t) => t.mayComplete || t.mayClaim),
    stalls: staff ? (row.stalls ?? []) : [],
    variables: staff ? (row.variables ?? {}) : {},
    decisions: staff ? told.decisions : [],
    actions: actionsOf(row, ticket, told, actor),
    survey: row.surveyScore === null ? null : { score: row.surveyScore, comment: row.surveyComment ?? '' },
  }
}

/** One open task with its form; `staleTask` when it has ended, `taskNotFound` when it never was. */
export async function findOpenTask(db: Db, row: TicketRecord, waitId: string): Promise<{ task: TaskRecord; bundle: Bundle | null }> {
  const task = (await openTasksOf(db, row.id)).find((t) => t.waitId === waitId)
  if (task) return { task, bundle: await bundleOf(db, row) }
  const ended = await db
    .selectFrom('task')
    .select(['name', 'state', 'elementId'])
    .where('ticketId', '=', row.id)
    .where('waitId', '=', waitId)
    .executeTakeFirst()
  if (!ended) throw new ApiProblem(404, 'taskNotFound')
  throw new ApiProblem(409, 'staleTask', {
    params: { name: ended.name, state: ended.state },
    errors: [{ path: 'path.waitId', code: 'staleTask', message: `task ${waitId} is ${ended.state}`, elementId: ended.elementId }],
  })
}

/** Open tasks of a person or of his groups over all tickets, soonest due first. */
export async function listTasks(
  db: Db,
  view: 'mine' | 'group',
  actor: Actor,
  locale: Locale,
  offset: number,
  limit: number,
): Promise<(TaskView & { ticketNumber: string; ticketTitle: string; priority: number | null })[]> {
  const mine = sql`(task.assignee_id = ${actor.id} or (task.assignee_id is null and ${actor.id} = any(task.candidate_users)))`
  const group = sql`(task.assignee_id is null and task.candidate_groups && ${actor.groups}::text[])`
  const { rows } =
    await sql<TaskRecord>`select ${taskColumns} from task join ticket on ticket.id = task.ticket_id left join person assignee on assignee.id = task.assignee_id
    where task.state = 'open' and ${view === 'mine' ? mine : group} order by coalesce(task.due_at, 'infinity'), ticket.priority nulls last, task.opened_at, task.wait_id offset ${offset} limit ${limit}`.execute(
      db,
    )
  if (rows.length === 0) return []
  const found =
    await sql<TicketRecord>`select ${rowColumns}, ticket.description, ticket.resolution, ticket.resolution_code, ticket.pending_reason, ticket.survey_score, ticket.survey_comment,
    instance.process_id, instance.process_version, instance.bundle_hash, instance.is_ended, instance.stalls, instance.variables from ${rowSource} where ticket.id = any(${rows.map((r) => r.ticketId)}::uuid[])`.execute(
      db,
    )
  const byId = new Map(found.rows.map((r) => [r.id, r]))
  return Promise.all(
    rows.flatMap((task) => {
      const row = byId.get(task.ticketId)
      if (!row) return []
      return [
        bundleOf(db, row).then(async (bundle) => ({
          ...taskView(task, row, commandTicket(row, [task]), bundle, await elementNames(db, bundle, locale), actor, locale),
          ticketNumber: row.number,
          ticketTitle: row.title,
          priority: row.priority,
        })),
      ]
    }),
  )
}
export type { TaskRecord, TicketRecord }
