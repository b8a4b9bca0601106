/** Rotations, overrides, absences and opening hours, as the rules of on-call want them. */
import { workingSpans } from '#domain/calendar'
import type { Span } from '#domain/calendar'
import type { Away, OnCallInput, Rotation } from '#domain/on-call'
import { Calendar } from '#schema/calendar'
import type { Db, Trx } from '../database.ts'

/** Calendar of a group that has none of its own. */
export const usualCalendarId = 'fr-business'

/** The latest version of a calendar; null where none is deployed. */
export async function latestCalendar(db: Db | Trx, id: string): Promise<Calendar | null> {
  const row = await db
    .selectFrom('definition')
    .select(['source', 'version'])
    .where('kind', '=', 'calendar')
    .where('id', '=', id)
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row ? Calendar.parse({ ...JSON.parse(row.source), version: row.version }) : null
}

/** Each group's opening hours within a range; a group whose calendar is not deployed is left out. */
async function openingsOf(db: Db | Trx, groupIds: readonly string[], range: Span): Promise<Record<string, Span[]>> {
  const openings: Record<string, Span[]> = {}
  if (groupIds.length === 0) return openings
  const groups = await db.selectFrom('supportGroup').select(['id', 'calendarId']).where('id', 'in', groupIds).execute()
  for (const { id, calendarId } of groups) {
    const calendar = await latestCalendar(db, calendarId ?? usualCalendarId)
    if (calendar) openings[id] = workingSpans(calendar, range)
  }
  return openings
}

const dayMs = 86_400_000
const dateOf = (instant: number): string => new Date(instant).toISOString().slice(0, 10)

/** Absences that touch a range, a day wider for the zones; who has given all decisions to a delegate is away too. */
export async function absencesIn(db: Db | Trx, range: Span): Promise<Away[]> {
  const absences = await db
    .selectFrom('absence')
    .select(['personId', 'startsOn', 'endsOn'])
    .where('archivedAt', 'is', null)
    .where('endsOn', '>=', dateOf(range.from - dayMs))
    .where('startsOn', '<=', dateOf(range.to + dayMs))
    .orderBy('startsOn')
    .execute()
  const delegations = await db
    .selectFrom('delegation')
    .select(['personId', 'startsAt', 'endsAt'])
    .where('scope', '=', 'all')
    .where('revokedAt', 'is', null)
    .where('endsAt', '>', new Date(range.from))
    .where('startsAt', '<', new Date(range.to))
    .execute()
  const given = delegations.map(({ personId, startsAt, endsAt }) => ({
    personId,
    startsOn: dateOf(startsAt.getTime()),
    endsOn: dateOf(endsAt.getTime() - 1),
  }))
  return [...absences, ...given]
}

/** Everything that says who is on call within a range, of all groups or one. */
export async function onCallInput(db: Db | Trx, range: Span, groupId: string | null = null): Promise<OnCallInput> {
  let query = db.selectFrom('onCallRotation').selectAll().where('archivedAt', 'is', null).orderBy('level').orderBy('name')
  if (groupId !== null) query = query.where('groupId', '=', groupId)
  const rows = await query.execute()
  const rotations: Rotation[] = rows.map((row) => ({ ...row }))
  const overrides = await db
    .selectFrom('onCallOverride')
    .select(['rotationId', 'personId', 'startsAt', 'endsAt'])
    .where('archivedAt', 'is', null)
    .where('endsAt', '>', new Date(range.from))
    .where('startsAt', '<', new Date(range.to))
    .orderBy('createdAt')
    .orderBy('id')
    .execute()
  const groupIds = [...new Set(rotations.map((rotation) => rotation.groupId))]
  return {
    rotations,
    overrides: overrides.map(({ startsAt, endsAt, ...who }) => ({ ...who, from: startsAt.getTime(), to: endsAt.getTime() })),
    away: await absencesIn(db, range),
    openings: await openingsOf(db, groupIds, range),
  }
}
