import { expect, test } from 'vitest'
import { compileProcesses } from '#engine/compile/index'
import { file, flow, path, process, user } from './play.ts'

const strict = async (xml: string): Promise<string[]> => {
  const compiled = await compileProcesses(xml, { dialect: {}, isStrict: true })
  return compiled.ok
    ? []
    : compiled.diagnostics.filter(({ severity }) => severity === 'error').map(({ code, elementId }) => `${code}@${elementId}`)
}
/** To the letter: from start through `a` to the end. */
const whole = `<startEvent id="start"/>${user('a')}<endEvent id="end"/>${path('start', 'a', 'end')}`
const split = (type: string, more = ''): string =>
  `<startEvent id="start"/><${type} id="g" ${more}/>${user('a')}${user('b')}<endEvent id="end"/>${path('start', 'g')}${path('a', 'end')}${path('b', 'end')}`
const item = (id: string, structure: string, more = ''): string => `<itemDefinition id="${id}" structureRef="${structure}" ${more}/>`
const io = (inner: string): string => `<ioSpecification id="io">${inner}</ioSpecification>`
const both = '<inputSet id="is"/><outputSet id="os"/>'
const formal = (name: string, body: string): string =>
  `<${name} xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="tFormalExpression">${body}</${name}>`

test.each([
  ['a whole process', whole],
  ['a split with a default', `${split('exclusiveGateway', 'default="d"')}${flow('g', 'a', 'true')}${flow('g', 'b', undefined, 'd')}`],
  ['a parallel split', `${split('parallelGateway', 'gatewayDirection="Diverging"')}${path('g', 'a')}${path('g', 'b')}`],
  [
    'a sub-process',
    `${whole.replace(user('a'), `<subProcess id="a"><startEvent id="s"/><endEvent id="e"/>${path('s', 'e')}</subProcess>`)}`,
  ],
  ['a process without start and end events', `${user('a')}${user('b')}${path('a', 'b')}`],
  [
    'flows listed by their ends',
    `<startEvent id="start"><outgoing>f</outgoing></startEvent><endEvent id="end"><incoming>f</incoming></endEvent>${flow('start', 'end', undefined, 'f')}`,
  ],
])('accepted: %s', async (_, inner) => {
  expect(await strict(process(inner))).toEqual([])
})

