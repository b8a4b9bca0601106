import { type Insertable, sql } from 'kysely'
import { evaluateFeel } from '#engine/expression'
import type { EventDefinition, Expression, Model } from '#engine/model'
import { addDuration, nextOccurrence, parseCycle, parseInstant } from '#engine/time'
import { type Database, type Db, instant, maybeInstant, type Trx } from '../database.ts'
import { compileDefinition } from '../definition/kinds.ts'
import { orderStart } from './match.ts'

type Row = Insertable<Database['startTrigger']>

/** Timers fired in one round. */
const roundLimit = 50
/** Occurrences missed while nothing ran that are counted one by one; beyond it the next is reckoned from now. */
const missedLimit = 10_000

/** A start event's expression sees no instance: constants and what FEEL makes of nothing. Null when it cannot be evaluated. */
function textOf(expression: Expression, at: number, timeZone: string): string | null {
  if ('literal' in expression) return String(expression.literal)
  try {
    const value = evaluateFeel(expression.feel, {}, { at, timeZone })
    return value === null ? null : String(value)
  } catch {
    return null
  }
}

/** When a timer start event is due first, after its deployment at `at`. A date that has passed then is not made up for. */
function timerOf(
  event: Extract<EventDefinition, { type: 'timer' }>,
  at: number,
  timeZone: string,
): Pick<Row, 'dueAt' | 'interval' | 'remaining'> {
  const never = { dueAt: null, interval: null, remaining: null }
  const text = textOf(event.value, at, timeZone)
  if (text === null) return never
  if (event.timer !== 'cycle') {
    const dueAt = event.timer === 'date' ? parseInstant(text, timeZone) : addDuration(at, text, timeZone)
    return dueAt === null || dueAt <= at ? never : { ...never, dueAt: instant(dueAt) }
  }
  const cycle = parseCycle(text, timeZone)
  if (cycle === null) return never
  const first = cycle.startAt ?? nextOccurrence(cycle.interval, at, timeZone)
  const next = first === null ? null : upcoming({ dueAt: first, interval: cycle.interval, remaining: cycle.repetitions }, at, timeZone)
  return next === null ? never : { dueAt: instant(next.dueAt), interval: cycle.interval, remaining: next.remaining }
}

interface Occurrence {
  dueAt: number
  interval: string
  /** Firings left, the one at `dueAt` included; null: without end. */
  remaining: number | null
}

/** The first occurrence after `at`, those before it counted as used up; null when none is left. */
export function upcoming(from: Occurrence, at: number, timeZone: string): Occurrence | null {
  let { dueAt, remaining } = from
  for (let missed = 0; dueAt <= at; missed++) {
    if (remaining !== null) remaining -= 1
    const next = nextOccurrence(from.interval, missed < missedLimit ? dueAt : at, timeZone)
    if (next === null) return null
    dueAt = next
  }
  return remaining !== null && remaining <= 0 ? null : { ...from, dueAt, remaining }
}

/** `part`: which trigger of its start event, where that has several. */
function rowOf(model: Model, version: number, trigger: Model['startTriggers'][number], part: number, at: number): Row | null {
  const { processId, timeZone } = model
  const { elementId, event, groupId = null } = trigger
  const base = { processId, elementId, part, groupId, version, timeZone }
  if (event.type === 'timer') return { ...base, kind: 'timer', ...timerOf(event, at, timeZone) }
  if (event.type !== 'message' && event.type !== 'signal') return null
  return { ...base, kind: event.type, name: textOf(event.name, at, timeZone) }
}

/** The start events of the newest version replace those of the version before. */
export async function replaceStartTriggers(trx: Trx, model: Model, version: number, at: number): Promise<void> {
  const { processId } = model
  await trx.deleteFrom('startTrigger').where('processId', '=', processId).execute()
  const partOf = (index: number): number => {
    const { elementId } = model.startTriggers[index]!
    return model.startTriggers.slice(0, index).filter((before) => before.elementId === elementId).length
  }
  const rows = model.startTriggers.flatMap((trigger, index) => rowOf(model, version, trigger, partOf(index), at) ?? [])
  if (rows.length > 0) await trx.insertInto('startTrigger').values(rows).execute()
  await trx
    .insertInto('startCatalogue')
    .values({ processId, version })
    .onConflict((on) => on.column('processId').doUpdateSet({ version }))
    .execute()
}

/** Catalogues the start events of processes that were deployed before there was a catalogue. @returns how many processes */
export async function catalogueStartTriggers(db: Db, at: number): Promise<number> {
  const latest = await db
    .selectFrom('definition')
    .distinctOn('id')
    .select(['id', 'version', 'source'])
    .where('kind', '=', 'process')
    .orderBy('id')
    .orderBy('version', 'desc')
    .execute()
  const known = new Map((await db.selectFrom('startCatalogue').selectAll().execute()).map(({ processId, version }) => [processId, version]))
  const missing = latest.filter(({ id, version }) => (known.get(id) ?? 0) < version)
  for (const { id, version, source } of missing) {
    const compiled = await compileDefinition('process', source, id)
    const model = compiled.ok ? compiled.value.process : undefined
    if (model) await db.transaction().execute((trx) => replaceStartTriggers(trx, model, version, at))
  }
  return missing.length
}

/**
 * Orders the instances whose timer start event is due, each firing once whoever asks. Occurrences that were missed while nothing ran come to one
 * start, not to one each. @returns how many were ordered
 */
export async function fireDueStarts(db: Db, at: number): Promise<number> {
  return db.transaction().execute(async (trx) => {
    const due = await trx
      .selectFrom('startTrigger')
      .selectAll()
      .where('kind', '=', 'timer')
      .where('dueAt', '<=', instant(at))
      .orderBy('dueAt')
      .limit(roundLimit)
      .forUpdate()
      .skipLocked()
      .execute()
    for (const { processId, elementId, part, dueAt, interval, remaining, timeZone } of due) {
      await orderStart(trx, { publicationId: null, processId, elementId, payload: { variables: {}, startedById: 'system' } }, at)
      const next = dueAt && interval ? upcoming({ dueAt: dueAt.getTime(), interval, remaining }, at, timeZone) : null
      await trx
        .updateTable('startTrigger')
        .set({ dueAt: maybeInstant(next?.dueAt), remaining: next ? next.remaining : sql<number>`0` })
        .where('processId', '=', processId)
        .where('elementId', '=', elementId)
        .where('part', '=', part)
        .execute()
    }
    return due.length
  })
}
