import { defaultPreferences, NotificationPreferences } from '#schema/notification'
import { digestDueAt } from '#domain/notification'
import { type Db, inTransaction, instant, json, type Trx } from '../database.ts'
import { appendNext } from '../facts.ts'

/** What a person wants; the defaults for whoever has not said. */
export async function getPreferences(db: Db | Trx, personId: string): Promise<NotificationPreferences> {
  const row = await db.selectFrom('notificationPreference').selectAll().where('personId', '=', personId).executeTakeFirst()
  return row ? NotificationPreferences.parse({ timeZone: row.timeZone, dailyAt: row.dailyAt, modes: row.modes }) : defaultPreferences
}

/** Keeps and records them. What waits for a digest already follows: it goes out now, at another time, or not at all. */
export function setPreferences(
  db: Db | Trx,
  personId: string,
  preferences: NotificationPreferences,
  actorId: string,
  at = Date.now(),
): Promise<void> {
  return inTransaction(db, async (trx) => {
    const before = await getPreferences(trx, personId)
    if (JSON.stringify(before) === JSON.stringify(preferences)) return
    const { timeZone, dailyAt, modes } = preferences
    const row = { timeZone, dailyAt, modes: json(modes), updatedAt: instant(at) }
    await trx
      .insertInto('notificationPreference')
      .values({ personId, ...row })
      .onConflict((on) => on.column('personId').doUpdateSet(row))
      .execute()
    await retime(trx, personId, preferences, at)
    await appendNext(trx, `person/${personId}`, [
      {
        actorId,
        fact: { type: 'recordChanged', at, noun: 'person', id: personId, field: 'notifications', from: before, to: preferences },
      },
    ])
  })
}

async function retime(trx: Trx, personId: string, preferences: NotificationPreferences, at: number): Promise<void> {
  const waiting = await trx
    .selectFrom('mailOut')
    .select(['id', 'template', 'createdAt'])
    .where('personId', '=', personId)
    .where('state', '=', 'collected')
    .forUpdate()
    .execute()
  for (const mail of waiting) {
    const mode = preferences.modes[mail.template] ?? 'immediate'
    const change =
      mode === 'never'
        ? { state: 'suppressed', reasonCode: 'unsubscribed', digestDueAt: null }
        : mode === 'immediate'
          ? { state: 'pending', reasonCode: null, digestDueAt: null }
          : { digestDueAt: instant(digestDueAt(mode, preferences, at)) }
    await trx.updateTable('mailOut').set(change).where('id', '=', mail.id).execute()
  }
}

/** Changes one event's mode, as a click on "unsubscribe" does. */
export async function setMode(
  db: Db | Trx,
  personId: string,
  event: string,
  mode: NotificationPreferences['modes'][string],
  actorId: string,
  at = Date.now(),
): Promise<void> {
  await inTransaction(db, async (trx) => {
    await trx.selectFrom('person').select('id').where('id', '=', personId).forUpdate().execute()
    const now = await getPreferences(trx, personId)
    await setPreferences(trx, personId, { ...now, modes: { ...now.modes, [event]: mode } }, actorId, at)
  })
}
