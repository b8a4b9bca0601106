/** A process small enough to read: one task with a form, the requester's word, the end. Independent of the shipped diagrams. */
import type { Db } from '../../activities/store/database.ts'
import { deployDefinition } from '../../activities/store/definition/definitions.ts'

export const smallForm = JSON.stringify({
  id: 'small-form',
  type: 'default',
  title: 'Answer',
  title_fr: 'Réponse',
  components: [
    { id: 'a', type: 'textarea', key: 'resolution', label: 'Resolution', label_fr: 'Résolution', validate: { required: true } },
    {
      id: 'b',
      type: 'select',
      key: 'impact',
      label: 'Impact',
      values: [
        { label: 'High', value: 1 },
        { label: 'Low', value: 3 },
      ],
    },
    { id: 'c', type: 'textfield', key: 'room', label: 'Room' },
  ],
})

export const smallProcess = (name = 'Small') => `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" xmlns:guichet="http://guichet.dev/schema/1.0" id="d" targetNamespace="http://guichet.dev/test">
  <bpmn:process id="incident" name="${name}" isExecutable="true" guichet:ticketKind="incident">
    <bpmn:startEvent id="start" guichet:status="new"><bpmn:outgoing>f1</bpmn:outgoing></bpmn:startEvent>
    <bpmn:userTask id="work" name="Do the work">
      <bpmn:extensionElements><zeebe:formDefinition formId="small-form" /><zeebe:assignmentDefinition candidateGroups="service-desk" /></bpmn:extensionElements>
      <bpmn:incoming>f1</bpmn:incoming><bpmn:outgoing>f2</bpmn:outgoing>
    </bpmn:userTask>
    <bpmn:intermediateCatchEvent id="confirmed" name="Confirmed?" guichet:status="resolved">
      <bpmn:incoming>f2</bpmn:incoming><bpmn:outgoing>f3</bpmn:outgoing><bpmn:messageEventDefinition id="m" messageRef="confirm" />
    </bpmn:intermediateCatchEvent>
    <bpmn:endEvent id="end" guichet:status="closed"><bpmn:incoming>f3</bpmn:incoming></bpmn:endEvent>
    <bpmn:sequenceFlow id="f1" sourceRef="start" targetRef="work" />
    <bpmn:sequenceFlow id="f2" sourceRef="work" targetRef="confirmed" />
    <bpmn:sequenceFlow id="f3" sourceRef="confirmed" targetRef="end" />
  </bpmn:process>
  <bpmn:message id="confirm" name="requesterConfirmed" />
</bpmn:definitions>`

const replyTemplate = 'subject: [{{number}}] {{title}}\n--- text\n{{authorName}}: {{messageText}}\n'

export async function deploySmall(db: Db): Promise<void> {
  for (const [kind, id, source] of [
    ['form', 'small-form', smallForm],
    ['template', 'fr/agent-reply', replyTemplate],
    ['template', 'en/agent-reply', replyTemplate],
    ['process', 'incident', smallProcess()],
  ] as const) {
    const done = await deployDefinition(db, { kind, id, source, baseVersion: null, actorId: 'priya' })
    if (!done.ok) throw new Error(`expected ${kind} ${id} to deploy, found ${JSON.stringify(done)}`)
  }
}
