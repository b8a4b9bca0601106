import type { Actor } from '#schema/role'
import { isLateCommand, type LateCommand, lateFact } from '#domain/late-facts'
import type { Command, UpdateName, Updates } from '../../../workflows/protocol.ts'
import { canonicalJson } from '../canonical.ts'
import { type Db, inTransaction, instant, json, type Trx } from '../database.ts'
import { appendNext } from '../facts.ts'

/** Whether no workflow writes to the ticket's stream any more: its process has ended, or it never had one (imported history). */
async function isQuiet(trx: Trx, ticketId: string): Promise<boolean> {
  const row = await trx.selectFrom('instance').select('isEnded').where('ticketId', '=', ticketId).executeTakeFirst()
  return row === undefined || row.isEnded
}

/**
 * Puts a command to a ticket's workflow on its way, in the caller's transaction: delivered once, in order, from the outbox.
 * @param key the same key is the same command
 */
export async function orderCommand<N extends UpdateName>(
  trx: Trx,
  order: { ticketId: string; name: N; payload: Updates[N]; actor: Actor; key: string; at: number },
): Promise<void> {
  const { ticketId, name, payload, actor, key, at } = order
  if (isLateCommand(name) && (await isQuiet(trx, ticketId))) {
    await appendLate(trx, ticketId, name, payload as Updates[LateCommand], actor.id, at)
    return
  }
  const command: Command<Updates[N]> = { actor, key, payload }
  await trx
    .insertInto('commandOutbox')
    .values({ ticketId, updateName: name, command: json(command), createdAt: instant(at) })
    .execute()
}

/** Appends what the ended workflow can no longer say. A fact that its stream tells already (the answer was lost) is not told twice. */
async function appendLate(
  trx: Trx,
  ticketId: string,
  name: LateCommand,
  payload: Updates[LateCommand],
  actorId: string,
  at: number,
): Promise<void> {
  const fact = lateFact(name, payload, at)
  await trx.selectFrom('streamHead').select('sequence').where('streamId', '=', ticketId).forUpdate().execute()
  const told = await trx
    .selectFrom('fact')
    .select('body')
    .where('streamId', '=', ticketId)
    .where('type', '=', fact.type)
    .orderBy('sequence', 'desc')
    .execute()
  const isLink = name === 'linkTicket' || name === 'unlinkTicket'
  const said = canonicalJson(payload)
  if (isLink && told.some(({ body }) => canonicalJson(withoutTime(body)) === said)) return
  await appendNext(trx, ticketId, [{ actorId, fact }])
}

function withoutTime(body: unknown): Record<string, unknown> {
  const { type: _type, at: _at, ...rest } = body as Record<string, unknown>
  return rest
}

/** The workflow of an outbox row has ended before the row reached it: what may still be said is appended, and the row is done. */
export async function settleAfterEnd(db: Db, rowId: number, at = Date.now()): Promise<void> {
  await inTransaction(db, async (trx) => {
    const row = await trx
      .selectFrom('commandOutbox')
      .selectAll()
      .where('id', '=', rowId)
      .where('deliveredAt', 'is', null)
      .forUpdate()
      .executeTakeFirst()
    if (row === undefined) return
    const { actor, payload } = row.command as unknown as Command<Updates[LateCommand]>
    if (isLateCommand(row.updateName)) await appendLate(trx, row.ticketId, row.updateName, payload, actor.id, at)
    await trx
      .updateTable('commandOutbox')
      .set({ deliveredAt: instant(at), lastError: 'ended' })
      .where('id', '=', rowId)
      .execute()
  })
}
