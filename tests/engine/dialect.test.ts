/* biome-ignore-all lint/suspicious/noTemplateCurlyInString: JUEL is written so */
import { expect, test } from 'vitest'
import { compileProcess } from '#engine/compile/index'
import type { Model, ModelElement } from '#engine/model'

const foreign = (inner: string, attributes = ''): string =>
  `<?xml version="1.0"?><definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:camunda="http://camunda.org/schema/1.0/bpmn" xmlns:flowable="http://flowable.org/bpmn" targetNamespace="x"><signal id="sig" name="paid"/><process id="p" isExecutable="true" ${attributes}><startEvent id="s"/>${inner}</process></definitions>`
const after = (id: string): string => `<sequenceFlow id="f_${id}" sourceRef="s" targetRef="${id}"/>`

async function imported(inner: string, attributes = ''): Promise<{ model: Model; dropped: string[] }> {
  const compiled = await compileProcess(foreign(inner, attributes), { dialect: {} })
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.diagnostics))
  const dropped = compiled.warnings.map(({ elementId, params }) => `${elementId} ${params?.extension ?? params?.expression ?? ''}`.trim())
  return { model: compiled.value, dropped }
}
const element = async (inner: string, id: string): Promise<ModelElement> => (await imported(inner)).model.elements[id]!

test('people, forms and dates of a user task', async () => {
  const task = await element(
    `<userTask id="u" camunda:assignee="\${owner}" camunda:candidateGroups="desk,second" camunda:formKey="triage" camunda:dueDate="\${due}"/>${after('u')}`,
    'u',
  )
  expect(task).toMatchObject({
    assignee: { feel: 'owner' },
    candidateGroups: { literal: 'desk,second' },
    formId: { literal: 'triage' },
    dueDate: { feel: 'due' },
  })
})

test.each([
  ['camunda:type="external" camunda:topic="billing"', 'billing'],
  ['camunda:class="org.acme.Bill"', 'org.acme.Bill'],
  ['camunda:delegateExpression="${biller}"', '${biller}'],
  ['flowable:expression="${bean.run()}"', '${bean.run()}'],
])('a service task by %s is a job', async (attributes, type) => {
  expect(await element(`<serviceTask id="t" ${attributes}/>${after('t')}`, 't')).toMatchObject({ job: { jobType: { literal: type } } })
})

test('a rule task that names a decision calls it', async () => {
  expect(
    await element(`<businessRuleTask id="r" camunda:decisionRef="priority" camunda:resultVariable="result"/>${after('r')}`, 'r'),
  ).toMatchObject({ decision: { decisionId: { literal: 'priority' }, resultVariable: 'result' } })
})

test('a script that is an expression becomes FEEL; one in a language is a job', async () => {
  const inner = `<scriptTask id="a" scriptFormat="juel" camunda:resultVariable="sum"><script>\${x + 1}</script></scriptTask><scriptTask id="b" scriptFormat="groovy"><script>1</script></scriptTask>${after('a')}<sequenceFlow id="f2" sourceRef="a" targetRef="b"/>`
  expect(await element(inner, 'a')).toMatchObject({ expression: { feel: 'x + 1' }, resultVariable: 'sum' })
  expect(await element(inner, 'b')).toMatchObject({ job: { jobType: { literal: 'script:groovy' } } })
})

test('variables in and out of a called process', async () => {
  const call = `<callActivity id="c" calledElement="sub" camunda:calledElementBinding="deployment"><extensionElements><camunda:in source="a" target="b"/><camunda:in sourceExpression="\${a + 1}" target="c"/><camunda:in businessKey="\${key}"/><camunda:out source="r" target="q"/></extensionElements></callActivity>${after('c')}`
  const { model, dropped } = await imported(call)
  expect(model.elements.c).toMatchObject({
    processId: { literal: 'sub' },
    propagatesAllChildVariables: false,
    propagatesAllParentVariables: false,
    inputs: [
      { source: { feel: 'a' }, target: 'b' },
      { source: { feel: 'a + 1' }, target: 'c' },
    ],
    outputs: [{ source: { feel: 'r' }, target: 'q' }],
  })
  expect(dropped).toEqual(['c camunda:in'])
})

test('multi-instance, timers, conditions, payload of a signal, a manual ad-hoc sub-process, version tag', async () => {
  const inner = `<userTask id="m"><multiInstanceLoopCharacteristics camunda:collection="people" camunda:elementVariable="person"><completionCondition>\${nrOfCompletedInstances == 2}</completionCondition></multiInstanceLoopCharacteristics></userTask><intermediateThrowEvent id="t"><signalEventDefinition signalRef="sig"><extensionElements><camunda:in source="sum" target="amount"/></extensionElements></signalEventDefinition></intermediateThrowEvent><adHocSubProcess id="h"><task id="x"/><completionCondition>\${done}</completionCondition></adHocSubProcess><intermediateCatchEvent id="w"><timerEventDefinition><timeDuration>\${wait}</timeDuration></timerEventDefinition></intermediateCatchEvent>${after('m')}${after('t')}${after('h')}${after('w')}`
  const { model, dropped } = await imported(inner, 'camunda:versionTag="1.2"')
  expect(model.versionTag).toBe('1.2')
  expect(model.elements.m?.loop).toMatchObject({
    collection: { feel: 'people' },
    inputElement: 'person',
    completionCondition: { feel: 'numberOfCompletedInstances = 2' },
  })
  expect(model.elements.t?.inputs).toEqual([{ source: { feel: 'sum' }, target: 'amount' }])
  expect(model.elements.h).toMatchObject({ isManual: true, completionCondition: { feel: 'done' } })
  expect(model.elements.w).toMatchObject({ event: { value: { feel: 'wait' } } })
  expect(dropped).toEqual([])
})

