import type { Insertable, Selectable } from 'kysely'
import type { FactOf, RecordedFact } from '#schema/fact'
import { type Database, instant, json, type Trx } from '../database.ts'

type Row = Selectable<Database['clock']>
type ClockFact = Extract<RecordedFact['fact'], { clockId: string }>

const unpaused = { pauseReason: null, pauseOwner: null, pauseCapAt: null } as const

const started = (ticketId: string, fact: FactOf<'clockStarted'>): Row => ({
  ticketId,
  clockId: fact.clockId,
  metric: fact.metric,
  policyId: fact.policyId,
  policyVersion: fact.policyVersion,
  calendarId: fact.calendarId,
  calendarVersion: fact.calendarVersion,
  state: fact.isPaused ? 'paused' : 'running',
  targetMs: fact.targetMs,
  startedAt: instant(fact.countedFrom ?? fact.at),
  dueAt: fact.isPaused ? null : instant(fact.dueAt),
  remainingBusinessMs: fact.isPaused ? Math.max(0, fact.targetMs - (fact.elapsedBusinessMs ?? 0)) : null,
  stoppedAt: null,
  elapsedBusinessMs: null,
  breachedAt: null,
  lateMs: null,
  ownedMs: {},
  kind: fact.kind ?? 'sla',
  name: (fact.name ?? null) as Row['name'],
  groupId: fact.groupId ?? null,
  supplierId: fact.supplierId ?? null,
  isCalendarFallback: fact.isCalendarFallback ?? false,
  ...unpaused,
})

/** A clock as an operator's recomputation left it. */
function recomputed(ticketId: string, row: Row | null, { clockId, metric, to }: FactOf<'clockRecomputed'>): Row | null {
  if (to === null) return row === null ? null : { ...row, ...unpaused, state: 'canceled', dueAt: null, remainingBusinessMs: null }
  const isOpen = to.stoppedAt === null
  return {
    ticketId,
    clockId,
    metric,
    policyId: to.policyId,
    policyVersion: to.policyVersion,
    calendarId: to.calendarId,
    calendarVersion: to.calendarVersion,
    state: to.state,
    targetMs: to.targetMs,
    startedAt: instant(to.startedAt),
    dueAt: to.dueAt === null ? null : instant(to.dueAt),
    remainingBusinessMs: isOpen && to.dueAt === null ? Math.max(0, to.targetMs - to.elapsedBusinessMs) : null,
    stoppedAt: to.stoppedAt === null ? null : instant(to.stoppedAt),
    elapsedBusinessMs: isOpen ? null : to.elapsedBusinessMs,
    breachedAt: to.breachedAt === null ? null : instant(to.breachedAt),
    lateMs: to.breachedAt === null ? null : 0,
    ownedMs: to.ownedMs,
    kind: to.kind,
    name: to.name as Row['name'],
    groupId: to.groupId,
    supplierId: row?.supplierId ?? null,
    isCalendarFallback: row?.isCalendarFallback ?? false,
    ...(to.state === 'paused' && row !== null
      ? { pauseReason: row.pauseReason, pauseOwner: row.pauseOwner, pauseCapAt: row.pauseCapAt }
      : unpaused),
  }
}

/** One service level clock after one more fact. A breached clock stays breached while it pauses, resumes and stops late. */
export function clockAfter(ticketId: string, row: Row | null, fact: ClockFact): Row | null {
  if (fact.type === 'clockStarted') return started(ticketId, fact)
  if (fact.type === 'clockRecomputed') return recomputed(ticketId, row, fact)
  if (row === null) return null
  const at = instant(fact.at)
  const whileOpen = (state: string) => (row.breachedAt ? 'breached' : state)
  switch (fact.type) {
    case 'clockPaused':
      return {
        ...row,
        state: whileOpen('paused'),
        dueAt: null,
        remainingBusinessMs: fact.remainingBusinessMs,
        pauseReason: fact.reason,
        pauseOwner: fact.owner ?? null,
        pauseCapAt: typeof fact.capAt === 'number' ? instant(fact.capAt) : null,
      }
    case 'clockResumed':
    case 'clockPauseCapped':
      return { ...row, ...unpaused, state: whileOpen('running'), dueAt: instant(fact.dueAt), remainingBusinessMs: null }
    case 'clockRetargeted':
      return { ...row, targetMs: fact.targetMs, dueAt: row.state === 'paused' ? null : instant(fact.dueAt) }
    case 'clockBreached':
      return { ...row, state: 'breached', breachedAt: at, lateMs: fact.lateMs, ownedMs: fact.ownedMs }
    case 'clockStopped':
      return {
        ...row,
        state: fact.isMet ? 'met' : 'breached',
        stoppedAt: at,
        elapsedBusinessMs: fact.elapsedBusinessMs,
        remainingBusinessMs: null,
        ...unpaused,
      }
    case 'clockCanceled':
      return { ...row, ...unpaused, state: 'canceled', stoppedAt: at, remainingBusinessMs: null }
    default:
      return row
  }
}

export async function projectClocks(trx: Trx, ticketId: string, facts: readonly RecordedFact[]): Promise<void> {
  const relevant = facts.map(({ fact }) => fact).filter((fact): fact is ClockFact => 'clockId' in fact)
  if (relevant.length === 0) return
  const rows = new Map<string, Row>()
  for (const row of await trx.selectFrom('clock').selectAll().where('ticketId', '=', ticketId).execute()) rows.set(row.clockId, row)
  const touched = new Set<string>()
  for (const fact of relevant) {
    const after = clockAfter(ticketId, rows.get(fact.clockId) ?? null, fact)
    if (after === null) continue
    rows.set(fact.clockId, after)
    touched.add(fact.clockId)
  }
  for (const clockId of touched) {
    const after = rows.get(clockId)
    const name = after?.name ? json(after.name) : null
    const row = { ...after, ownedMs: json(after?.ownedMs ?? {}), name } as Insertable<Database['clock']>
    const { ticketId: _ticket, clockId: _clock, ...changes } = row
    await trx
      .insertInto('clock')
      .values(row)
      .onConflict((on) => on.columns(['ticketId', 'clockId']).doUpdateSet(changes))
      .execute()
  }
}
