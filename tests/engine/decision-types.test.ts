/** Types, versions and refusals of DMN files (DMN 1.3 clauses 6.3, 7.3 and 10.2). */
import { expect, test } from 'vitest'
import { compileDecision } from '#engine/compile/index'
import type { Json, Variables } from '#engine/contract'
import { DecisionFailure, evaluateDecision } from '#engine/decision/evaluate'

const CLOCK = { at: Date.UTC(2026, 0, 5, 8), timeZone: 'UTC' }
const VERSION_13 = 'https://www.omg.org/spec/DMN/20191111/MODEL/'
const file = (body: string, namespace = VERSION_13): string =>
  `<?xml version="1.0"?><definitions xmlns="${namespace}" id="d" name="d" namespace="http://guichet.dev/test">${body}</definitions>`
const decision = (type: string, logic: string): string =>
  `<inputData id="in" name="since"><variable id="iv" name="since" typeRef="tDay"/></inputData>
   <decision id="t" name="t"><variable id="v" name="t" typeRef="${type}"/><informationRequirement id="r"><requiredInput href="#in"/></informationRequirement>${logic}</decision>`
const literal = (feel: string): string => `<literalExpression id="l"><text>${feel}</text></literalExpression>`
const item = '<itemDefinition id="i1" name="tDay"><typeRef>date</typeRef></itemDefinition>'

async function decide(xml: string, variables: Variables): Promise<Json> {
  const compiled = await compileDecision(xml)
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.diagnostics))
  return evaluateDecision(compiled.value.find(({ decisionId }) => decisionId === 't')!, variables, CLOCK).value
}

test('text is read as the date that its item definition asks for', async () => {
  expect(await decide(file(item + decision('number', literal('since.month'))), { since: '2026-03-29' })).toBe(3)
  expect(await decide(file(item + decision('date', literal('since + duration("P1D")'))), { since: '2026-03-29' })).toBe('2026-03-30')
  await expect(decide(file(item + decision('number', literal('since.month'))), { since: 'soon' })).rejects.toThrow('expected date')
})

test('a result takes the type of its variable: a list of one is its value, another type is a failure', async () => {
  expect(await decide(file(item + decision('number', literal('[7]'))), { since: '2026-03-29' })).toBe(7)
  await expect(decide(file(item + decision('number', literal('"seven"'))), { since: '2026-03-29' })).rejects.toBeInstanceOf(DecisionFailure)
})

test.each([
  'http://www.omg.org/spec/DMN/20151101/dmn.xsd',
  'http://www.omg.org/spec/DMN/20180521/MODEL/',
  VERSION_13,
  'https://www.omg.org/spec/DMN/20211108/MODEL/',
  'https://www.omg.org/spec/DMN/20230324/MODEL/',
])('the namespace %s is read', async (namespace) => {
  expect(await decide(file(decision('number', literal('1 + 1')), namespace), {})).toBe(2)
})

test.each([
  [
    'a Java function',
    '<context id="c"><contextEntry id="e"><variable id="ev" name="f"/><functionDefinition id="f" kind="Java"><literalExpression id="b"><text>1</text></literalExpression></functionDefinition></contextEntry></context>',
    'f',
    'unsupportedFunction',
  ],
  [
    'an entry without a known expression',
    '<context id="c"><contextEntry id="e"><variable id="ev" name="f"/></contextEntry></context>',
    'e',
    'missingLogic',
  ],
])('%s is refused at its element', async (_name, logic, elementId, code) => {
  const compiled = await compileDecision(file(decision('Any', logic)))
  expect(compiled).toMatchObject({ ok: false, diagnostics: [{ elementId, code }] })
})
