/** Who may do what, in one place: asked by the API before it acts and by the workflow before it accepts an update. Pure. */
import type { OpenTask } from '#engine/contract'
import type { Variables } from '#schema/json'
import type { Actor, Role } from '#schema/role'
import type { DeskType } from '#schema/desk'
import { openStatuses, type TicketStatus } from '#schema/ticket'
import type { UpdateName, Updates } from '../protocol.ts'
import { ciRefusal, type DeskRefusalCode, onSiteTaskRefusal } from './desk-type.ts'
import { approvalOf, decisionProblem, principalOf } from './approval.ts'

/** What the rules look at. The parts that an action does not concern may be left out. */
export interface AccessContext {
  ticket?: TicketAccess
  task?: TaskAccess
  /** To whom a task is being given. */
  assigneeId?: string | null
}
export interface TicketAccess {
  requesterId: string
  groupId: string | null
  assigneeId: string | null
  status: TicketStatus
  /** Null or absent: a ticket of no desk, to which no desk's rules apply. */
  deskType?: DeskType | null
  /** Who may not decide about it: its requester, who opened it, who gains by it. */
  interested?: readonly string[]
  /** Present in the workflow: what is open now. */
  openTasks?: readonly OpenTask[]
}
export type TaskAccess = Pick<OpenTask, 'assignee' | 'candidateGroups' | 'candidateUsers' | 'attributes'>

export type ReasonCode =
  | DeskRefusalCode
  | 'notSignedIn'
  | 'roleMissing'
  | 'notYourTicket'
  | 'notInGroup'
  | 'takenBySomeoneElse'
  | 'wrongStatus'
  | 'unknownTask'
  | 'incompleteContext'
  | 'selfApproval'
  | 'notAsked'
  | 'invalidDecision'
  | 'commentRequired'
export interface Verdict {
  allowed: boolean
  /** English, for people; translate by `code`. Null when allowed. */
  reason: string | null
  code: ReasonCode | null
}
const yes: Verdict = { allowed: true, reason: null, code: null }
const no = (code: ReasonCode, reason: string): Verdict => ({ allowed: false, reason, code })

type Rule = (actor: Actor, context: AccessContext) => Verdict
const has = (actor: Actor, ...roles: Role[]) => actor.roles.some((role) => roles.includes(role))
/** The desk itself acts without a role. */
const isSystem = (actor: Actor) => actor.id === 'system'

const role =
  (...roles: Role[]): Rule =>
  (actor) =>
    isSystem(actor) || has(actor, ...roles) ? yes : no('roleMissing', `This needs the role ${roles.join(' or ')}.`)
const anyone: Rule = (actor) => (isSystem(actor) || actor.roles.length > 0 ? yes : no('notSignedIn', 'Sign in first.'))
const all =
  (...rules: Rule[]): Rule =>
  (actor, context) =>
    rules.map((rule) => rule(actor, context)).find((verdict) => !verdict.allowed) ?? yes
const either =
  (...rules: Rule[]): Rule =>
  (actor, context) => {
    const verdicts = rules.map((rule) => rule(actor, context))
    return verdicts.find((verdict) => verdict.allowed) ?? verdicts[0] ?? yes
  }
const onTicket =
  (rule: (actor: Actor, ticket: TicketAccess) => Verdict): Rule =>
  (actor, { ticket }) =>
    ticket ? rule(actor, ticket) : no('incompleteContext', 'Name the ticket.')
const requester: Rule = onTicket((actor, ticket) =>
  actor.id === ticket.requesterId ? yes : no('notYourTicket', 'Only the requester of the ticket may do this.'),
)
const inStatus = (...statuses: readonly TicketStatus[]): Rule =>
  onTicket((_, ticket) =>
    statuses.includes(ticket.status)
      ? yes
      : no('wrongStatus', `The ticket is ${ticket.status}; this is for tickets that are ${statuses.join(' or ')}.`),
  )
const agent = role('agent')

/** Member of the task's groups or of the ticket's present group (an escalation may have moved the ticket), or named by the task. */
function isCandidate(actor: Actor, { task, ticket }: AccessContext): boolean {
  if (!task) return false
  const isOpenToAll = task.candidateGroups.length === 0 && task.candidateUsers.length === 0 && !ticket?.groupId
  return (
    isOpenToAll ||
    task.candidateUsers.includes(actor.id) ||
    task.candidateGroups.some((g) => actor.groups.includes(g)) ||
    (ticket?.groupId != null && actor.groups.includes(ticket.groupId))
  )
}
const candidate: Rule = (actor, context) => {
  if (!context.task) return no('unknownTask', 'This task is not open (any more).')
  return isSystem(actor) || context.task.assignee === actor.id || isCandidate(actor, context)
    ? yes
    : no('notInGroup', 'This task is for another group; ask for the ticket to be reassigned, or join the group.')
}
const freeOrMine: Rule = (actor, { task }) =>
  isSystem(actor) || !task?.assignee || task.assignee === actor.id
    ? yes
    : no('takenBySomeoneElse', 'Someone else has this task. Take it over first.')
