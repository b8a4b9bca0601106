/** A freeze holds the step itself: whether a blackout is on now, and until when. */
import type { ChangeWindow } from '#schema/change'
import { horizonMs } from './conflict.ts'
import { joined, occurrencesOf } from './recurrence.ts'
import { type CiRelation, isAbout, type Touched, windowsAbout } from './scope.ts'

export interface Freeze {
  windowId: string
  name: string
  /** The end of the blackout, and of those that follow without a gap. */
  until: number
}

/** The blackout that holds this change at `at`; null: it may be implemented. */
export function freezeAt(touched: Touched, windows: readonly ChangeWindow[], relations: readonly CiRelation[], at: number): Freeze | null {
  const blackouts = windowsAbout(windows, touched, relations).filter(({ kind }) => kind === 'blackout')
  const spans = blackouts.flatMap((window) => occurrencesOf(window, at, at + horizonMs).map((span) => ({ window, span })))
  const now = spans.find(({ span }) => span.from <= at && at < span.to)
  if (!now) return null
  const whole = joined(spans.map(({ span }) => span)).find((span) => span.from <= at && at < span.to)
  return { windowId: now.window.id, name: now.window.name, until: whole?.to ?? now.span.to }
}

/**
 * Does a blackout leave a free moment to what it is about, within the next 90 days? Those that are there already count too, when they
 * are about the same or about everything.
 */
export function leavesFreeMoment(blackout: ChangeWindow, others: readonly ChangeWindow[], at: number): boolean {
  const to = at + horizonMs
  const { scope } = blackout
  const touched: Touched = {
    ciIds: scope.type === 'cis' ? scope.ciIds : [],
    service: scope.type === 'services' ? (scope.services[0] ?? null) : null,
  }
  const about = others.filter((other) => other.kind === 'blackout' && other.id !== blackout.id && isAbout(other.scope, touched, []))
  const spans = joined([blackout, ...about].flatMap((window) => occurrencesOf(window, at, to)))
  return !spans.some((span) => span.from <= at && span.to >= to)
}
