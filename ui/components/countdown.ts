/** How an SLA clock reads at an instant. Business time is the server's affair: a running clock is read against its due instant, a paused one by its remaining business time. */
import type { ClockView } from '#schema/view'
import { formatSpan } from '../i18n/formats.ts'

export type ClockTone = 'calm' | 'soon' | 'late' | 'paused' | 'met' | 'missed' | 'canceled'
export interface ClockReading {
  tone: ClockTone
  /** Wall ms to the due instant (negative once past), or business ms while paused; null where nothing counts down. */
  ms: number | null
}

/** A clock is `soon` from this share of its time on: the first drawn threshold. */
const soonPercent = 75

export function readClock(
  clock: Pick<ClockView, 'state' | 'startedAt' | 'dueAt' | 'stoppedAt' | 'percent' | 'remainingBusinessMs'>,
  now: number,
): ClockReading {
  if (clock.state === 'canceled') return { tone: 'canceled', ms: null }
  if (clock.state === 'met') return { tone: 'met', ms: null }
  if (clock.stoppedAt !== null) return { tone: 'missed', ms: null }
  if (clock.state === 'paused') return { tone: 'paused', ms: clock.remainingBusinessMs }
  if (clock.dueAt === null) return { tone: 'calm', ms: null }
  const due = Date.parse(clock.dueAt)
  const left = due - now
  if (left <= 0 || clock.state === 'breached') return { tone: 'late', ms: Math.min(left, 0) }
  const started = Date.parse(clock.startedAt)
  const share = due > started ? ((now - started) / (due - started)) * 100 : 0
  return { tone: share >= soonPercent || clock.percent >= soonPercent ? 'soon' : 'calm', ms: left }
}

/** `04:09` under an hour (it ticks), else `3 h 05`, `2 j 4 h`. */
export function formatCountdown(ms: number, locale: 'fr' | 'en'): string {
  const absolute = Math.abs(ms)
  if (absolute >= 3_600_000) return formatSpan(absolute, locale)
  const minutes = Math.floor(absolute / 60_000)
  const seconds = Math.floor((absolute % 60_000) / 1000)
  return `${String(minutes).padStart(2, '0')}:${String(seconds).padStart(2, '0')}`
}

export const clockColors: Record<ClockTone, string> = {
  calm: 'petrol',
  soon: 'amber',
  late: 'coral',
  paused: 'gray',
  met: 'moss',
  missed: 'coral',
  canceled: 'gray',
}
