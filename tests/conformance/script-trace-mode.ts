/**
 * Cases of mode `scriptTrace`: executable models without a vendor's extensions. Script tasks log their label; the labels logged are
 * compared as a multiset. Conditions are written in the script language of the models: `test.contains("a")` and its like.
 */
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { compileProcesses } from '#engine/compile/index'
import type { Variables } from '#engine/contract'
import type { Model } from '#engine/model'
import { type Case, Mismatch, type Outcome, type Step } from './cases.ts'
import { act } from './engine-mode.ts'
import { World } from './world.ts'

/** The script language's conditions in FEEL; null: not one of the forms that the models use. */
export function translateCondition(source: string): string | null {
  const text = source
    .trim()
    .replace(/;$/, '')
    .replace(/^return\s+/, '')
  const isNegated = /^!\s*/.test(text)
  const contains = /^!?\s*(\w+)\.(?:contains|includes)\(\s*(["'])(.*?)\2\s*\)$/.exec(text)
  if (contains) {
    const feel = `contains(${contains[1]}, "${contains[3]}")`
    return isNegated ? `not(${feel})` : feel
  }
  const equals = /^(\w+)(?:\.equals\(\s*(["'])(.*?)\2\s*\)|\s*={2,3}\s*(["'])(.*?)\4)$/.exec(text)
  if (equals) return `${equals[1]} = "${equals[3] ?? equals[5] ?? ''}"`
  return /^(true|false)$/.test(text) ? text : null
}

export async function runScriptTraceCase(file: string, test: Case): Promise<Outcome> {
  try {
    const models = await load(file, test)
    const world = new World(models, new Set())
    for (const step of test.steps) {
      const isStart = step.start !== undefined
      const processId = isStart && models[step.start!] ? step.start! : Object.keys(models)[0]!
      const variables: Variables = step.variables ?? (typeof step.test === 'string' ? { test: step.test } : {})
      if (isStart && !world.start(processId, variables)) throw new Mismatch(`expected ${processId} to start, found it refused`)
      if (!isStart && !isExpectation(step) && !act(world, step, models)) throw new Mismatch(`${JSON.stringify(step)} does not apply`)
      world.runTimers()
      if (Array.isArray(step.expectScriptTrace)) compare(test, world, step.expectScriptTrace as string[])
    }
    return { verdict: 'passed' }
  } catch (error) {
    return { verdict: 'failed', reason: error instanceof Mismatch ? error.message : `error: ${(error as Error).message}` }
  }
}

const isExpectation = (step: Step): boolean => Object.keys(step).some((key) => key.startsWith('expect') || key === 'test')

async function load(file: string, test: Case): Promise<Record<string, Model>> {
  const models: Record<string, Model> = {}
  for (const name of test.files ?? [test.file]) {
    const xml = readFileSync(join(dirname(file), name), 'utf8')
    const expressions = Object.fromEntries(
      [...xml.matchAll(/<(?:\w+:)?(?:conditionExpression|condition|loopCondition|completionCondition)[^>]*>([\s\S]*?)<\//g)].flatMap(
        ([, body]) => {
          const source = body!
            .replace(/<!\[CDATA\[|\]\]>/g, '')
            .replaceAll('&quot;', '"')
            .trim()
          const feel = translateCondition(source)
          return feel === null ? [] : [[source, feel]]
        },
      ),
    )
    const compiled = await compileProcesses(xml, { dialect: { expressions: { ...expressions, ...test.expressions } } })
    if (!compiled.ok)
      throw new Mismatch(
        `refused: ${compiled.diagnostics.map(({ elementId, code, message }) => `${elementId}: ${code} ${message}`).join('; ')}`,
      )
    for (const model of compiled.value) models[model.processId] = model
  }
  return models
}

function compare(test: Case, world: World, expected: string[]): void {
  const labels = new Map(Object.entries(test.scriptLabels ?? {}).flatMap(([label, tasks]) => [tasks].flat().map((task) => [task, label])))
  const found = world.facts.flatMap((fact) =>
    fact.type === 'elementCompleted' && labels.has(fact.elementId) ? [labels.get(fact.elementId)!] : [],
  )
  const stalled = world.stalls().map(({ elementId, message }) => `${elementId} ${message}`)
  if (JSON.stringify([...expected].sort()) !== JSON.stringify(found.sort()))
    throw new Mismatch(
      `script trace: expected ${JSON.stringify(expected)}, found ${JSON.stringify(found)}${stalled.length > 0 ? `; stalled: ${stalled.join(', ')}` : ''}`,
    )
}
