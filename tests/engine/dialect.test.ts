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
      'u camunda:executionListener',
      'u camunda:priority',
      'u camunda:taskListener',
    ].sort(),
  )
})
