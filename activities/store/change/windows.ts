/** Maintenance windows and blackouts. A change of the calendar wakes what it holds, and stops what it now forbids. */
import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { checkWindow, type Refusal } from '#domain/change/check'
import { freezeAt } from '#domain/change/freeze'
import type { ChangeWindow, WindowDraft } from '#schema/change'
import { publishMessage } from '../correlation/publish.ts'
import { type Db, inTransaction, instant, json, type Trx } from '../database.ts'
import { recordChanges } from './record-facts.ts'
import { type ChangeRow, listWindows, plannedChange, relationsOf } from './world.ts'

export type WindowSaved =
  | { ok: true; window: ChangeWindow & { version: number } }
  | { ok: false; reason: 'notFound' }
  | { ok: false; reason: 'conflict' }
  | { ok: false; reason: 'refused'; refusals: Refusal[] }

/** The message that a held or working change takes as: look at the calendar again. */
export const calendarMessage = 'changeCalendarChanged'

/** One change of the calendar at a time: two blackouts that leave no free moment only together do not see one another otherwise. */
const lockCalendar = (trx: Trx) => sql`select pg_advisory_xact_lock(hashtextextended('change-calendar', 7))`.execute(trx)

/**
 * Held changes look again, whatever the window, and those that are looking at this moment; changes at work only when a freeze is on for them
 * now. An emergency listens to none of it. The message goes with the transaction that changed the calendar.
 */
async function wakeChanges(trx: Trx, cause: string, actorId: string, at: number): Promise<void> {
  const { rows } = await sql<ChangeRow & { isHeld: boolean }>`
    select change_record.*, not instance.active @> '[{"elementId":"implement"}]' as is_held from change_record join instance on instance.ticket_id = change_record.id
    where not change_record.is_ended and (instance.active @> '[{"elementId":"awaitFreezeEnd"}]' or instance.active @> '[{"elementId":"checkFreeze"}]'
      or instance.active @> '[{"elementId":"implement"}]')`.execute(trx)
  if (rows.length === 0) return
  const [windows, relations] = [await listWindows(trx), await relationsOf(trx)]
  for (const { isHeld, ...row } of rows) {
    if (!isHeld && freezeAt(plannedChange(row), windows, relations, at) === null) continue
    await publishMessage(trx, {
      name: calendarMessage,
      correlationKey: row.id,
      messageId: `${cause}/${row.id}`,
      variables: {},
      timeToLiveMs: 60_000,
      source: actorId,
      at,
    })
  }
}

const plainWindow = ({ kind, name, reason, timeZone, startsAt, endsAt, rule, scope }: WindowDraft) => ({
  kind,
  name,
  reason,
  timeZone,
  startsAt,
  endsAt,
  rule,
  scope,
})

/** Adds (`id` null) or changes a window. `version`: the one that was edited; null: whatever is there. */
export function saveWindow(
  db: Db | Trx,
  save: { id: string | null; version: number | null; draft: WindowDraft; newId?: string },
  actorId: string,
  at = Date.now(),
): Promise<WindowSaved> {
  return inTransaction(db, async (trx) => {
    await lockCalendar(trx)
    const all = await listWindows(trx)
    const before = save.id === null ? null : (all.find(({ id }) => id === save.id) ?? null)
    if (save.id !== null && before === null) return { ok: false, reason: 'notFound' }
    if (before && save.version !== null && before.version !== save.version) return { ok: false, reason: 'conflict' }
    const id = save.id ?? save.newId ?? randomUUID()
    const draft = plainWindow(save.draft)
    const refusals = checkWindow(
      draft,
      id,
      all.filter((other) => other.id !== id),
      at,
    )
    if (refusals.length > 0) return { ok: false, reason: 'refused', refusals }
    const version = await recordChanges(trx, { noun: 'changeWindow', id, before: before && plainWindow(before), after: draft }, actorId, at)
    const row = { ...draft, scope: json(draft.scope), version }
    if (before) await trx.updateTable('changeWindow').set(row).where('id', '=', id).execute()
    else
      await trx
        .insertInto('changeWindow')
        .values({ id, ...row, createdBy: actorId, createdAt: instant(at) })
        .execute()
    await wakeChanges(trx, `window/${id}/${version}`, actorId, at)
    return { ok: true, window: { ...draft, id, version } }
  })
}

/** False: there is no such window (any more). */
export function deleteWindow(db: Db | Trx, id: string, actorId: string, at = Date.now()): Promise<boolean> {
  return inTransaction(db, async (trx) => {
    await lockCalendar(trx)
    const before = (await listWindows(trx)).find((window) => window.id === id)
    if (!before) return false
    await recordChanges(trx, { noun: 'changeWindow', id, before: plainWindow(before), after: null }, actorId, at)
    await trx.deleteFrom('changeWindow').where('id', '=', id).execute()
    await wakeChanges(trx, `window/${id}/gone`, actorId, at)
    return true
  })
}
