import type { Json, Variables } from '#schema/json'
import { KnownErrorContent } from '#schema/known-error'
import { systemActor } from '#schema/role'
import { addKnownError, editKnownError, moveKnownError } from '../store/ticket/known-errors.ts'
import { hopeless, type TaskHandler } from './task.ts'

const text = (value: Json | undefined): string => (typeof value === 'string' ? value : '')

/**
 * Task type `publishKnownError`: what the problem knows becomes a published known error, one for each problem; told again, its next version.
 * Inputs `title`, `symptoms`, `workaround`, `rootCause`. Yields `knownErrorId` and `knownErrorNumber`.
 */
export const publishKnownError: TaskHandler = {
  async run(call, { db }) {
    const { ticketId, input } = call
    const ticket = await db
      .selectFrom('ticket')
      .select(['title', 'description', 'category', 'service', 'ciId', 'assigneeId'])
      .where('id', '=', ticketId)
      .executeTakeFirstOrThrow()
    const content = KnownErrorContent.safeParse({
      title: text(input.title) || ticket.title,
      symptoms: text(input.symptoms) || ticket.description,
      workaround: text(input.workaround),
      rootCause: text(input.rootCause),
      problemId: ticketId,
      category: ticket.category,
      service: ticket.service,
      ciId: ticket.ciId,
    })
    if (!content.success)
      throw hopeless('incompleteKnownError', `expected title and symptoms at ${call.elementId}, found ${content.error.issues[0]?.message}`)
    const by = { actorId: ticket.assigneeId ?? systemActor.id, at: Date.now() }
    return db.transaction().execute(async (trx): Promise<Variables> => {
      const { id, number, isNew } = await addKnownError(trx, content.data, by, ticketId)
      if (!isNew) {
        const { version } = await trx.selectFrom('knownError').select('version').where('id', '=', id).executeTakeFirstOrThrow()
        await editKnownError(trx, id, content.data, { ...by, baseVersion: version, note: '' })
      }
      await moveKnownError(trx, id, 'published', by)
      return { knownErrorId: id, knownErrorNumber: number }
    })
  },
}

/** Task type `settleKnownError`: the problem is solved; `articleFate` `retire` takes its known error out of use. */
export const settleKnownError: TaskHandler = {
  async run({ ticketId, input }, { db }) {
    if (input.articleFate === 'retire') await moveKnownError(db, ticketId, 'retired', { actorId: systemActor.id, at: Date.now() })
    return {}
  },
}
