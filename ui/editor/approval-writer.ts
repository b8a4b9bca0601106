/** Reads an approval off a user task of the drawing and writes one onto it, as one step to undo. */
import { type ApprovalSettings, conditionOf, newApproval, readCondition, voteElement, votesVariable } from './approval-drawing.ts'

const loopOf = (object: ModdleElement): ModdleElement | undefined => object.get('loopCharacteristics') as ModdleElement | undefined
const extensionsOf = (object: ModdleElement | undefined): ModdleElement[] =>
  ((object?.get('extensionElements') as ModdleElement | undefined)?.get('values') as ModdleElement[] | undefined) ?? []
const extension = (object: ModdleElement | undefined, type: string): ModdleElement | undefined =>
  extensionsOf(object).find(({ $type }) => $type === type)
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

/** Null: an ordinary task. `isOwn`: its condition is the author's own and is left as it is. */
export function readApproval(object: ModdleElement): (ApprovalSettings & { isOwn: boolean }) | null {
  const subject = textOf(object.get('guichet:approval'))
  if (subject === '') return null
  const loop = loopOf(object)
  const list = extension(loop, 'zeebe:LoopCharacteristics')
  const condition = (loop?.get('completionCondition') as ModdleElement | undefined)?.get('body')
  const read = readCondition(typeof condition === 'string' ? condition : null, loop?.get('isSequential') === true)
  return {
    ...newApproval,
    ...read,
    subject,
    approvers: textOf(list?.get('inputCollection')) || newApproval.approvers,
    isOwn: loop === undefined || read === null,
  }
}

/** FEEL of the instant by which it must be decided; empty: none. */
export const readDeadline = (object: ModdleElement): string => textOf(extension(object, 'zeebe:TaskSchedule')?.get('dueDate'))

type Create = DiagramServices['bpmnFactory']['create']
interface Command {
  cmd: string
  context: { element: DiagramElement; moddleElement: ModdleElement; properties: Record<string, unknown> }
}

/** The task's extensions with one kind replaced; the others stay in their order. */
function replaced(object: ModdleElement, made: readonly ModdleElement[], types: readonly string[]): ModdleElement[] {
  return [...extensionsOf(object).filter(({ $type }) => !types.includes($type)), ...made]
}

/** Each vote starts empty: what the one before said is not carried over. */
function mappingsOf(object: ModdleElement, create: Create): ModdleElement {
  const before = extension(object, 'zeebe:IoMapping')
  const kept = ((before?.get('inputParameters') as ModdleElement[] | undefined) ?? []).filter(
    (input) => !['decision', 'decisionComment'].includes(textOf(input.get('target'))),
  )
  const empty = ['decision', 'decisionComment'].map((target) => create('zeebe:Input', { source: '=null', target }))
  return create('zeebe:IoMapping', { inputParameters: [...empty, ...kept], outputParameters: before?.get('outputParameters') ?? [] })
}

function loopFor(settings: ApprovalSettings, create: Create): ModdleElement {
  const list = create('zeebe:LoopCharacteristics', {
    inputCollection: settings.approvers,
    inputElement: 'approver',
    outputCollection: votesVariable,
    outputElement: voteElement,
  })
  const body = conditionOf(settings)
  return create('bpmn:MultiInstanceLoopCharacteristics', {
    isSequential: settings.way === 'inOrder',
    extensionElements: create('bpmn:ExtensionElements', { values: [list] }),
    ...(body === null ? {} : { completionCondition: create('bpmn:FormalExpression', { body }) }),
  })
}

function commandsFor(element: DiagramElement, settings: ApprovalSettings | null, create: Create): Command[] {
  const object = element.businessObject
  const update = (properties: Record<string, unknown>): Command => ({
    cmd: 'element.updateModdleProperties',
    context: { element, moddleElement: object, properties },
  })
  if (settings === null) return [update({ 'guichet:approval': undefined, loopCharacteristics: undefined })]
  const made = [
    create('zeebe:FormDefinition', { formId: 'approval' }),
    create('zeebe:AssignmentDefinition', { assignee: '=approver' }),
    mappingsOf(object, create),
  ]
  const values = replaced(object, made, ['zeebe:FormDefinition', 'zeebe:AssignmentDefinition', 'zeebe:IoMapping'])
  return [
    update({
      'guichet:approval': settings.subject,
      loopCharacteristics: loopFor(settings, create),
      extensionElements: create('bpmn:ExtensionElements', { values }),
    }),
  ]
}

type Services = Pick<DiagramServices, 'bpmnFactory' | 'commandStack'>

/** Draws the task as this approval; null makes an ordinary task of it again. */
export function writeApproval({ bpmnFactory, commandStack }: Services, element: DiagramElement, settings: ApprovalSettings | null): void {
  const commands = commandsFor(element, settings, (type, properties) => bpmnFactory.create(type, properties))
  commandStack.execute('properties-panel.multi-command-executor', commands)
}

const timerOf = ({ attachers = [] }: DiagramElement): DiagramElement | undefined =>
  attachers.find(({ businessObject }) =>
    (businessObject.get('eventDefinitions') as ModdleElement[] | undefined)?.some(({ $type }) => $type === 'bpmn:TimerEventDefinition'),
  )

/** Sets the due date, and a timer on the task's edge that goes with it; where it leads is the author's to draw. Empty: none, and an unconnected timer goes. */
export function writeDeadline(
  { bpmnFactory, commandStack, modeling, elementFactory }: Services & Pick<DiagramServices, 'modeling' | 'elementFactory'>,
  element: DiagramElement,
  instant: string,
): void {
  const create: Create = (type, properties) => bpmnFactory.create(type, properties)
  const made = instant === '' ? [] : [create('zeebe:TaskSchedule', { dueDate: instant })]
  const values = replaced(element.businessObject, made, ['zeebe:TaskSchedule'])
  const context = {
    element,
    moddleElement: element.businessObject,
    properties: { extensionElements: create('bpmn:ExtensionElements', { values }) },
  }
  commandStack.execute('element.updateModdleProperties', context)
  const before = timerOf(element)
  if (instant === '') {
    if (before && (before.outgoing ?? []).length === 0) modeling.removeElements([before])
    return
  }
  const timer =
    before ??
    modeling.createShape(
      elementFactory.createShape({ type: 'bpmn:BoundaryEvent', eventDefinitionType: 'bpmn:TimerEventDefinition' }),
      { x: element.x + (element.width * 2) / 3, y: element.y + element.height },
      element,
      { attach: true },
    )
  const [definition] = timer.businessObject.get('eventDefinitions') as ModdleElement[]
  if (definition)
    commandStack.execute('element.updateModdleProperties', {
      element: timer,
      moddleElement: definition,
      properties: { timeDate: create('bpmn:FormalExpression', { body: instant }), timeDuration: undefined, timeCycle: undefined },
    })
}