/** An approval is decided by who is asked, or who may decide for him; never by one who gains by it, and never by the desk itself. */
const approver: Rule = (actor, { task, ticket }) => {
  if (!task) return no('unknownTask', 'This task is not open (any more).')
  const principal = principalOf(actor, task, ticket?.groupId ?? null, ticket && interestedIn(ticket))
  if (principal === null) return no('notAsked', 'This decision is asked of someone else. He can delegate it to you.')
  return [actor.id, principal.approverId].some((id) => isInterested(id, ticket))
    ? no('selfApproval', 'Who asked for it, opened it or gains by it does not decide about it, nor does his delegate for him.')
    : yes
}
const interestedIn = (ticket: TicketAccess): readonly string[] => ticket.interested ?? [ticket.requesterId]
const isInterested = (id: string, ticket: TicketAccess | undefined): boolean => ticket !== undefined && interestedIn(ticket).includes(id)
/** Whom an approval is asked of changes by the approver's own hand, a process owner's or an administrator's, and never to one who gains by it. */
const forwarder: Rule = (actor, { task, ticket, assigneeId }) => {
  if (assigneeId && isInterested(assigneeId, ticket))
    return no('selfApproval', 'Who asked for it, opened it or gains by it does not decide about it.')
  const isOwn = task !== undefined && isAskedSelf(actor, task)
  return isSystem(actor) || isOwn || has(actor, 'processOwner', 'administrator')
    ? yes
    : no('notAsked', 'This decision is asked of someone else. He can delegate it to you.')
}
const isAskedSelf = (actor: Actor, task: TaskAccess): boolean => principalOf({ ...actor, actsFor: [] }, task) !== null
/** Approvals have rules of their own. */
const unlessApproval =
  (rule: Rule, forApproval: Rule): Rule =>
  (actor, context) =>
    approvalOf(context.task) === null ? rule(actor, context) : forApproval(actor, context)
const worker: Rule = either(agent, (actor, { task }) =>
  task?.assignee === actor.id || task?.candidateUsers.includes(actor.id) ? yes : no('roleMissing', 'This needs the role agent.'),
)

const rules = {
  'interaction.create': anyone,
  'interaction.list': role('agent', 'administrator'),
  'ticket.read': either(role('agent', 'auditor', 'processOwner', 'administrator'), requester),
  'ticket.readInternal': role('agent', 'auditor', 'processOwner', 'administrator'),
  'ticket.export': either(role('agent', 'auditor', 'administrator'), requester),
  'ticket.reply': either(agent, requester),
  'ticket.note': agent,
  'ticket.edit': all(agent, inStatus(...openStatuses)),
  'ticket.confirm': all(either(requester, role('administrator')), inStatus('resolved')),
  'ticket.reopen': all(either(requester, agent), inStatus('resolved')),
  'ticket.cancel': all(either(requester, agent), inStatus(...openStatuses)),
  'ticket.answerSurvey': all(requester, inStatus('resolved', 'closed')),
  'ticket.retry': role('processOwner', 'administrator'),
  'ticket.setVariables': role('processOwner', 'administrator'),
  'ticket.escalate': all(agent, inStatus(...openStatuses)),
  'ticket.link': role('agent', 'administrator'),
  'ticket.watch': either(role('agent', 'administrator'), requester),
  'ticket.stop': role('administrator'),
  'ticket.modify': role('processOwner', 'administrator'),
  'ticket.migrate': role('processOwner', 'administrator'),
  'task.list': agent,
  'task.claim': unlessApproval(all(worker, candidate), forwarder),
  'task.assign': unlessApproval(all(worker, candidate), forwarder),
  'task.release': unlessApproval(all(worker, candidate, either(freeOrMine, role('administrator'))), forwarder),
  'task.complete': unlessApproval(all(worker, candidate, freeOrMine), approver),
  'definition.read': role('processOwner', 'auditor', 'administrator', 'agent'),
  'definition.deploy': role('processOwner', 'administrator'),
  'ledger.read': role('auditor'),
  'ledger.verify': role('auditor'),
  'figures.read': role('agent', 'auditor', 'processOwner', 'administrator'),
  'people.list': anyone,
  'people.manage': role('administrator'),
  'apiKeys.manage': role('administrator'),
  'mail.read': role('administrator'),
  'job.work': role('worker', 'administrator'),
} satisfies Record<string, Rule>

