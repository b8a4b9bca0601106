/**
 * `npm run conformance -- FILE [--mode MODE] [--id REGEX] [--json OUT] [--history] [--known]`: runs a file of cases on the pure engine.
 * Prints each failed id with its reason, each skipped id with its reason, totals by element tag, and last `N passed, N failed, N skipped`.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { Case, Outcome } from './cases.ts'
import { type DmnCase, runDmnCase } from './dmn-mode.ts'
import { runEngineCase } from './engine-mode.ts'
import { type FeelCase, runFeelCase } from './feel-mode.ts'
import { runScriptTraceCase } from './script-trace-mode.ts'
import { runSimulationCase } from './simulation-mode.ts'
import { runValidationCase } from './validation-mode.ts'

type AnyCase = Partial<Case & DmnCase & FeelCase>

const MODES: Record<string, (file: string, test: Case) => Promise<Outcome>> = {
  engine: runEngineCase,
  simulation: runSimulationCase,
  scriptTrace: runScriptTraceCase,
  validation: runValidationCase,
}

async function runCase(file: string, test: AnyCase): Promise<Outcome> {
  if ('expr' in test) return runFeelCase(test as FeelCase)
  if ('decision' in test) return await runDmnCase(file, test as DmnCase)
  const mode = MODES[test.mode ?? '']
  return mode ? await mode(file, test as Case) : { verdict: 'skipped', reason: `mode ${test.mode} is not supported` }
}

/** Cases that differ for a reason that we stand by (definitions/conformance.md), by id: shown as skipped, with the reason, under `--known`. */
const known = (isAsked: boolean): Record<string, string> =>
  isAsked ? JSON.parse(readFileSync(new URL('./known-differences.json', import.meta.url), 'utf8')) : {}

/** `--history`: a difference in the history fails the case. */
function judged(outcome: Outcome, isStrict: boolean): Outcome {
  if (!isStrict || outcome.verdict !== 'passed' || outcome.history === undefined) return outcome
  return { verdict: 'failed', reason: outcome.history }
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      mode: { type: 'string' },
      id: { type: 'string' },
      json: { type: 'string' },
      history: { type: 'boolean' },
      known: { type: 'boolean' },
    },
  })
  const file = positionals[0]
  if (!file) {
    console.error('usage: npm run conformance -- PATH/cases.json [--mode engine|simulation|...] [--id REGEX] [--json OUT]')
    process.exitCode = 2
    return
  }
  const tests = JSON.parse(readFileSync(resolve(file), 'utf8')) as AnyCase[]
  const pattern = values.id === undefined ? null : new RegExp(values.id)
  const totals = { passed: 0, failed: 0, skipped: 0 }
  const byTag: Record<string, { passed: number; failed: number; skipped: number }> = {}
  const differences = known(values.known === true)
  let differing = 0
  const report: { id: string; verdict: string; reason?: string }[] = []
  for (const [index, test] of tests.entries()) {
    const id = test.id ?? `${(test as { test?: string }).test ?? index}`
    if ((values.mode !== undefined && test.mode !== values.mode) || (pattern && !pattern.test(id))) continue
    const judgement = judged(await runCase(resolve(file), test), values.history === true)
    const reason = judgement.verdict === 'failed' ? differences[id] : undefined
    const outcome: Outcome = reason === undefined ? judgement : { verdict: 'skipped', reason }
    if (outcome.verdict === 'passed' && outcome.history !== undefined) {
      differing++
      console.log(`history differs ${id}: ${outcome.history}`)
    }
    totals[outcome.verdict]++
    for (const tag of test.elements ?? []) {
      byTag[tag] ??= { passed: 0, failed: 0, skipped: 0 }
      byTag[tag]![outcome.verdict]++
    }
    if (outcome.verdict !== 'passed') console.log(`${outcome.verdict} ${id}: ${outcome.reason}`)
    report.push({ id, ...outcome })
  }
  if (differing > 0) console.log(`${differing} passed with other counts in the history than the peer's (--history makes them fail)`)
  for (const tag of Object.keys(byTag).sort())
    console.log(`  ${tag}: ${byTag[tag]!.passed} passed, ${byTag[tag]!.failed} failed, ${byTag[tag]!.skipped} skipped`)
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(report, null, 2)}\n`)
  console.log(`${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`)
  if (totals.failed > 0) process.exitCode = 1
}

await main()
