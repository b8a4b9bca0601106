/* biome-ignore-all lint/suspicious/noTemplateCurlyInString: JUEL is written so */
import { BpmnModdle } from 'bpmn-moddle'
import { expect, test } from 'vitest'
import zeebe from 'zeebe-bpmn-moddle/resources/zeebe.json' with { type: 'json' }
import { compileProcess, guichetDescriptor, importProcess } from '#engine/compile/index'

const foreign = `<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:camunda="http://camunda.org/schema/1.0/bpmn" xmlns:acme="http://acme.example/ns" targetNamespace="x">
  <process id="p" isExecutable="true" camunda:historyTimeToLive="5">
    <startEvent id="s"/><userTask id="u" name="Decide" acme:colour="red" camunda:assignee="\${owner}"><extensionElements><acme:note text="keep me"/></extensionElements></userTask>
    <exclusiveGateway id="g" default="no"/><endEvent id="e1"/><endEvent id="e2"/>
    <sequenceFlow id="f1" sourceRef="s" targetRef="u"/><sequenceFlow id="f2" sourceRef="u" targetRef="g"/>
    <sequenceFlow id="yes" sourceRef="g" targetRef="e1"><conditionExpression>\${total &gt; 10 &amp;&amp; !empty items}</conditionExpression></sequenceFlow>
    <sequenceFlow id="no" sourceRef="g" targetRef="e2"/>
  </process>
</definitions>`

test('a file of another engine becomes one that is deployed here, with a list of what was left behind', async () => {
  const imported = await importProcess(foreign)
  if (!imported.ok) throw new Error(JSON.stringify(imported.diagnostics))
  expect(imported.value.isForeign).toBe(true)
  expect(imported.warnings.map(({ elementId, params }) => `${elementId} ${params?.extension}`)).toEqual(['p camunda:historyTimeToLive'])
  expect(imported.value.xml).not.toContain('camunda.org/schema/1.0')
  const compiled = await compileProcess(imported.value.xml)
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.diagnostics))
  expect(compiled.value.elements.u).toMatchObject({ assignee: { feel: 'owner' } })
  expect(compiled.warnings.every(({ code }) => code === 'foreignExtension')).toBe(true)
})

test('extensions of others stay through the conversion, and through reading and writing as the editor does', async () => {
  const imported = await importProcess(foreign)
  if (!imported.ok) throw new Error(JSON.stringify(imported.diagnostics))
  const moddle = new BpmnModdle({ zeebe, guichet: guichetDescriptor })
  const { rootElement } = await moddle.fromXML(imported.value.xml, 'bpmn:Definitions')
  const { xml } = await moddle.toXML(rootElement, { format: true })
  for (const kept of ['acme:colour="red"', '<acme:note text="keep me"', 'xmlns:acme="http://acme.example/ns"']) expect(xml).toContain(kept)
})

test('a file of this dialect stays as it is; one that cannot be read is refused', async () => {
  const own = foreign.replace(/camunda:\w+="[^"]*"/g, '').replace(/ xmlns:camunda="[^"]*"/, '')
  expect(await importProcess(own)).toMatchObject({ ok: true, value: { xml: own, isForeign: false } })
  expect(await importProcess(foreign.replace('</process>', ''))).toMatchObject({ ok: false, diagnostics: [{ code: 'malformedXml' }] })
})

test('messages and signals without a name are known by themselves; a link may name its target', async () => {
  const vendorFree = `<?xml version="1.0"?><definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="x"><signal id="sig"/><message id="m"/><process id="p" isExecutable="true"><startEvent id="s"/><intermediateThrowEvent id="t"><linkEventDefinition id="l1" name="away"><target>l2</target></linkEventDefinition></intermediateThrowEvent><intermediateCatchEvent id="c"><linkEventDefinition id="l2" name="home"><source>l1</source></linkEventDefinition></intermediateCatchEvent><receiveTask id="r" messageRef="m"/><endEvent id="e"><signalEventDefinition signalRef="sig"/></endEvent><sequenceFlow id="f1" sourceRef="s" targetRef="t"/><sequenceFlow id="f2" sourceRef="c" targetRef="r"/><sequenceFlow id="f3" sourceRef="r" targetRef="e"/></process></definitions>`
  const compiled = await compileProcess(vendorFree, { dialect: {} })
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.diagnostics))
  expect(compiled.value.elements).toMatchObject({
    t: { linkTargetId: 'c' },
    r: { event: { name: { literal: 'm' } } },
    e: { event: { name: { literal: 'sig' } } },
  })
})

test('of a model of Camunda 8, what does not run here is taken out and listed at its element; the rest stays, and is deployed', async () => {
  const model = `<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" targetNamespace="x">
  <process id="p" isExecutable="true"><extensionElements><zeebe:versionTag value="1.0"/><zeebe:userTaskForm id="f">{}</zeebe:userTaskForm></extensionElements>
    <startEvent id="s"/>
    <userTask id="u"><extensionElements><zeebe:userTask/><zeebe:formDefinition formKey="camunda-forms:bpmn:f"/><zeebe:taskSchedule dueDate="=due" followUpDate="=later"/><zeebe:priorityDefinition priority="70"/><zeebe:taskListeners><zeebe:taskListener eventType="assigning" type="l"/></zeebe:taskListeners></extensionElements></userTask>
    <subProcess id="sub"><startEvent id="s2"/><serviceTask id="c" zeebe:modelerTemplate="io.camunda.connectors.HttpJson.v2"><extensionElements><zeebe:taskDefinition type="io.camunda:http-json:1"/><zeebe:executionListeners><zeebe:executionListener eventType="start" type="audit"/></zeebe:executionListeners></extensionElements></serviceTask><sequenceFlow id="f4" sourceRef="s2" targetRef="c"/></subProcess>
    <businessRuleTask id="b"><extensionElements><zeebe:calledDecision decisionId="d" resultVariable="r" bindingType="versionTag" versionTag="v1"/></extensionElements></businessRuleTask>
    <sequenceFlow id="f1" sourceRef="s" targetRef="u"/><sequenceFlow id="f2" sourceRef="u" targetRef="sub"/><sequenceFlow id="f3" sourceRef="sub" targetRef="b"/>
  </process>
</definitions>`
  const imported = await importProcess(model)
  if (!imported.ok) throw new Error(JSON.stringify(imported.diagnostics))
  expect(imported.warnings.map(({ elementId, params }) => `${elementId} ${params?.extension}`)).toEqual([
    'p zeebe:UserTaskForm',
    'u formKey (zeebe:FormDefinition)',
    'u followUpDate (zeebe:TaskSchedule)',
    'u zeebe:PriorityDefinition',
    'u zeebe:TaskListeners',
    'c zeebe:ExecutionListeners',
    'b bindingType versionTag (zeebe:CalledDecision)',
  ])
  const compiled = await compileProcess(imported.value.xml)
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.diagnostics))
  expect(compiled.value.elements).toMatchObject({
    u: { formId: null, dueDate: { feel: 'due' } },
    c: { job: { jobType: { literal: 'io.camunda:http-json:1' } } },
  })
  expect(imported.value.xml).toContain('zeebe:modelerTemplate="io.camunda.connectors.HttpJson.v2"')
})
