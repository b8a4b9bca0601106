/* biome-ignore-all lint/suspicious/noTemplateCurlyInString: JUEL is written so */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import type { Case, Step } from './cases.ts'
import { runEngineCase } from './engine-mode.ts'
import { runScriptTraceCase } from './script-trace-mode.ts'
import { runSimulationCase } from './simulation-mode.ts'
import { runValidationCase } from './validation-mode.ts'

const folder = mkdtempSync(join(tmpdir(), 'guichet-cases-'))
afterAll(() => rmSync(folder, { recursive: true }))
const cases = join(folder, 'cases.json')

const model = (body: string, roots = ''): string =>
  `<?xml version="1.0"?><definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:flowable="http://flowable.org/bpmn" targetNamespace="x">${roots}<process id="p" isExecutable="true">${body}</process></definitions>`
let flows = 0
const path = (...ids: string[]): string =>
  ids
    .slice(1)
    .map((id, index) => `<sequenceFlow id="f${++flows}" sourceRef="${ids[index]}" targetRef="${id}"/>`)
    .join('')
function caseOf(mode: string, xml: string, steps: Step[], more: Partial<Case> = {}): Case {
  const file = `m${++flows}.bpmn`
  writeFileSync(join(folder, file), xml)
  return { id: file, file, mode, elements: [], steps, ...more }
}
const engine = (xml: string, steps: Step[]) => runEngineCase(cases, caseOf('engine', xml, steps))

const receivers = model(
  `<startEvent id="s"/><receiveTask id="r1" messageRef="m"/><receiveTask id="r2" messageRef="m"/>${path('s', 'r1')}${path('s', 'r2')}`,
  '<message id="m" name="ping"/>',
)

test('a message that several wait for is refused, unless one is named or all are meant', async () => {
  const start: Step[] = [{ start: 'p' }, { expectActive: ['r1', 'r2'] }]
  expect(await engine(receivers, [...start, { message: 'ping', expectFailure: true }, { expectActive: ['r1', 'r2'] }])).toEqual({
    verdict: 'passed',
  })
  expect(await engine(receivers, [...start, { message: 'ping', element: 'r2' }, { expectActive: ['r1'] }])).toEqual({ verdict: 'passed' })
  expect(await engine(receivers, [...start, { message: 'ping', all: true }, { expectActive: [], expectEnded: true }])).toEqual({
    verdict: 'passed',
  })
})

test('messages are correlated by business key, by variables of the instance and of the scope', async () => {
  const one = model(`<startEvent id="s"/><receiveTask id="r" messageRef="m"/>${path('s', 'r')}`, '<message id="m" name="ping"/>')
  const begin: Step[] = [
    { start: 'p', businessKey: 'A', variables: { order: 1 } },
    { start: 'p', businessKey: 'B', variables: { order: 2 } },
  ]
  expect(await engine(one, [...begin, { message: 'ping', businessKey: 'B' }, { expectActive: ['r'] }])).toEqual({ verdict: 'passed' })
  expect(await engine(one, [...begin, { message: 'ping', correlation: { order: 1 } }, { expectActive: ['r'] }])).toEqual({
    verdict: 'passed',
  })
  expect(await engine(one, [...begin, { message: 'ping', correlation: { order: 3 }, expectFailure: true }])).toEqual({ verdict: 'passed' })
})

test('a conditional start is evaluated on request', async () => {
  const xml = model(
    `<startEvent id="s"><conditionalEventDefinition><condition>\${load &gt; 5}</condition></conditionalEventDefinition></startEvent><userTask id="u"/>${path('s', 'u')}`,
  )
  expect(
    await engine(xml, [
      { evaluateConditionalStart: true, variables: { load: 3 } },
      { expectActive: [] },
      { evaluateConditionalStart: true, variables: { load: 9 } },
      { expectActive: ['u'] },
    ]),
  ).toEqual({ verdict: 'passed' })
})