test('everything that is not carried over is listed at its element', async () => {
  const { dropped } = await imported(
    `<userTask id="u" camunda:priority="5" camunda:asyncBefore="true"><extensionElements><camunda:taskListener event="create" class="org.acme.L"/><camunda:executionListener event="start" expression="\${x}"/></extensionElements></userTask><serviceTask id="t" camunda:class="A"><extensionElements><camunda:inputOutput><camunda:inputParameter name="i"><camunda:script scriptFormat="groovy">1</camunda:script></camunda:inputParameter></camunda:inputOutput><camunda:connector/></extensionElements></serviceTask>${after('u')}<sequenceFlow id="f2" sourceRef="u" targetRef="t"><conditionExpression>\${bean.check(x)}</conditionExpression></sequenceFlow>`,
    'camunda:historyTimeToLive="5"',
  )
  expect(dropped.sort()).toEqual(
    [
      'f2 ${bean.check(x)}',
      'p camunda:historyTimeToLive',
      't camunda:connector',
      't camunda:inputParameter',
      'u camunda:asyncBefore',
      'u camunda:executionListener (start)',
      'u camunda:priority',
      'u camunda:taskListener',
    ].sort(),
  )
})

test('nothing is lost in a corner: flows, lanes, pools, loops, data and texts are listed at their element', async () => {
  const xml = `<?xml version="1.0"?><definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:c="http://camunda.org/schema/1.0/bpmn" targetNamespace="x"><collaboration id="co"><participant id="pool" processRef="p"><extensionElements><c:properties/></extensionElements></participant></collaboration><process id="p" isExecutable="true"><laneSet id="ls"><lane id="lane" c:owner="x"><flowNodeRef>s</flowNodeRef></lane></laneSet><startEvent id="s"/><userTask id="u" c:assignee="\${owner}"><multiInstanceLoopCharacteristics c:collection="people"><extensionElements><c:failedJobRetryTimeCycle>R3/PT1M</c:failedJobRetryTimeCycle></extensionElements></multiInstanceLoopCharacteristics></userTask><sequenceFlow id="f" sourceRef="s" targetRef="u"><extensionElements><c:executionListener event="take" class="org.acme.L"/></extensionElements></sequenceFlow><textAnnotation id="note" c:colour="red"><text>x</text></textAnnotation></process></definitions>`
  const compiled = await compileProcess(xml, { dialect: {} })
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.diagnostics))
  expect(compiled.value.elements.u).toMatchObject({ assignee: { feel: 'owner' } })
  expect(compiled.warnings.map(({ elementId, params }) => `${elementId} ${params?.extension}`).sort()).toEqual([
    'f camunda:executionListener',
    'lane camunda:owner',
    'note camunda:colour',
    'pool camunda:properties',
    'u camunda:failedJobRetryTimeCycle',
  ])
})

test('fields of a class, retries, variables set at the end and structured inputs keep their meaning', async () => {
  const inner = `<serviceTask id="t" camunda:class="Bill"><extensionElements><camunda:field name="kind" stringValue="final"/><camunda:field name="sum"><camunda:expression>\${a + 1}</camunda:expression></camunda:field><camunda:failedJobRetryTimeCycle>R5/PT10M</camunda:failedJobRetryTimeCycle><camunda:executionListener event="end" expression="\${execution.setVariable('state', 'billed')}"/><camunda:inputOutput><camunda:inputParameter name="all"><camunda:map><camunda:entry key="ids"><camunda:list><camunda:value>\${id}</camunda:value><camunda:script scriptFormat="groovy">1</camunda:script></camunda:list></camunda:entry></camunda:map></camunda:inputParameter></camunda:inputOutput></extensionElements></serviceTask>${after('t')}`
  const { model, dropped } = await imported(inner)
  expect(model.elements.t).toMatchObject({
    job: { retries: { literal: '5' }, headers: { kind: 'final' } },
    inputs: [
      { source: { feel: 'a + 1' }, target: 'sum' },
      { source: { feel: '{"ids": [id, null]}' }, target: 'all' },
    ],
    outputs: [{ source: { feel: '"billed"' }, target: 'state' }],
  })
  expect(dropped.sort()).toEqual(['t camunda:failedJobRetryTimeCycle (PT10M)', 't camunda:script'])
})

test.each([
  ['', ['r mapDecisionResult resultList']],
  ['camunda:mapDecisionResult="singleEntry"', []],
  ['camunda:mapDecisionResult="singleResult"', ['r mapDecisionResult singleResult']],
])('a decision whose result the other engine wraps is listed: %s', async (attribute, expected) => {
  const { dropped } = await imported(
    `<businessRuleTask id="r" camunda:decisionRef="d" camunda:resultVariable="x" ${attribute}/>${after('r')}`,
  )
  expect(dropped).toEqual(expected)
})

test('an external task is known by its topic alone', async () => {
  const { dropped } = await imported(`<serviceTask id="t" camunda:type="external" camunda:topic="billing"/>${after('t')}`)
  expect(dropped).toEqual([])
})
