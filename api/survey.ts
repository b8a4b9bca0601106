import { can } from '#domain/permissions'
import type { Actor } from '#schema/role'
import type { TicketStatus } from '#schema/ticket'
import { appendNext } from '../activities/store/facts.ts'
import type { AppDeps } from './deps.ts'
import { ApiProblem } from './problem.ts'

/**
 * Records the requester's opinion. While the process runs, its workflow does (the diagram may wait for it); once it has ended no workflow writes
 * to the stream any more, and the fact is appended here. One answer per ticket: under the stream's lock, the second is refused.
 */
export async function answerSurvey(
  deps: AppDeps,
  ticketId: string,
  actor: Actor,
  answer: { score: number; comment: string },
): Promise<{ sequence: number }> {
  const instance = await deps.db.selectFrom('instance').select('isEnded').where('ticketId', '=', ticketId).executeTakeFirst()
  if (instance && !instance.isEnded) {
    const { sequence } = await deps.commander.execute(ticketId, 'answerSurvey', { actor, key: `survey:${ticketId}`, payload: answer })
    return { sequence }
  }
  return deps.db.transaction().execute(async (trx) => {
    await trx.selectFrom('streamHead').select('sequence').where('streamId', '=', ticketId).forUpdate().execute()
    const ticket = await trx
      .selectFrom('ticket')
      .select(['requesterId', 'groupId', 'assigneeId', 'status', 'surveyScore'])
      .where('id', '=', ticketId)
      .executeTakeFirstOrThrow()
    const verdict = can(actor, 'ticket.answerSurvey', { ticket: { ...ticket, status: ticket.status as TicketStatus } })
    if (!verdict.allowed) throw new ApiProblem(verdict.code === 'wrongStatus' ? 409 : 403, verdict.code ?? 'notPermitted')
    if (ticket.surveyScore !== null) throw new ApiProblem(409, 'surveyAlreadyAnswered')
    const { sequence } = await appendNext(trx, ticketId, [
      { actorId: actor.id, fact: { type: 'surveyAnswered', at: deps.clock(), ...answer } },
    ])
    return { sequence }
  })
}
