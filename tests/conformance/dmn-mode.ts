/** `{model, decision, inputs, expected}`: one decision of a DMN file. */
import { readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { compileDecision } from '#engine/compile/index'
import type { Json, Variables } from '#engine/contract'
import { DecisionFailure, evaluateDecision } from '#engine/decision/evaluate'
import type { DecisionModel } from '#engine/model'
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
  const path = join(dirname(file), test.model)
  const compiled = await compileDecision(readFileSync(path, 'utf8'), { isTolerant: true, others: besides(path) })
  if (!compiled.ok)
    return {
      verdict: 'failed',
      reason: `refused: ${compiled.diagnostics.map(({ elementId, message }) => `${elementId}: ${message}`).join('; ')}`,
    }
  const model = compiled.value.find(({ decisionId, name }) => name === test.decision || decisionId === test.decision)
  // A decision that cannot be read is no null: only a case that asks for an error is content with it.
  if (!model && test.expected === null && test.errorResult) return { verdict: 'passed' }
  if (!model) {
    const mistakes = compiled.warnings.map(({ elementId, message }) => `${elementId}: ${message}`)
    const found = [`found ${compiled.value.map(({ name }) => name).join(', ')}`, ...mistakes].join('; ')
    return { verdict: 'failed', reason: `expected decision ${test.decision}, ${found}` }
  }
  try {
    const { value } = evaluateDecision(model, inputsOf(model, test.inputs), CLOCK, { isTolerant: true })
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

/** The other files of the model's folder: what it imports is looked for among them. */
const besides = (path: string): string[] =>
  readdirSync(dirname(path))
    .filter((name) => name.endsWith('.dmn') && name !== basename(path))
    .map((name) => readFileSync(join(dirname(path), name), 'utf8'))

/** Input data that the case does not give is null. */
function inputsOf(model: DecisionModel, given: Variables): Variables {
  const names = Object.values(model.nodes).flatMap(({ inputs, imported }) => inputs.filter((name) => imported?.[name] === undefined))
  return { ...Object.fromEntries(names.map((name) => [name, null])), ...(typed(given) as Variables) }
}

/** Typed inputs as the FEEL values that a calling decision would bring. */
function typed(value: Json): unknown {
  if (Array.isArray(value)) return value.map(typed)
  if (value === null || typeof value !== 'object') return value
  const [mark, ...others] = Object.keys(value)
  if (mark?.startsWith('$') && others.length === 0) return evaluateRaw(`@${JSON.stringify(value[mark])}`, {}, CLOCK)
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, typed(item)]))
}
