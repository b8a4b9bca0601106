/** Facts in plain words: what a reader of the ticket needs of them. The token game is for the history page. */
import type { FactView } from '#schema/view'
import type { Texts, TextValues } from '../../i18n/index.ts'

export type FactTone = 'plain' | 'good' | 'warn' | 'bad'
export interface FactWords {
  text: string
  tone: FactTone
}

/** Facts that only say how the token moved: shown on demand. */
const technical = new Set([
  'elementActivated',
  'elementCompleted',
  'elementTerminated',
  'flowTaken',
  'variableChanged',
  'timerScheduled',
  'timerCanceled',
  'subscriptionOpened',
  'subscriptionClosed',
  'jobRequested',
  'jobCompleted',
  'messageThrown',
  'notificationRequested',
  'messageCorrelated',
  'instanceStarted',
  'clockStarted',
  'clockCanceled',
  'taskCanceled',
])
export const isTechnical = (type: string): boolean => technical.has(type)

const tones: Record<string, FactTone> = {
  clockBreached: 'bad',
  stalled: 'bad',
  jobFailed: 'bad',
  errorThrown: 'bad',
  clockThresholdReached: 'warn',
  clockPauseCapped: 'warn',
  policiesChanged: 'warn',
  escalationThrown: 'warn',
  instanceCanceled: 'warn',
  approvalReassigned: 'warn',
  taskCompleted: 'good',
  instanceCompleted: 'good',
  surveyAnswered: 'good',
  stallResolved: 'good',
}

type Plain = Record<string, unknown>
const isPlain = (value: unknown): value is Plain => typeof value === 'object' && value !== null && !Array.isArray(value)

/** Names of people, groups and choices by id, for the values of changed fields. */
export type NameOf = (field: string, value: unknown) => string

function wordValues(fact: Plain, view: FactView, texts: Texts, nameOf: NameOf): TextValues {
  const values: TextValues = { element: view.elementName ?? view.elementId ?? '' }
  for (const [name, value] of Object.entries(fact)) if (typeof value === 'string' || typeof value === 'number') values[name] = value
  if (typeof fact.dueAt === 'number') values.date = texts.dateTime(fact.dueAt)
  if (typeof fact.metric === 'string') values.metric = texts.tOr(`clock.${fact.metric}`, fact.metric)
  if (typeof fact.metric === 'string' && typeof fact.reason === 'string')
    values.reason = texts.tOr(`clock.reason.${fact.reason}`, fact.reason)
  if (Array.isArray(fact.rows)) values.rows = fact.rows.join(', ') || '–'
  if (typeof fact.field === 'string') {
    values.field = texts.tOr(`field.${fact.field}`, fact.field)
    values.from = nameOf(fact.field, fact.from)
    values.to = nameOf(fact.field, fact.to)
  } else if (view.type === 'taskAssigned') values.to = nameOf('assigneeId', fact.to)
  else if (view.type === 'variableChanged') values.to = nameOf(String(fact.name), fact.to)
  if (typeof fact.kind === 'string' && typeof fact.direction === 'string' && view.type.startsWith('ticket'))
    values.link = texts.tOr(`link.${fact.kind}.${fact.direction}`, fact.kind)
  if (view.type === 'escalationThrown' && typeof fact.code === 'string') values.code = texts.tOr(`escalation.${fact.code}`, fact.code)
  if (view.type === 'approvalDecided') Object.assign(values, decisionWords(fact, texts, nameOf))
  else if (view.type === 'approvalReassigned') values.to = nameOf('assigneeId', fact.to)
  const opening = isPlain(fact.opening) ? fact.opening : null
  if (opening && typeof opening.channel === 'string') values.channel = texts.tOr(`channel.${opening.channel}`, opening.channel)
  return values
}

/** Who decided what, for whom: the actor stands beside the words. */
function decisionWords(fact: Plain, texts: Texts, nameOf: NameOf): TextValues {
  const isForAnother = fact.approverId !== fact.decidedById
  return {
    decision: texts.tOr(`approval.decision.${fact.decision}`, String(fact.decision)),
    forWhom: isForAnother ? texts.t('fact.approvalDecided.for', { approver: nameOf('assigneeId', fact.approverId) }) : '',
    comment: fact.comment ? ` – ${fact.comment}` : '',
  }
}

function keyOf(fact: Plain, type: string): string {
  if (type === 'ticketChanged') return fact.from === null || fact.from === undefined ? 'fact.ticketSet' : 'fact.ticketChanged'
  if (type === 'taskAssigned') return fact.to === null ? 'fact.taskReleased' : 'fact.taskAssigned'
  if (type === 'clockStopped') return fact.isMet === true ? 'fact.clockMet' : 'fact.clockMissed'
  if (type === 'messageAdded')
    return fact.visibility === 'internal'
      ? 'fact.messageAdded.internal'
      : `fact.messageAdded.public.${fact.direction === 'out' ? 'out' : 'in'}`
  return `fact.${type}`
}

export function factWords(view: FactView, texts: Texts, nameOf: NameOf): FactWords {
  const fact = isPlain(view.fact) ? view.fact : {}
  const tone = view.type === 'clockStopped' ? (fact.isMet === true ? 'good' : 'bad') : (tones[view.type] ?? 'plain')
  return { text: texts.tOr(keyOf(fact, view.type), view.type, wordValues(fact, view, texts, nameOf)), tone }
}
