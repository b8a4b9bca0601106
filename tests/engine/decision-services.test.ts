/** Decision services, structured types, and the boxed expressions of DMN 1.4. */
import { expect, test } from 'vitest'
import { compileDecision } from '#engine/compile/index'
import type { Json, Variables } from '#engine/contract'
import { DecisionFailure, evaluateDecision } from '#engine/decision/evaluate'

const CLOCK = { at: Date.UTC(2026, 0, 5, 8), timeZone: 'UTC' }
const file = (body: string): string =>
  `<?xml version="1.0"?><definitions xmlns="https://www.omg.org/spec/DMN/20211108/MODEL/" id="d" name="d" namespace="http://guichet.dev/test">${body}</definitions>`
const literal = (feel: string): string => `<literalExpression><text>${feel}</text></literalExpression>`
const decision = (id: string, logic: string, more = '', type = ''): string =>
  `<decision id="${id}" name="${id}"><variable name="${id}" ${type ? `typeRef="${type}"` : ''}/>${more}${logic}</decision>`
const input = (id: string, type = ''): string =>
  `<inputData id="${id}" name="${id}"><variable name="${id}" ${type ? `typeRef="${type}"` : ''}/></inputData>`
const needs = (kind: 'requiredInput' | 'requiredDecision', id: string): string =>
  `<informationRequirement><${kind} href="#${id}"/></informationRequirement>`
const calls = (id: string): string => `<knowledgeRequirement><requiredKnowledge href="#${id}"/></knowledgeRequirement>`

async function decide(body: string, id: string, variables: Variables = {}): Promise<Json> {
  const compiled = await compileDecision(file(body))
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.diagnostics))
  return evaluateDecision(compiled.value.find(({ decisionId }) => decisionId === id)!, variables, CLOCK).value
}

const base = `${input('amount')}${decision('rate', literal('if amount > 100 then 0.1 else 0'), needs('requiredInput', 'amount'))}${decision('rebate', literal('amount * rate'), needs('requiredInput', 'amount') + needs('requiredDecision', 'rate'))}`
const service = (more: string): string =>
  `<decisionService id="s" name="s"><variable name="s"/><outputDecision href="#rebate"/>${more}<inputData href="#amount"/></decisionService>`

test('a decision service decides by its outputs', async () => {
  expect(await decide(base + service(''), 's', { amount: 200 })).toBe(20)
})

test('an input decision of a service is given by its caller, or made', async () => {
  const given = base + service('<inputDecision href="#rate"/>')
  expect(await decide(given, 's', { amount: 200, rate: 0.5 })).toBe(100)
  expect(await decide(given, 's', { amount: 200 })).toBe(20)
})

test('a decision calls a service as a function of its input data and input decisions; it sees nothing else', async () => {
  const caller = decision('c', literal('s(50, 0.5) + s(amount: 10, rate: 1)'), calls('s'))
  expect(await decide(base + service('<inputDecision href="#rate"/>') + caller, 'c', { amount: 1000 })).toBe(35)
})

test('several outputs come as a context', async () => {
  const many = base.concat(
    '<decisionService id="s" name="s"><variable name="s"/><outputDecision href="#rate"/><outputDecision href="#rebate"/><inputData href="#amount"/></decisionService>',
  )
  expect(await decide(many, 's', { amount: 200 })).toEqual({ rate: 0.1, rebate: 20 })
})

test.each([
  [
    'conditional',
    `<conditional><if>${literal('x &gt; 1')}</if><then>${literal('"big"')}</then><else>${literal('"small"')}</else></conditional>`,
    'big',
  ],
  ['filter', `<filter><in>${literal('[{n: 1}, {n: 3}]')}</in><match>${literal('n &gt; x - 1')}</match></filter>`, [{ n: 3 }]],
  ['filter of plain items', `<filter><in>${literal('[1, 2, 3]')}</in><match>${literal('item &lt; x')}</match></filter>`, [1]],
  ['for', `<for iteratorVariable="i"><in>${literal('[1..3]')}</in><return>${literal('i * x')}</return></for>`, [2, 4, 6]],
  [
    'for with what came before',
    `<for iteratorVariable="i"><in>${literal('[1..4]')}</in><return>${literal('if i = 1 then 1 else i * partial[-1]')}</return></for>`,
    [1, 2, 6, 24],
  ],
  ['some', `<some iteratorVariable="i"><in>${literal('[1, 2]')}</in><satisfies>${literal('i = x')}</satisfies></some>`, true],
  ['every', `<every iteratorVariable="i"><in>${literal('[1, 2]')}</in><satisfies>${literal('i = x')}</satisfies></every>`, false],
] as [string, string, Json][])('boxed %s', async (_, logic, expected) => {
  expect(await decide(`${input('x')}${decision('t', logic, needs('requiredInput', 'x'))}`, 't', { x: 2 })).toEqual(expected)
})

const types = `<itemDefinition name="tStay"><itemComponent name="from"><typeRef>date</typeRef></itemComponent><itemComponent name="nights"><typeRef>number</typeRef></itemComponent></itemDefinition><itemDefinition name="tStays" isCollection="true"><typeRef>tStay</typeRef></itemDefinition>`

test('dates inside structures are read from their text', async () => {
  const body = `${types}${input('stays', 'tStays')}${decision('t', literal('stays[1].from + duration("P1D")'), needs('requiredInput', 'stays'))}`
  expect(await decide(body, 't', { stays: [{ from: '2026-03-29', nights: 2 }] })).toBe('2026-03-30')
  await expect(decide(body, 't', { stays: [{ from: 'soon', nights: 2 }] })).rejects.toBeInstanceOf(DecisionFailure)
})

test('a result takes the structure of its type', async () => {
  expect(await decide(`${types}${decision('t', literal('{from: @"2026-01-01", nights: 1}'), '', 'tStays')}`, 't')).toEqual([
    { from: '2026-01-01', nights: 1 },
  ])
  await expect(decide(`${types}${decision('t', literal('{from: 1, nights: 1}'), '', 'tStay')}`, 't')).rejects.toBeInstanceOf(
    DecisionFailure,
  )
})

test('parameters of a knowledge model take their types', async () => {
  const body = (argument: string): string =>
    `<businessKnowledgeModel id="b" name="b"><variable name="b"/><encapsulatedLogic><formalParameter name="n" typeRef="number"/>${literal('n + 1')}</encapsulatedLogic></businessKnowledgeModel>${decision('t', literal(`b(${argument})`), calls('b'))}`
  expect(await decide(body('[4]'), 't')).toBe(5)
  await expect(decide(body('"x"'), 't')).rejects.toBeInstanceOf(DecisionFailure)
})

test('a file with a mistake is refused, and read around the mistake on request', async () => {
  const body = file(
    decision('good', literal('1')) + decision('bad', literal('1 +')) + decision('on', literal('bad'), needs('requiredDecision', 'bad')),
  )
  expect((await compileDecision(body)).ok).toBe(false)
  const tolerant = await compileDecision(body, { isTolerant: true })
  expect(tolerant.ok && tolerant.value.map(({ decisionId }) => decisionId)).toEqual(['good'])
})
