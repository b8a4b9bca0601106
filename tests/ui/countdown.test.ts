import { describe, expect, test } from 'vitest'
import { formatCountdown, readClock } from '../../ui/components/countdown.ts'

const minute = 60_000
const hour = 60 * minute
const start = Date.parse('2026-03-02T08:00:00Z')
const at = (ms: number): string => new Date(start + ms).toISOString()
const running = {
  state: 'running' as const,
  startedAt: at(0),
  dueAt: at(4 * hour),
  stoppedAt: null,
  percent: 0,
  remainingBusinessMs: 4 * hour,
}

describe('reading a clock', () => {
  test('counts down to the due instant', () => expect(readClock(running, start + hour)).toEqual({ tone: 'calm', ms: 3 * hour }))
  test('is soon from three quarters on', () => expect(readClock(running, start + 3 * hour).tone).toBe('soon'))
  test('is not soon one millisecond before', () => expect(readClock(running, start + 3 * hour - 1).tone).toBe('calm'))
  test('follows the business share that the server computed', () =>
    expect(readClock({ ...running, percent: 80 }, start + hour).tone).toBe('soon'))
  test('is late at the due instant, without a word from the server', () =>
    expect(readClock(running, start + 4 * hour)).toEqual({ tone: 'late', ms: 0 }))
  test('counts how late it is', () => expect(readClock(running, start + 5 * hour)).toEqual({ tone: 'late', ms: -hour }))
  test('paused: remaining business time, whatever the time is', () =>
    expect(readClock({ ...running, state: 'paused', remainingBusinessMs: 90 * minute }, start + 40 * hour)).toEqual({
      tone: 'paused',
      ms: 90 * minute,
    }))
  test('met stays met', () =>
    expect(readClock({ ...running, state: 'met', stoppedAt: at(hour) }, start + 9 * hour)).toEqual({ tone: 'met', ms: null }))
  test('stopped after a breach counts no more', () =>
    expect(readClock({ ...running, state: 'breached', stoppedAt: at(5 * hour) }, start + 9 * hour)).toEqual({ tone: 'missed', ms: null }))
  test('canceled', () => expect(readClock({ ...running, state: 'canceled' }, start).tone).toBe('canceled'))
})

describe('writing a countdown', () => {
  test.each([
    [59 * minute + 59_000, '59:59'],
    [9_000, '00:09'],
    [-9_000, '00:09'],
    [hour, '1 h'],
    [3 * hour + 5 * minute, '3 h 05'],
    [49 * hour, '2 j 1 h'],
    [48 * hour, '2 j'],
  ])('%d ms is %s', (ms, text) => expect(formatCountdown(ms, 'fr')).toBe(text))
  test('days are d in English', () => expect(formatCountdown(49 * hour, 'en')).toBe('2 d 1 h'))
})
