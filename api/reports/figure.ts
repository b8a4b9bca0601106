import { type Kysely, type RawBuilder, type SqlBool, sql } from 'kysely'
import { z } from 'zod'
import { openStatuses } from '#schema/ticket'
import type { Database } from '../../activities/store/database.ts'

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

/** Which tickets are counted: those opened in [from, to) and of that source. */
export const FiguresFilter = z.object({
  from: z.date().nullable().default(null),
  to: z.date().nullable().default(null),
  source: z.enum(['all', 'live', 'imported']).default('all'),
  /** IANA zone whose days `perDay` counts; that of the desk when absent. */
  timeZone: z.string().refine(isTimeZone, 'a time zone such as Europe/Paris').default('Europe/Paris'),
  /** Which tickets the asker may see, as a condition on `ticket`: he counts no others. */
  scope: z.custom<RawBuilder<SqlBool>>().nullable().default(null),
  /** The instant of asking: a clock due before it and still running is overdue. */
  at: z.date().default(() => new Date()),
})
export type FiguresFilter = z.infer<typeof FiguresFilter>

interface Bilingual {
  fr: string
  en: string
}

/**
 * A figure: its number and its words in one place. A change of the formula is a new version, because a figure may only be
 * compared with itself.
 */
export interface FigureDefinition<Value> {
  version: number
  title: Bilingual
  formula: Bilingual
  compute(db: Kysely<Database>, filter: FiguresFilter): Promise<Value>
  /**
   * The tickets that a part of the figure counts, as a condition on table `ticket`, so that a list can open exactly these; null: the figure has no such part.
   * The filter's own condition (`inScope`) goes with it.
   */
  tickets(part: readonly string[], filter: FiguresFilter): RawBuilder<SqlBool> | null
}

/** The condition on `ticket` that the filter stands for. */
export function inScope({ from, to, source, scope }: FiguresFilter): RawBuilder<SqlBool> {
  const parts: RawBuilder<SqlBool>[] = [sql<SqlBool>`true`]
  if (from !== null) parts.push(sql<SqlBool>`ticket.opened_at >= ${from}`)
  if (to !== null) parts.push(sql<SqlBool>`ticket.opened_at < ${to}`)
  if (source !== 'all') parts.push(sql<SqlBool>`ticket.is_imported = ${source === 'imported'}`)
  if (scope !== null) parts.push(scope)
  return sql<SqlBool>`(${sql.join(parts, sql` and `)})`
}

/**
 * Solved, still so, and at a known instant. An imported ticket may lack the last: its source says that it was solved, not when; a duration
 * must not be made up for it (the import notes `isResolutionInstantUnknown` with the ticket).
 */
export const isResolved: RawBuilder<SqlBool> = sql<SqlBool>`(ticket.resolved_at is not null and ticket.status not in (${sql.join([...openStatuses])}) and not ticket.extra @> '{"isResolutionInstantUnknown": true}')`
/** Solved at least once, whatever came after. */
export const wasResolved: RawBuilder<SqlBool> = sql<SqlBool>`(ticket.resolved_at is not null or ticket.reopen_count > 0)`
export const wasReopened: RawBuilder<SqlBool> = sql<SqlBool>`(ticket.reopen_count > 0)`

/** Of the clocks of one metric: one that was missed, or is overdue now, speaks for the ticket. */
export function isClockMissed(at: Date): RawBuilder<SqlBool> {
  return sql<SqlBool>`(clock.state = 'breached' or clock.breached_at is not null or (clock.state = 'running' and clock.due_at < ${at}))`
}
