import { describe, expect, test } from 'vitest'
import { compileDecision } from '#engine/compile/index'
import type { Json, Variables } from '#engine/contract'
import { DecisionFailure, evaluateDecision } from '#engine/decision/evaluate'
import type { DecisionModel } from '#engine/model'
import { end, ext, path, Play, process, start } from './play.ts'

const CLOCK = { at: Date.UTC(2026, 0, 5, 8), timeZone: 'UTC' }
const dmn = (body: string): string =>
  `<?xml version="1.0"?><definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="http://guichet.dev/test">${body}</definitions>`
/** Rules as `test -> output`, on one input `x` and one output `y`. */
const table = (policy: string, rules: string[], output = '', input = ''): string =>
  `<decision id="t" name="t"><decisionTable id="dt" ${policy}><input id="i"><inputExpression id="ie"><text>x</text></inputExpression>${input}</input><output id="o" name="y">${output}</output>${rules
    .map((rule, index) => {
      const [condition, value] = rule.split(' -> ')
      return `<rule id="r${index + 1}"><inputEntry id="a${index}"><text>${condition!.replace(/</g, '&lt;')}</text></inputEntry><outputEntry id="b${index}"><text>${value}</text></outputEntry></rule>`
    })
    .join('')}</decisionTable></decision>`

async function compile(xml: string): Promise<Record<string, DecisionModel>> {
  const compiled = await compileDecision(xml)
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.diagnostics))
  return Object.fromEntries(compiled.value.map((model) => [model.decisionId, model]))
}
async function decide(body: string, variables: Variables, id = 't'): Promise<{ value: Json; rows: number[] }> {
  const { value, trace } = evaluateDecision((await compile(dmn(body)))[id]!, variables, CLOCK)
  return { value, rows: trace.at(-1)!.rows }
}

const overlapping = ['< 10 -> 1', '< 20 -> 2', '> 100 -> 3']
describe('hit policies', () => {
  test.each<[string, number, Json, number[]]>([
    ['', 15, 2, [2]],
    ['hitPolicy="UNIQUE"', 50, null, []],
    ['hitPolicy="FIRST"', 5, 1, [1]],
    ['hitPolicy="RULE ORDER"', 5, [1, 2], [1, 2]],
    ['hitPolicy="COLLECT"', 5, [1, 2], [1, 2]],
    ['hitPolicy="COLLECT" aggregation="SUM"', 5, 3, [1, 2]],
    ['hitPolicy="COLLECT" aggregation="MIN"', 5, 1, [1, 2]],
    ['hitPolicy="COLLECT" aggregation="MAX"', 5, 2, [1, 2]],
    ['hitPolicy="COLLECT" aggregation="COUNT"', 5, 2, [1, 2]],
  ])('%s with x = %i gives %j by rows %j', async (policy, x, value, rows) => {
    expect(await decide(table(policy, overlapping), { x })).toEqual({ value, rows })
  })
  test('priority and output order follow the list of output values', async () => {
    const values = '<outputValues id="ov"><text>"high","low"</text></outputValues>'
    const rules = ['< 20 -> "low"', '< 10 -> "high"']
    expect(await decide(table('hitPolicy="PRIORITY"', rules, values), { x: 5 })).toEqual({ value: 'high', rows: [2] })
    expect(await decide(table('hitPolicy="OUTPUT ORDER"', rules, values), { x: 5 })).toEqual({ value: ['high', 'low'], rows: [2, 1] })
  })
  test('unique with two matching rules, and any with different outputs, fail by naming the rules', async () => {
    await expect(decide(table('hitPolicy="UNIQUE"', overlapping), { x: 5 })).rejects.toThrow('rules 1, 2 match')
    await expect(decide(table('hitPolicy="ANY"', overlapping), { x: 5 })).rejects.toThrow('rules 1 and 2')
  })
  test('the default output applies when no rule does', async () => {
    expect((await decide(table('', overlapping, '<defaultOutputEntry id="de"><text>9</text></defaultOutputEntry>'), { x: 50 })).value).toBe(
      9,
    )
  })
  test('an input outside its allowed values, and a missing input, fail', async () => {
    const allowed = '<inputValues id="iv"><text>[0..10]</text></inputValues>'
    await expect(decide(table('', overlapping, '', allowed), { x: 50 })).rejects.toThrow('allowed values')
    await expect(decide(table('', overlapping), {})).rejects.toBeInstanceOf(DecisionFailure)
  })
})

test('a requirement graph: decisions, a knowledge model, a boxed context', async () => {
  const body = `<decision id="base" name="base"><variable id="v1" name="base"/><literalExpression id="l1"><text>x * 2</text></literalExpression></decision>
    <businessKnowledgeModel id="bkm" name="plus"><variable id="v2" name="plus"/><encapsulatedLogic id="fd"><formalParameter id="fp" name="n"/><literalExpression id="l2"><text>n + 1</text></literalExpression></encapsulatedLogic></businessKnowledgeModel>
    <decision id="t" name="t"><variable id="v3" name="t"/><informationRequirement id="ir"><requiredDecision href="#base"/></informationRequirement><knowledgeRequirement id="kr"><requiredKnowledge href="#bkm"/></knowledgeRequirement>
    <context id="c"><contextEntry id="ce1"><variable id="v4" name="once"/><literalExpression id="l3"><text>plus(base)</text></literalExpression></contextEntry><contextEntry id="ce2"><literalExpression id="l4"><text>plus(once)</text></literalExpression></contextEntry></context></decision>`
  expect((await decide(body, { x: 10 })).value).toBe(22)
})

test('mistakes are refused at the rule', async () => {
  const compiled = await compileDecision(dmn(table('', ['< 10 -> 1 +'])))
  expect(compiled).toMatchObject({ ok: false, diagnostics: [{ elementId: 'r1', code: 'feelSyntax' }] })
})

test('a business rule task keeps the row that fired as a fact', async () => {
  const task = `<businessRuleTask id="b">${ext('<zeebe:calledDecision decisionId="t" resultVariable="priority"/>')}</businessRuleTask>`
  const play = await Play.of(
    process(`${start}${task}${end}${path('start', 'b', 'end')}`),
    { x: 15 },
    await compile(dmn(table('', overlapping))),
  )
  expect(play.variables.priority).toBe(2)
  expect(play.facts.find(({ type }) => type === 'decisionEvaluated')).toMatchObject({
    elementId: 'b',
    decisionId: 't',
    inputs: { x: 15 },
    rows: [2],
    ruleIds: ['r2'],
    outputs: 2,
  })
})
