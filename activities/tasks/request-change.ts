import { createHash } from 'node:crypto'
import { systemActor } from '#schema/role'
import { openChange } from '../store/change/open.ts'
import { getPerson, actorOf } from '../store/record/people.ts'
import { LinkRefused, linkTickets } from '../store/ticket/ticket-links.ts'
import type { TaskHandler } from './task.ts'

/** The same key names the same ticket (RFC 9562 version 8). */
export function ticketIdOf(key: string): string {
  const hex = createHash('sha256').update(key).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

/**
 * Task type `requestChange`: opens a normal change and links it as what resolves the problem. Inputs `changeTitle`, `changeReason`. Yields `changeId`
 * and `changeNumber`.
 */
export const requestChange: TaskHandler = {
  async run({ ticketId, idempotencyKey, input }, { db }) {
    const problem = await db.selectFrom('ticket').selectAll().where('id', '=', ticketId).executeTakeFirstOrThrow()
    const personId = problem.assigneeId ?? problem.requesterId
    const changeId = ticketIdOf(idempotencyKey)
    const known = await db.selectFrom('ticket').select('number').where('id', '=', changeId).executeTakeFirst()
    const title = String(input.changeTitle ?? '') || problem.title
    const { category, service, ciId } = problem
    const opened =
      known ??
      (await openChange(db, {
        type: 'normal',
        ticketId: changeId,
        fields: { title, description: `${problem.number} · ${problem.title}`, requesterId: personId, category, service },
        justification: String(input.changeReason ?? ''),
        ciIds: ciId === null ? [] : [ciId],
        openedById: personId,
      }))
    const person = await getPerson(db, personId)
    const actor = person ? actorOf(person) : systemActor
    await linkTickets(db, {
      kind: 'resolvedBy',
      fromId: ticketId,
      toId: changeId,
      actor: actor.roles.includes('agent') ? actor : systemActor,
    }).catch((error: unknown) => {
      if (!(error instanceof LinkRefused)) throw error
    })
    return { changeId, changeNumber: opened.number }
  },
}
