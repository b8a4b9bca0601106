/** Plays a scripted ticket through a rehearsal: the facts of a life that nobody had to wait for. */
import type { ApprovalValues } from '#schema/approval'
import type { Json, Variables } from '#schema/json'
import type { TicketOpening } from '#schema/ticket'
import { approvalOf, decisionProblem, decisionValues } from './approval.ts'
import type { Bundle } from './bundle.ts'
import { addBusinessMs } from './calendar.ts'
import { type Job, Rehearsal } from './rehearsal.ts'

export type ScriptStep = { after: number; isBusiness: boolean; actorId: string } & (
  | { act: 'claim'; elementId: string }
  | { act: 'complete'; elementId: string; values: Record<string, Json> }
  | { act: 'say'; text: string; visibility: 'public' | 'internal' }
  | { act: 'publish'; name: string; variables: Record<string, Json> }
  | { act: 'edit'; variables: Record<string, Json> }
  | { act: 'survey'; score: number; comment: string }
)

/** A line of the conversation, whose text the facts only fingerprint. */
export interface PlayedMessage {
  id: string
  at: number
  authorId: string
  direction: 'in' | 'out'
  visibility: 'public' | 'internal'
  text: string
}
export interface Played {
  rehearsal: Rehearsal
  messages: PlayedMessage[]
  /** Steps that no longer applied (the ticket had moved on), by index. */
  skipped: number[]
}
export interface PlayOptions {
  /** Nothing happens after it, UTC epoch ms. */
  until: number
  /** Calendar of steps in business time. */
  calendarId: string
  newId: () => string
  sha256: (text: string) => string
  /** What a job answers with; absent: nothing. */
  work?: (job: Job) => Variables
}

const minuteMs = 60_000

/** Plays `steps` from `reportedAt`, timers and clocks in between, up to `until`. */
export function play(
  bundle: Bundle,
  opening: TicketOpening,
  reportedAt: number,
  steps: readonly ScriptStep[],
  options: PlayOptions,
): Played {
  const calendar = bundle.calendars[options.calendarId]
  if (!calendar)
    throw new Error(`expected calendar "${options.calendarId}" in the bundle, found ${Object.keys(bundle.calendars).join(', ') || 'none'}`)
  const rehearsal = new Rehearsal(bundle, opening, reportedAt, options.work)
  const played: Played = { rehearsal, messages: [], skipped: [] }
  for (const [index, step] of steps.entries()) {
    const at = step.isBusiness ? addBusinessMs(calendar, rehearsal.at, step.after * minuteMs) : rehearsal.at + step.after * minuteMs
    if (at > options.until) break
    rehearsal.goTo(at)
    if (!perform(played, opening, step, options)) played.skipped.push(index)
  }
  rehearsal.goTo(options.until)
  return played
}

/** An approval that is decided leaves its evidence, as it does when somebody is asked. */
function noteDecision(rehearsal: Rehearsal, { elementId, values }: ScriptStep & { act: 'complete' }, actorId: string): void {
  const task = rehearsal.task(elementId)
  const subject = approvalOf(task)
  if (!task || subject === null || decisionProblem(values as Variables) !== null) return
  const { decision, decisionComment: comment } = decisionValues(values as Variables) as ApprovalValues
  const who = { approverId: actorId, decidedById: actorId, delegationId: null }
  const said = { elementId, waitId: task.waitId, subject, ...who, decision, comment, via: 'inbox' as const }
  rehearsal.note({ type: 'approvalDecided', at: rehearsal.at, ...said }, actorId)
}

/** False: the step does not apply (any more). */
function perform({ rehearsal, messages }: Played, opening: TicketOpening, step: ScriptStep, options: PlayOptions): boolean {
  const { actorId } = step
  switch (step.act) {
    case 'claim':
    case 'complete': {
      const waitId = rehearsal.task(step.elementId)?.waitId
      if (waitId === undefined) return false
      if (step.act === 'claim') return rehearsal.put({ type: 'assignTask', waitId, assignee: actorId }, actorId) === null
      if (rehearsal.task(step.elementId)?.assignee !== actorId) rehearsal.put({ type: 'assignTask', waitId, assignee: actorId }, actorId)
      noteDecision(rehearsal, step, actorId)
      return rehearsal.put({ type: 'completeTask', waitId, variables: step.values as Variables }, actorId) === null
    }
    case 'publish':
      return rehearsal.put({ type: 'message', name: step.name, variables: step.variables as Variables }, actorId) === null
    case 'edit':
      return rehearsal.put({ type: 'setVariables', variables: step.variables as Variables }, actorId) === null
    case 'survey':
      rehearsal.note({ type: 'surveyAnswered', at: rehearsal.at, score: step.score, comment: step.comment }, actorId)
      return true
    case 'say': {
      const direction = actorId === opening.fields.requesterId ? 'in' : 'out'
      const message: PlayedMessage = {
        id: options.newId(),
        at: rehearsal.at,
        authorId: actorId,
        direction,
        visibility: step.visibility,
        text: step.text,
      }
      messages.push(message)
      const { channel } = opening
      rehearsal.note(
        {
          type: 'messageAdded',
          at: rehearsal.at,
          messageId: message.id,
          visibility: step.visibility,
          direction,
          authorId: actorId,
          channel,
          sha256: options.sha256(step.text),
        },
        actorId,
      )
      if (direction === 'in' && !rehearsal.isEnded)
        rehearsal.put({ type: 'message', name: 'requesterReplied', variables: {}, messageId: message.id }, actorId)
      return true
    }
  }
}