test.each([
  ['an element that nothing leads to', `${whole}${user('b')}${path('b', 'end')}`, ['notReachable@b']],
  ['an element that leads nowhere', `${whole}${user('b')}${path('a', 'b')}`, ['noOutgoing@b']],
  ['a start without an end', `<startEvent id="start"/>${user('a')}${path('start', 'a')}`, ['missingEnd@start']],
  ['an end without a start', `${user('a')}<endEvent id="end"/>${path('a', 'end')}`, ['missingStart@end']],
  ['an end that nothing leads to', `${whole}<endEvent id="e"/>`, ['notReachable@e']],
  [
    'a boundary event that leads nowhere',
    `${whole}<boundaryEvent id="b" attachedToRef="a"><timerEventDefinition>${formal('timeDuration', 'PT1H')}</timerEventDefinition></boundaryEvent>`,
    ['noOutgoing@b'],
  ],
  ['an intermediate event before a dead end', `${user('a')}<intermediateThrowEvent id="t"/>${path('a', 't')}`, ['noOutgoing@t']],
  [
    'a gateway that neither splits nor joins',
    `${whole.replace(path('a', 'end'), '')}<exclusiveGateway id="g"/>${path('a', 'g', 'end')}`,
    ['looseGateway@g'],
  ],
  [
    'an inclusive split without a condition',
    `${split('inclusiveGateway')}${flow('g', 'a', 'true')}${flow('g', 'b', undefined, 'bad')}`,
    ['missingCondition@bad'],
  ],
  [
    'a condition without an alternative',
    `<startEvent id="start"/>${user('a')}<endEvent id="end"/>${path('start', 'a')}${flow('a', 'end', 'true', 'bad')}`,
    ['soleCondition@bad'],
  ],
  [
    'a flow that its target does not list',
    `<startEvent id="start"><outgoing>f</outgoing></startEvent><endEvent id="end"/>${flow('start', 'end', undefined, 'f')}`,
    ['flowNotListed@f'],
  ],
  ['a handler without association', `${whole}<userTask id="h" isForCompensation="true"/>`, ['handlerNotAssociated@h']],
  [
    'a link target without source',
    `${whole}<intermediateCatchEvent id="c"><linkEventDefinition name="l"/></intermediateCatchEvent>${path('c', 'end')}`,
    ['linkSource@c'],
  ],
  [
    'a link whose target does not know it',
    `${whole}<intermediateThrowEvent id="t"><linkEventDefinition id="lt" name="l"><target>lc</target></linkEventDefinition></intermediateThrowEvent>${path('a', 't')}<intermediateCatchEvent id="c"><linkEventDefinition id="lc" name="l"/></intermediateCatchEvent>${path('c', 'end')}`,
    ['linkTarget@t', 'linkSource@c'],
  ],
  [
    'a diverging gateway that joins',
    `<startEvent id="start"/>${user('a')}${user('b')}<endEvent id="end"/><parallelGateway id="g" gatewayDirection="Diverging"/>${path('start', 'g')}${path('start', 'g')}${path('g', 'a', 'end')}${path('g', 'b', 'end')}`,
    ['gatewayDirection@g'],
  ],
  [
    'compensation of no activity',
    `<startEvent id="start"/><endEvent id="end"><compensateEventDefinition activityRef="start"/></endEvent>${path('start', 'end')}`,
    ['compensationTarget@end', 'wrongReference@end'],
  ],
  [
    'a condition on a flow out of an event',
    `<startEvent id="start"/><intermediateThrowEvent id="t"/><endEvent id="end"/>${path('start', 't')}${flow('t', 'end', 'true', 'bad')}`,
    ['conditionOnEvent@bad'],
  ],
  [
    'an escalation without a code',
    `<startEvent id="start"/><endEvent id="end"><escalationEventDefinition/></endEvent>${path('start', 'end')}`,
    ['missingEscalationCode@end', 'missingCode@end'],
  ],
  [
    'a message event without message and operation',
    `<startEvent id="start"/><endEvent id="end"><messageEventDefinition/></endEvent>${path('start', 'end')}`,
    ['missingMessage@end', 'missingOperation@end'],
  ],
  [
    'a condition in natural language',
    `<startEvent id="start"/><intermediateCatchEvent id="c"><conditionalEventDefinition><condition>when it is ready</condition></conditionalEventDefinition></intermediateCatchEvent><endEvent id="end"/>${path('start', 'c', 'end')}`,
    ['informalExpression@c'],
  ],
  [
    'a compensation boundary that does not cancel',
    `${whole}<boundaryEvent id="b" attachedToRef="a" cancelActivity="false"><compensateEventDefinition/></boundaryEvent><userTask id="h" isForCompensation="true"/><association id="as" sourceRef="b" targetRef="h"/>`,
    ['mustInterrupt@b'],
  ],
  ['a quantity of nothing', whole.replace('<userTask id="a"', '<userTask startQuantity="0" id="a"'), ['quantity@a']],
  [
    'a sub-process with a specification',
    whole.replace(user('a'), `<subProcess id="a">${io(both)}<task id="t"/></subProcess>`),
    ['specificationNotAllowed@a'],
  ],
  ['an input in no set', whole.replace(user('a'), user('a', io(`<dataInput id="i"/>${both}`))), ['dataNotInSet@i']],
  [
    'two sources without a transformation',
    `${whole.replace(
      user('a'),
      user(
        'a',
        `${io('<dataInput id="i"/><inputSet id="is"><dataInputRefs>i</dataInputRefs></inputSet><outputSet id="os"/>')}<dataInputAssociation id="da"><sourceRef>d</sourceRef><sourceRef>d</sourceRef><targetRef>i</targetRef></dataInputAssociation>`,
      ),
    )}<dataObject id="d"/>`,
    ['dataSource@da'],
  ],
  [
    'a service task with two output sets',
    whole.replace(user('a'), `<serviceTask id="a">${io('<inputSet id="is"/><outputSet id="os"/><outputSet id="ot"/>')}</serviceTask>`),
    ['dataSets@a'],
  ],
  [
    'a data object named at will',
    `${whole}<dataObject id="d" name="Order"/><dataObjectReference id="r" dataObjectRef="d" name="Something"/>`,
    ['dataObjectName@r'],
  ],
  ['a script without its format', whole.replace(user('a'), '<scriptTask id="a"><script>x</script></scriptTask>'), ['mediaType@a']],
  [
    'a documentation of no media type',
    whole.replace(user('a'), user('a', '<documentation textFormat="plain">x</documentation>')),
    ['mediaType@a'],
  ],
  [
    'a flow node without an id',
    `<startEvent id="start"/><task/>${flow('start', 'end')}<endEvent id="end"/>`,
    ['notReachable@', 'missingId@p', 'noOutgoing@p'],
  ],
  [
    'an ad-hoc sub-process without an activity',
    whole.replace(user('a'), '<adHocSubProcess id="a"><intermediateThrowEvent id="t"/></adHocSubProcess>'),
    ['emptyScope@a', 'emptyScope@a'],
  ],
  ['a choreography activity', `${whole}<choreographyTask id="c"/>`, ['unsupportedElement@c']],
] as [string, string, string[]][])('refused: %s', async (_, inner, expected) => {
  const found = await strict(process(inner))
  for (const mistake of expected) expect(found).toContain(mistake)
})

