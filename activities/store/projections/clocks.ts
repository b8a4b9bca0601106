import type { Insertable, Selectable } from 'kysely'
import type { FactOf, RecordedFact } from '#schema/fact'
import { type Database, instant, json, type Trx } from '../database.ts'

type Row = Selectable<Database['clock']>
type ClockFact = Extract<RecordedFact['fact'], { clockId: string }>

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
  startedAt: instant(fact.at),
  dueAt: fact.isPaused ? null : instant(fact.dueAt),
  remainingBusinessMs: fact.isPaused ? fact.targetMs : null,
  stoppedAt: null,
  elapsedBusinessMs: null,
  breachedAt: null,
  lateMs: null,
  ownedMs: {},
})

/** One service level clock after one more fact. A breached clock stays breached while it pauses, resumes and stops late. */
export function clockAfter(ticketId: string, row: Row | null, fact: ClockFact): Row | null {
  if (fact.type === 'clockStarted') return started(ticketId, fact)
  if (row === null) return null
  const at = instant(fact.at)
  const whileOpen = (state: string) => (row.breachedAt ? 'breached' : state)
  switch (fact.type) {
    case 'clockPaused':
      return { ...row, state: whileOpen('paused'), dueAt: null, remainingBusinessMs: fact.remainingBusinessMs }
    case 'clockResumed':
      return { ...row, state: whileOpen('running'), dueAt: instant(fact.dueAt), remainingBusinessMs: null }
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
      }
    case 'clockCanceled':
      return { ...row, state: 'canceled', stoppedAt: at, remainingBusinessMs: null }
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
    const row = { ...rows.get(clockId), ownedMs: json(rows.get(clockId)?.ownedMs ?? {}) } as Insertable<Database['clock']>
    const { ticketId: _ticket, clockId: _clock, ...changes } = row
    await trx
      .insertInto('clock')
      .values(row)
      .onConflict((on) => on.columns(['ticketId', 'clockId']).doUpdateSet(changes))
      .execute()
  }
}
