import { expect, test } from 'vitest'
import { compileProcesses } from '#engine/compile/index'
import { flow, process, user } from './play.ts'

const strict = async (xml: string): Promise<string[]> => {
  const compiled = await compileProcesses(xml, { dialect: {}, isStrict: true })
  return compiled.ok
    ? []
    : compiled.diagnostics.filter(({ severity }) => severity === 'error').map(({ code, elementId }) => `${code}@${elementId}`)
}
const begun = `<startEvent id="start"/>${user('a')}${flow('start', 'a', undefined, 'in')}`

test.each([
  ['an element that nothing leads to', `${begun}${user('b')}`, ['notReachable@b']],
  ['a handler without association', `${begun}<userTask id="h" isForCompensation="true"/>`, ['handlerNotAssociated@h']],
  [
    'a link target without source',
    `${begun}<intermediateCatchEvent id="c"><linkEventDefinition name="l"/></intermediateCatchEvent>`,
    ['linkSource@c'],
  ],
  [
    'a diverging gateway that joins',
    `${begun}<parallelGateway id="g" gatewayDirection="Diverging"/>${flow('a', 'g')}${flow('start', 'g')}`,
    ['gatewayDirection@g'],
  ],
  [
    'compensation of an element that is no activity here',
    `${begun}<endEvent id="e"><compensateEventDefinition activityRef="start"/></endEvent>${flow('a', 'e')}`,
    ['compensationTarget@e'],
  ],
  [
    'a condition on a flow out of an event',
    `${begun}<intermediateThrowEvent id="t"/>${flow('a', 't')}${user('b')}${flow('t', 'b', 'true', 'bad')}`,
    ['conditionOnEvent@bad'],
  ],
])('refused: %s', async (_, inner, expected) => {
  expect(await strict(process(inner))).toEqual(expected)
})

const two = (flows: string, inside = ''): string =>
  `<?xml version="1.0"?><definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="x"><collaboration id="c"><participant id="A" processRef="p"/><participant id="B" processRef="q"/>${flows}</collaboration><process id="p" isExecutable="true"><startEvent id="s1"/><task id="t1"/><task id="u1"/><sequenceFlow id="f1" sourceRef="s1" targetRef="t1"/><sequenceFlow id="f2" sourceRef="t1" targetRef="u1"/>${inside}</process><process id="q" isExecutable="true"><startEvent id="s2"/><task id="t2"/><sequenceFlow id="f3" sourceRef="s2" targetRef="t2"/></process></definitions>`

test.each([
  ['', '', []],
  ['<messageFlow id="m" sourceRef="t1" targetRef="t2"/>', '', []],
  ['<messageFlow id="m" sourceRef="t1" targetRef="u1"/>', '', ['messageFlowInPool@m']],
  ['<messageFlow id="m" sourceRef="s1" targetRef="t2"/>', '', ['messageFlowEnd@m']],
  ['', '<sequenceFlow id="x" sourceRef="u1" targetRef="t2"/>', ['flowCrossesPool@x']],
] as [string, string, string[]][])('pools: %s %s', async (flows, inside, expected) => {
  expect(await strict(two(flows, inside))).toEqual(expected)
})
