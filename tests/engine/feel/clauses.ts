/** Lines of `expression => value as JSON`; `null` is for no answer, with or without a failure. A line with ## names what follows. */
import { describe, expect, test } from 'vitest'
import type { Json } from '#engine/contract'
import { evaluateFeel, FeelFailure } from '#engine/expression'

const CLOCK = { at: Date.UTC(2026, 0, 5, 8), timeZone: 'UTC' }

function answerOf(source: string): Json {
  try {
    return evaluateFeel(source, {}, CLOCK)
  } catch (error) {
    if (error instanceof FeelFailure) return null
    throw error
  }
}

export function clauses(text: string): void {
  for (const part of text.split(/^## /m).slice(1)) {
    const [name = '', ...lines] = part.split('\n')
    describe(name, () => {
      for (const line of lines) {
        const at = line.lastIndexOf(' => ')
        if (at > 0) test(line, () => expect(answerOf(line.slice(0, at))).toEqual(JSON.parse(line.slice(at + 4)) as Json))
      }
    })
  }
}
