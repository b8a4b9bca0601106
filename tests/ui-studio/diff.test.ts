import { readFileSync } from 'node:fs'
import { BpmnModdle } from 'bpmn-moddle'
import { describe, expect, test } from 'vitest'
import zeebe from 'zeebe-bpmn-moddle/resources/zeebe.json' with { type: 'json' }
import { diffDefinitions, isSame } from '../../ui/editor/diff.ts'
import guichet from '../../ui/editor/guichet-moddle.json' with { type: 'json' }

const incident = readFileSync(new URL('../../definitions/processes/incident.bpmn', import.meta.url), 'utf8')
const moddle = new BpmnModdle({ zeebe, guichet })
const read = async (xml: string) => (await moddle.fromXML(xml, 'bpmn:Definitions')).rootElement as ModdleElement
const diff = async (edit: (xml: string) => string) => diffDefinitions(await read(incident), await read(edit(incident)))

describe('what a new version changes', () => {
  test('the same file: nothing', async () => {
    expect(isSame(await diff((xml) => xml))).toBe(true)
  })
  test('a formatting change only: nothing', async () => {
    expect(isSame(await diff((xml) => xml.replaceAll('\n    ', '\n\t\t')))).toBe(true)
  })
  test('a new name is a changed element, from and to', async () => {
    const found = await diff((xml) => xml.replace('name="Clore le ticket"', 'name="Fermer le ticket"'))
    expect(found.changed).toEqual([
      {
        id: 'closeTicket',
        type: 'SendTask',
        name: 'Fermer le ticket',
        changes: [{ property: 'name', from: 'Clore le ticket', to: 'Fermer le ticket' }],
      },
    ])
    expect(found.added).toEqual([])
    expect(found.removed).toEqual([])
    expect(found.isLayoutChanged).toBe(false)
  })
  test('a guichet: attribute counts', async () => {
    const found = await diff((xml) => xml.replace('guichet:dueBusinessDays="5"', 'guichet:dueBusinessDays="7"'))
    expect(found.changed.flatMap((element) => element.changes)).toEqual([{ property: 'dueBusinessDays', from: '5', to: '7' }])
  })
  test('an extension element counts, by its path', async () => {
    const found = await diff((xml) =>
      xml.replace('<zeebe:taskDefinition type="notify" retries="5" />', '<zeebe:taskDefinition type="notify" retries="2" />'),
    )
    expect(found.changed).toHaveLength(1)
    expect(found.changed[0]?.changes).toEqual([{ property: 'extensionElements.taskDefinition.retries', from: '5', to: '2' }])
  })
  test('a condition counts at its flow', async () => {
    const found = await diff((xml) => xml.replace('=triageOutcome = "resolve"', '=triageOutcome = "done"'))
    expect(found.changed.map((element) => [element.id, element.changes[0]?.property])).toEqual([
      ['resolvedAtOnce', 'conditionExpression.body'],
    ])
  })
  test('an added step and its flow, the wiring of the others left out', async () => {
    const found = await diff((xml) =>
      xml
        .replace('sourceRef="closeTicket" targetRef="sendSurvey"', 'sourceRef="closeTicket" targetRef="review"')
        .replace(
          '<bpmn:sendTask id="sendSurvey"',
          '<bpmn:userTask id="review" name="Relire" /><bpmn:sequenceFlow id="toSurveyAfter" sourceRef="review" targetRef="sendSurvey" /><bpmn:sendTask id="sendSurvey"',
        ),
    )
    expect(found.added.map(({ id, type }) => `${type} ${id}`)).toEqual(['UserTask review', 'SequenceFlow toSurveyAfter'])
    expect(found.changed.map((element) => element.id)).toEqual(['toSurvey'])
  })
  test('a removed element', async () => {
    const found = await diff((xml) => xml.replace(/<bpmn:endEvent id="receiptConfirmed"[\s\S]*?<\/bpmn:endEvent>/, ''))
    expect(found.removed.map((element) => element.id)).toContain('receiptConfirmed')
  })
  test('a moved shape is layout, not structure', async () => {
    const found = await diff((xml) => xml.replace(/(<bpmndi:BPMNShape [^>]*bpmnElement="triage"[^>]*>\s*<dc:Bounds x=")\d+/, '$19'))
    expect(found.isLayoutChanged).toBe(true)
    expect(found.changed).toEqual([])
  })
})