test.each([
  [
    'collections that disagree',
    `${item('x', 'xs:string', 'isCollection="true"')}<process id="p" isExecutable="true">${whole}<dataObject id="d" itemSubjectRef="x"/></process>`,
    ['collection@d'],
  ],
  [
    'an error that is a message',
    `<message id="m" name="m"/><process id="p" isExecutable="true"><startEvent id="start"/><endEvent id="end"><errorEventDefinition id="ed" errorRef="m"/></endEvent>${path('start', 'end')}</process>`,
    ['wrongReference@ed'],
  ],
  ['a public executable process', `<process id="p" isExecutable="true" processType="Public">${whole}</process>`, ['publicExecutable@p']],
  [
    'an import',
    `<import importType="http://www.w3.org/2001/XMLSchema" location="types.xsd" namespace="t"/><process id="p" isExecutable="true">${whole}</process>`,
    ['unresolvedImport@'],
  ],
  [
    'a call of a process that only a message starts',
    `<message id="m" name="m"/><process id="p" isExecutable="true">${whole.replace(user('a'), '<callActivity id="a" calledElement="q"/>')}</process><process id="q"><startEvent id="qs"><messageEventDefinition messageRef="m"/></startEvent><endEvent id="qe"/>${path('qs', 'qe')}</process>`,
    ['noneStart@q'],
  ],
] as [string, string, string[]][])('refused in a file: %s', async (_, body, expected) => {
  const found = await strict(file(body))
  for (const mistake of expected) expect(found).toContain(mistake)
})

const two = (flows: string, inside = '', multiplicity = ''): string =>
  file(
    `<collaboration id="c"><participant id="A" processRef="p">${multiplicity}</participant><participant id="B" processRef="q"/>${flows}</collaboration><process id="p" isExecutable="true"><startEvent id="s1"/><task id="t1"/><task id="u1"/><endEvent id="e1"/><sequenceFlow id="f1" sourceRef="s1" targetRef="t1"/><sequenceFlow id="f2" sourceRef="t1" targetRef="u1"/><sequenceFlow id="f4" sourceRef="u1" targetRef="e1"/>${inside}</process><process id="q" isExecutable="true"><startEvent id="s2"/><task id="t2"/><endEvent id="e2"/><sequenceFlow id="f3" sourceRef="s2" targetRef="t2"/><sequenceFlow id="f5" sourceRef="t2" targetRef="e2"/></process>`,
  )

