import { systemActor } from '#schema/role'
import type { TaskCall } from '../../workflows/protocol.ts'
import type { Db } from '../store/database.ts'
import { countSimilar, majorOf, openMajorLike, proposeMajor, type SimilarTo } from '../store/ticket/majors.ts'
import { linkTickets } from '../store/ticket/ticket-links.ts'
import { keyId } from './key-id.ts'
import { hopeless, type TaskHandler } from './task.ts'

async function similarTo(db: Db, ticketId: string): Promise<SimilarTo> {
  const { service, openedAt } = await db
    .selectFrom('ticket')
    .select(['service', 'openedAt'])
    .where('id', '=', ticketId)
    .executeTakeFirstOrThrow()
  return { ticketId, service, openedAt: openedAt.getTime() }
}

/** Task type `count-similar`: how many incidents resemble the ticket, in variable `similarCount`. Header `minutes`: how far back. */
export const countSimilarTask: TaskHandler = {
  async run(call, { db }) {
    const minutes = Number(call.headers.minutes)
    if (!(minutes > 0 && minutes <= 1_440))
      throw hopeless('badHeader', `expected a header 'minutes' from 1 to 1440 at ${call.elementId}, found '${call.headers.minutes ?? ''}'`)
    return { similarCount: await countSimilar(db, await similarTo(db, call.ticketId), minutes * 60_000) }
  },
}

/**
 * Task type `propose-major`: proposes the incident as a major one, for the manager to accept or refuse. An incident that resembles a major
 * incident, or a candidate, which is open already is linked to that instead, for an agent to judge.
 */
export const proposeMajorTask: TaskHandler = {
  async run(call, { db }) {
    const known = await majorOf(db, call.ticketId)
    if (known) return { majorNumber: known.number }
    const like = await openMajorLike(db, await similarTo(db, call.ticketId))
    const linkId = keyId(call.idempotencyKey, 'link')
    const majorId = keyId(call.idempotencyKey, 'ticket')
    const reason = reasonOf(call)
    if (like === null || like.id === majorId) {
      const { number } = await proposeMajor(db, { incidentId: call.ticketId, majorId, linkId, reason, actor: systemActor })
      return { majorNumber: number }
    }
    await linkTickets(db, { kind: 'related', fromId: call.ticketId, toId: like.id, actor: systemActor, reason, linkId }).catch(
      (error: { code?: string }) => {
        if (error.code !== 'alreadyLinked') throw error
      },
    )
    return { majorNumber: like.number }
  },
}

const reasonOf = ({ input }: TaskCall): string => (typeof input.reason === 'string' ? input.reason : '')
