import type { DiagramView } from '#schema/view'
import { type Drawing, readSteps, type Step, stepColour, takenFlows } from './progress.ts'

const layer = 'guichet-progress'

/** Words and numbers that the painter needs in the reader's language. */
export interface PaintWords {
  duration: (ms: number) => string
  tokens: (count: number) => string
  stalled: string
  moved: string
  passes: (count: number) => string
}

/** The drawn model, as `readSteps` wants it. */
export function drawingOf(viewer: BpmnViewer): Drawing {
  const registry = viewer.get('elementRegistry')
  const object = (id: string) => registry.get(id)?.businessObject
  return {
    incoming: (id) => ((object(id)?.get('incoming') as ModdleElement[] | undefined) ?? []).map((flow) => flow.id ?? ''),
    isEnteredWithoutFlow: (id) => {
      const element = object(id)
      if (!element) return true
      if (element.$instanceOf('bpmn:StartEvent') || element.$instanceOf('bpmn:BoundaryEvent') || !element.$instanceOf('bpmn:FlowNode'))
        return true
      return element.$instanceOf('bpmn:SubProcess') && element.get('triggeredByEvent') === true
    },
  }
}

/** Paints how far the ticket is; may be called again on newer views of the same drawing. Returns the steps it showed. */
export function paintProgress(viewer: BpmnViewer, view: DiagramView, sinceMs: number, words: PaintWords): Step[] {
  const registry = viewer.get('elementRegistry')
  // The process itself is an activation too, but nothing that is drawn.
  const steps = readSteps(view, drawingOf(viewer)).filter((step) =>
    registry.get(step.elementId)?.businessObject.$instanceOf('bpmn:FlowNode'),
  )
  const colours = new Map<string, string>(takenFlows(view).map((id) => [id, 'passed']))
  for (const step of steps) colours.set(step.elementId, stepColour(step))
  for (const element of registry.filter((candidate) => !candidate.labelTarget && candidate.type !== 'label'))
    recolour(viewer, element, colours.get(element.id))
  viewer.get('overlays').remove({ type: layer })
  for (const step of steps) if (registry.get(step.elementId)) addBadges(viewer, step, sinceMs, words)
  return steps
}

function recolour(viewer: BpmnViewer, element: DiagramElement, role: string | undefined): void {
  if (!element.di || !element.businessObject) return
  const isContainer = element.businessObject.$instanceOf('bpmn:SubProcess') || element.businessObject.$instanceOf('bpmn:Participant')
  const stroke = role === undefined ? undefined : `var(--gx-step-${role})`
  if (element.di.get('color:border-color') === stroke) return
  element.di.set('color:border-color', stroke)
  if (!element.waypoints)
    element.di.set('color:background-color', role === undefined || isContainer ? undefined : `var(--gx-step-${role}-fill)`)
  viewer
    .get('graphicsFactory')
    .update(element.waypoints ? 'connection' : 'shape', element, viewer.get('elementRegistry').getGraphics(element))
}

function addBadges(viewer: BpmnViewer, step: Step, sinceMs: number, words: PaintWords): void {
  const overlays = viewer.get('overlays')
  const element = viewer.get('elementRegistry').get(step.elementId)?.businessObject
  const isActivity = element?.$instanceOf('bpmn:Activity') ?? false
  // What is live in a sub-process shows its own token.
  const isContainer = element?.$instanceOf('bpmn:SubProcess') ?? false
  const scale = { min: 0.8, max: 1.4 }
  if (step.tokens > 0 && !isContainer)
    overlays.add(step.elementId, layer, {
      position: { bottom: 10, left: -10 },
      html: badge('gx-token', String(step.tokens), words.tokens(step.tokens)),
      scale,
    })
  if (step.state === 'stalled')
    overlays.add(step.elementId, layer, { position: { top: -12, left: -12 }, html: badge('gx-stall', '!', words.stalled), scale })
  else if (step.isOffPath)
    overlays.add(step.elementId, layer, { position: { top: -12, left: -12 }, html: badge('gx-moved', '↷', words.moved), scale })
  const spentMs = step.spentMs + (step.tokens > 0 ? sinceMs : 0)
  if (isActivity && spentMs >= 1000) {
    const text = words.duration(spentMs) + (step.passed + step.tokens > 1 ? ` · ×${step.passed + step.tokens}` : '')
    overlays.add(step.elementId, layer, {
      position: { bottom: 10, right: text.length * 6.2 + 6 },
      html: badge('gx-time', text, words.passes(step.passed)),
      scale,
    })
  }
}

function badge(className: string, text: string, title: string): HTMLElement {
  const node = document.createElement('div')
  node.className = `gx-badge ${className}`
  node.textContent = text
  node.title = title
  return node
}