test.each([
  ['', '', '', []],
  ['<messageFlow id="m" sourceRef="t1" targetRef="t2"/>', '', '', []],
  ['<messageFlow id="m" sourceRef="A" targetRef="t2"/>', '', '', []],
  ['<messageFlow id="m" sourceRef="t1" targetRef="u1"/>', '', '', ['messageFlowInPool@m']],
  ['<messageFlow id="m" sourceRef="A" targetRef="u1"/>', '', '', ['messageFlowInPool@m']],
  ['<messageFlow id="m" sourceRef="s1" targetRef="t2"/>', '', '', ['messageFlowEnd@m', 'messageFlowEnd@s1']],
  ['<messageFlow id="m" sourceRef="t1" targetRef="s2"/>', '', '', ['messageFlowEnd@s2']],
  ['', '<sequenceFlow id="x" sourceRef="u1" targetRef="t2"/>', '', ['flowCrossesPool@x']],
  ['', '', '<participantMultiplicity id="pm" minimum="3" maximum="2"/>', ['multiplicity@pm']],
] as [string, string, string, string[]][])('pools: %s %s %s', async (flows, inside, multiplicity, expected) => {
  expect(await strict(two(flows, inside, multiplicity))).toEqual(expected)
})

test('what is deployed is not held to form, but a reference to the wrong thing is refused', async () => {
  expect((await compileProcesses(process(`<startEvent id="start"/>${user('a')}${path('start', 'a')}`))).ok).toBe(true)
  const wrong = await compileProcesses(
    process(
      `<startEvent id="start"/><endEvent id="end"><signalEventDefinition id="sd" signalRef="m"/></endEvent>${path('start', 'end')}`,
      '<message id="m" name="m"/>',
    ),
  )
  expect(wrong.ok ? [] : wrong.diagnostics.map(({ code, elementId }) => `${code}@${elementId}`)).toContain('wrongReference@sd')
})

const role = (inner: string): string =>
  process(
    whole.replace(user('a'), user('a', `<performer id="r">${inner}</performer>`)),
    '<resource id="res" name="res"><resourceParameter id="rp" name="rp"/></resource>',
  )
const assigned = `<resourceAssignmentExpression id="ra">${formal('formalExpression', 'x')}</resourceAssignmentExpression>`
const binding = `<resourceParameterBinding id="rb" parameterRef="rp">${formal('formalExpression', 'x')}</resourceParameterBinding>`
const retrieval = (inner: string): string =>
  `<correlationPropertyRetrievalExpression id="re" messageRef="m">${inner}</correlationPropertyRetrievalExpression>`
const property = (inner: string): string =>
  process(whole, `<message id="m" name="m"/><correlationProperty id="cp">${inner}</correlationProperty>`)

test.each([
  ['a role with a resource', role(`<resourceRef>res</resourceRef>${binding}`), []],
  ['a role with an expression', role(assigned), []],
  ['a role with both', role(`<resourceRef>res</resourceRef>${assigned}`), ['resourceRole@r']],
  ['parameters without a resource', role(binding), ['resourceRole@r']],
  ['an assignment without its expression', role('<resourceAssignmentExpression id="ra"/>'), ['missingPart@ra']],
  ['a correlation property', property(retrieval(formal('messagePath', 'x'))), []],
  ['one that nothing retrieves', property(''), ['missingPart@cp']],
  ['one without a path', property(retrieval('')), ['missingPart@re']],
  ['an interface without operations', process(whole, '<interface id="i" name="i"/>'), ['missingPart@i']],
  [
    'an operation without its message',
    process(whole, '<interface id="i" name="i"><operation id="o" name="o"/></interface>'),
    ['missingPart@o'],
  ],
  ['a correlation subscription without its key', process(`${whole}<correlationSubscription id="cs"/>`), ['missingPart@cs']],
] as [string, string, string[]][])('parts that the metamodel requires: %s', async (_name, xml, expected) => {
  expect(await strict(xml)).toEqual(expected)
})