test('an ad-hoc sub-process begins what is picked, and ends by its condition or on request', async () => {
  const adHoc = (condition: string, attributes = ''): string =>
    model(
      `<startEvent id="s"/><adHocSubProcess id="h" ${attributes}><userTask id="a"/><userTask id="b"/>${condition}</adHocSubProcess><userTask id="after"/>${path('s', 'h', 'after')}`,
    )
  expect(
    await engine(adHoc(''), [
      { start: 'p' },
      { expectActive: [] },
      { adhocActivate: 'a' },
      { expectActive: ['a'] },
      { adhocComplete: 'h', expectFailure: true },
      { complete: 'a' },
      { expectActive: [], expectEnded: false },
      { adhocComplete: 'h' },
      { expectActive: ['after'] },
    ]),
  ).toEqual({ verdict: 'passed' })
  expect(
    await engine(adHoc('<completionCondition>${done}</completionCondition>'), [
      { start: 'p', variables: { done: false } },
      { adhocActivate: 'a' },
      { adhocActivate: 'b' },
      { complete: 'a', variables: { done: true } },
      { expectActive: ['after'] },
    ]),
  ).toEqual({ verdict: 'passed' })
  expect(
    await engine(adHoc('', 'ordering="Sequential"'), [{ start: 'p' }, { adhocActivate: 'a' }, { adhocActivate: 'b', expectFailure: true }]),
  ).toEqual({ verdict: 'passed' })
})

test('a script trace counts labels; time passes by itself', async () => {
  const script = (id: string): string => `<scriptTask id="${id}" scriptFormat="javascript"><script>log</script></scriptTask>`
  const xml = model(
    `<startEvent id="s"/><exclusiveGateway id="g" default="d"/>${script('one')}${script('two')}<intermediateCatchEvent id="t"><timerEventDefinition><timeDuration>PT5S</timeDuration></timerEventDefinition></intermediateCatchEvent>${script('three')}${path('s', 'g')}<sequenceFlow id="x" sourceRef="g" targetRef="one"><conditionExpression>test.contains("a")</conditionExpression></sequenceFlow><sequenceFlow id="d" sourceRef="g" targetRef="two"/>${path('one', 't', 'three')}`,
  )
  const trace = (expected: string[], input: string): Step[] => [{ start: 'p', variables: { test: input } }, { expectScriptTrace: expected }]
  const scriptLabels = { first: ['one'], second: 'two', last: 'three' }
  expect(await runScriptTraceCase(cases, caseOf('scriptTrace', xml, trace(['first', 'last'], 'abc'), { scriptLabels }))).toEqual({
    verdict: 'passed',
  })
  expect(await runScriptTraceCase(cases, caseOf('scriptTrace', xml, trace(['second'], 'xyz'), { scriptLabels }))).toEqual({
    verdict: 'passed',
  })
  expect((await runScriptTraceCase(cases, caseOf('scriptTrace', xml, trace(['first'], 'xyz'), { scriptLabels }))).verdict).toBe('failed')
})

test('validation wants a refusal', async () => {
  const bad = model('<startEvent id="s"/><userTask id="u"/>')
  const good = model(`<startEvent id="s"/><endEvent id="e"/>${path('s', 'e')}`)
  expect((await runValidationCase(cases, caseOf('validation', bad, []))).verdict).toBe('passed')
  expect((await runValidationCase(cases, caseOf('validation', good, []))).verdict).toBe('failed')
})

test('a simulation goes where its choices lead, and says what does not apply', async () => {
  const xml = model(
    `<startEvent id="s"/><exclusiveGateway id="g"/><task id="a"/><task id="b"/>${path('s', 'g')}<sequenceFlow id="ga" sourceRef="g" targetRef="a"/><sequenceFlow id="gb" sourceRef="g" targetRef="b"/>`,
  )
  const steps: Step[] = [
    { gatewayChoice: 'g', activeOutgoing: 'gb' },
    { trigger: 's' },
    { expectExited: ['s', 'g', 'b', 'p'], expectLiveScopes: [] },
  ]
  expect(await runSimulationCase(cases, caseOf('simulation', xml, steps))).toEqual({ verdict: 'passed' })
  expect((await runSimulationCase(cases, caseOf('simulation', xml, [{ trigger: 'a' }]))).verdict).toBe('failed')
})