export type Action = keyof typeof rules
export const actions = Object.keys(rules) as Action[]

/** May `actor` do `action`? Denials say why. A context that lacks what the rule needs is a denial. */
export const can = (actor: Actor, action: Action, context: AccessContext = {}): Verdict => rules[action](actor, context)

const messageActions: Record<string, Action> = {
  requesterConfirmed: 'ticket.confirm',
  requesterReopened: 'ticket.reopen',
  requesterCanceled: 'ticket.cancel',
  changeRescheduled: 'ticket.edit',
  escalatedToGroup: 'ticket.escalate',
  escalatedToManager: 'ticket.escalate',
  communicateNow: 'ticket.escalate',
}

/** The action that an update of the workflow is. */
function actionOf<N extends UpdateName>(actor: Actor, name: N, payload: Updates[N]): Action {
  switch (name) {
    case 'completeTask':
      return 'task.complete'
    case 'assignTask': {
      const { assigneeId } = payload as Updates['assignTask']
      return assigneeId === null ? 'task.release' : assigneeId === actor.id ? 'task.claim' : 'task.assign'
    }
    case 'applyKnownError':
    case 'changeTicket':
      return 'ticket.edit'
    case 'addMessage':
      return (payload as Updates['addMessage']).visibility === 'internal' ? 'ticket.note' : 'ticket.reply'
    case 'publishMessage':
      return messageActions[(payload as Updates['publishMessage']).name] ?? 'ticket.setVariables'
    case 'answerSurvey':
      return 'ticket.answerSurvey'
    case 'retryStall':
      return 'ticket.retry'
    case 'setVariables':
      return 'ticket.setVariables'
    case 'modifyInstance':
      return 'ticket.modify'
    case 'migrateInstance':
    case 'changePolicies':
      return 'ticket.migrate'
    case 'linkTicket':
    case 'unlinkTicket':
      return 'ticket.link'
    case 'watchTicket':
    case 'unwatchTicket':
      return 'ticket.watch'
    case 'completeJob':
    case 'failJob':
      return 'job.work'
    default:
      return 'ticket.stop'
  }
}

/**
 * The refusal of an update to a ticket's workflow, null when it may be done. A message from outside the people register
 * (mail of an unknown sender) comes as `system`.
 */
export function mayCommand<N extends UpdateName>(
  actor: Actor,
  name: N,
  payload: Updates[N],
  ticket: TicketAccess,
): { code: ReasonCode; message: string } | null {
  const waitId = name === 'completeTask' || name === 'assignTask' ? (payload as { waitId: string }).waitId : null
  const task = waitId === null ? undefined : ticket.openTasks?.find((t) => t.waitId === waitId)
  if (waitId !== null && !task) return { code: 'unknownTask', message: `task ${waitId} is not open (any more): reload the ticket` }
  const assigneeId = name === 'assignTask' ? (payload as Updates['assignTask']).assigneeId : null
  const verdict = can(actor, actionOf(actor, name, payload), { ticket, task, assigneeId })
  if (!verdict.allowed) return { code: verdict.code ?? 'roleMissing', message: verdict.reason ?? 'not allowed' }
  return deskRefusal(name, payload, ticket)
}

/** What the type of the ticket's desk forbids, whoever asks; null: nothing. */
export function deskRefusal<N extends UpdateName>(
  name: N,
  payload: Updates[N],
  ticket: TicketAccess,
): { code: ReasonCode; message: string } | null {
  const { waitId, variables, fields } = payload as { waitId?: string; variables?: Variables; fields?: Variables }
  const isWork = name === 'completeTask' || (name === 'assignTask' && (payload as Updates['assignTask']).assigneeId !== null)
  const task = isWork ? ticket.openTasks?.find((t) => t.waitId === waitId) : undefined
  const found = onSiteTaskRefusal(ticket.deskType, task) ?? ciRefusal(ticket.deskType, { ...variables, ...fields })
  return found && { code: found.code, message: found.message }
}

/** What is wrong with the values of a completed approval; null when nothing is, or when the task is none. */
export function decisionRefusal(task: OpenTask | undefined, variables: Variables): { code: ReasonCode; message: string } | null {
  const code = approvalOf(task) === null ? null : decisionProblem(variables)
  if (code === 'commentRequired') return { code, message: 'a rejection needs a comment: say why in decisionComment' }
  return code === null
    ? null
    : { code, message: 'an approval is completed with decision approved, rejected or abstained, and a decisionComment' }
}
