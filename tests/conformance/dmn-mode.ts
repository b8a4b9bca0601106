/** `{model, decision, inputs, expected}`: one decision of a DMN file. */
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { compileDecision } from '#engine/compile/index'
import type { Json, Variables } from '#engine/contract'
import { DecisionFailure, evaluateDecision } from '#engine/decision/evaluate'
import { evaluateRaw } from '#engine/expression'
import type { Outcome } from './cases.ts'
import { isEqual } from './feel-mode.ts'

const CLOCK = { at: Date.UTC(2026, 0, 5, 8), timeZone: 'UTC' }

export interface DmnCase {
  model: string
  decision: string
  inputs: Variables
  expected: Json
  errorResult?: boolean
}

export async function runDmnCase(file: string, test: DmnCase): Promise<Outcome> {
  const compiled = await compileDecision(readFileSync(join(dirname(file), test.model), 'utf8'), { isTolerant: true })
  if (!compiled.ok)
    return {
      verdict: 'failed',
      reason: `refused: ${compiled.diagnostics.map(({ elementId, message }) => `${elementId}: ${message}`).join('; ')}`,
    }
  const model = compiled.value.find(({ decisionId, name }) => name === test.decision || decisionId === test.decision)
  // A decision that cannot be read gives null, as one that fails.
  if (!model && test.expected === null) return { verdict: 'passed' }
  if (!model)
    return { verdict: 'failed', reason: `expected decision ${test.decision}, found ${compiled.value.map(({ name }) => name).join(', ')}` }
  try {
    const { value } = evaluateDecision(model, typed(test.inputs) as Variables, CLOCK)
    return isEqual(value, test.expected)
      ? { verdict: 'passed' }
      : { verdict: 'failed', reason: `expected ${JSON.stringify(test.expected)}, found ${JSON.stringify(value)}` }
  } catch (error) {
    if (!(error instanceof DecisionFailure)) throw error
    return test.expected === null
      ? { verdict: 'passed' }
      : { verdict: 'failed', reason: `expected ${JSON.stringify(test.expected)}, found failure ${error.message}` }
  }
}

/** Typed inputs as the FEEL values that a calling decision would bring. */
function typed(value: Json): unknown {
  if (Array.isArray(value)) return value.map(typed)
  if (value === null || typeof value !== 'object') return value
  const [mark, ...others] = Object.keys(value)
  if (mark?.startsWith('$') && others.length === 0) return evaluateRaw(`@${JSON.stringify(value[mark])}`, {}, CLOCK)
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, typed(item)]))
}
