import { businessMsBetween, nextOpening } from '#domain/calendar'
import { Calendar } from '#schema/calendar'
import type { ClockView } from '#schema/view'
import { sql } from 'kysely'
import type { Db } from '../deps.ts'

/** A clock as its projection holds it. Instants may come as text (from JSON aggregates). */
export interface ClockRow {
  clockId: string
  metric: string
  state: string
  calendarId: string
  calendarVersion: number
  targetMs: number
  startedAt: Date | string
  dueAt: Date | string | null
  stoppedAt: Date | string | null
  remainingBusinessMs: number | null
  elapsedBusinessMs: number | null
  kind: string
  name: unknown
  groupId: string | null
  pauseReason: string | null
  pauseOwner: string | null
  pauseCapAt: Date | string | null
  breachedAt: Date | string | null
  lateMs: number | null
  ownedMs: unknown
  isCalendarFallback: boolean
}

/** The columns of a ClockRow. */
export const clockColumns = [
  'clockId',
  'metric',
  'state',
  'calendarId',
  'calendarVersion',
  'targetMs',
  'startedAt',
  'dueAt',
  'stoppedAt',
  'remainingBusinessMs',
  'elapsedBusinessMs',
  'kind',
  'name',
  'groupId',
  'pauseReason',
  'pauseOwner',
  'pauseCapAt',
  'breachedAt',
  'lateMs',
  'ownedMs',
  'isCalendarFallback',
] as const satisfies readonly (keyof ClockRow)[]

/** The same as JSON, of table alias `c`. */
export const clockJson = sql`jsonb_build_object(${sql.raw(
  clockColumns.map((name) => `'${name}', c.${name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`).join(', '),
)})`

/** Names of the groups by id, an id that is no group's as it is. */
export async function groupNames(db: Db): Promise<(id: string) => string> {
  const rows = await db.selectFrom('supportGroup').select(['id', 'name']).execute()
  const names = new Map(rows.map(({ id, name }) => [id, name]))
  return (id) => names.get(id) ?? id
}

/** Deployed versions never change, so each is read once per process. */
const calendars = new Map<string, Calendar | null>()

/** The calendars these clocks are pinned to, in at most one query. */
export async function loadCalendars(
  db: Db,
  clocks: readonly Pick<ClockRow, 'calendarId' | 'calendarVersion'>[],
): Promise<(id: string, version: number) => Calendar | null> {
  const missing = new Map(clocks.map((c) => [`${c.calendarId}@${c.calendarVersion}`, c] as const).filter(([key]) => !calendars.has(key)))
  if (missing.size > 0) {
    const rows = await db
      .selectFrom('definition')
      .select(['id', 'version', 'source'])
      .where('kind', '=', 'calendar')
      .where(
        'id',
        'in',
        [...missing.values()].map((c) => c.calendarId),
      )
      .execute()
    for (const row of rows) {
      const parsed = Calendar.safeParse({ ...(JSON.parse(row.source) as object), version: row.version })
      calendars.set(`${row.id}@${row.version}`, parsed.success ? parsed.data : null)
    }
  }
  return (id, version) => calendars.get(`${id}@${version}`) ?? null
}

const iso = (value: Date | string): string => new Date(value).toISOString()
/** When it counts again; null: it counts now, or never more. */
function opensAt(calendar: Calendar, isOpen: boolean, now: number): string | null {
  const next = isOpen ? nextOpening(calendar, now) : now
  return next === now || !Number.isFinite(next) ? null : iso(new Date(next))
}
const maybeIso = (value: Date | string | null): string | null => (value === null ? null : iso(value))

/**
 * The clock at `now`: business time left (below zero when late) and percent of its target. A running clock past its due instant is breached.
 * @param calendar null (not deployed any more): what is left is given in wall time
 */
export function clockView(
  row: ClockRow,
  calendar: Calendar | null,
  now: number,
  groupName: (id: string) => string = (id) => id,
): ClockView {
  const isOpen = row.stoppedAt === null && row.state !== 'canceled' && row.state !== 'met'
  const due = row.dueAt === null ? null : new Date(row.dueAt).getTime()
  const between = (from: number, to: number) => (calendar ? businessMsBetween(calendar, from, to) : to - from)
  const isRunning = isOpen && due !== null
  const remaining = isRunning ? between(now, due) : isOpen ? row.remainingBusinessMs : null
  const elapsed = row.elapsedBusinessMs ?? (remaining === null ? null : row.targetMs - remaining)
  const state = row.state === 'running' && due !== null && due <= now ? 'breached' : (row.state as ClockView['state'])
  return {
    clockId: row.clockId,
    metric: row.metric,
    state,
    startedAt: iso(row.startedAt),
    dueAt: maybeIso(row.dueAt),
    stoppedAt: maybeIso(row.stoppedAt),
    targetMs: row.targetMs,
    remainingBusinessMs: remaining,
    elapsedBusinessMs: elapsed,
    percent: elapsed === null || row.targetMs === 0 ? 0 : Math.round((elapsed / row.targetMs) * 1000) / 10,
    kind: row.kind as ClockView['kind'],
    name: row.name as ClockView['name'],
    group: row.groupId === null ? null : { id: row.groupId, name: groupName(row.groupId) },
    pause: isOpen && row.pauseReason !== null ? { reason: row.pauseReason, owner: row.pauseOwner, capAt: maybeIso(row.pauseCapAt) } : null,
    calendar: calendar && { name: calendar.name, isFallback: row.isCalendarFallback, opensAt: opensAt(calendar, isOpen, now) },
    breachedAt: maybeIso(row.breachedAt),
    lateMs: row.lateMs,
    owned: Object.entries(row.ownedMs as Record<string, number>)
      .map(([id, ms]) => ({ id, name: groupName(id), ms }))
      .sort((a, b) => b.ms - a.ms),
  }
}
