import type { DiagramView } from '#schema/view'

export type StepState = DiagramView['elements'][number]['state']

/** What the diagram says about one element of a ticket's process. */
export interface Step {
  elementId: string
  state: StepState
  tokens: number
  passed: number
  spentMs: number
  /** Entered although no sequence flow led there: a person moved the ticket. */
  isOffPath: boolean
}

/** The facts about the drawn model that a step is read against. */
export interface Drawing {
  /** Sequence flows that lead into the element. */
  incoming: (elementId: string) => string[]
  /** Started by the engine itself (start and boundary events, event sub-processes), so that no flow need be taken. */
  isEnteredWithoutFlow: (elementId: string) => boolean
}

/**
 * Reads a DiagramView against the drawing. An element was entered off the path when more activations are known
 * than sequence flows were taken into it; passes and live tokens are both activations.
 */
export function readSteps(view: Pick<DiagramView, 'elements' | 'flows'>, drawing: Drawing): Step[] {
  const taken = new Map(view.flows.map((flow) => [flow.flowId, flow.taken]))
  return view.elements.map((element) => {
    const arrivals = drawing.incoming(element.elementId).reduce((sum, flowId) => sum + (taken.get(flowId) ?? 0), 0)
    const isOffPath = !drawing.isEnteredWithoutFlow(element.elementId) && element.passed + element.tokens > 0 && arrivals === 0
    return {
      elementId: element.elementId,
      state: element.state,
      tokens: element.tokens,
      passed: element.passed,
      spentMs: element.spentMs,
      isOffPath,
    }
  })
}

/** Flows the ticket has been through. */
export const takenFlows = (view: Pick<DiagramView, 'flows'>): string[] =>
  view.flows.filter((flow) => flow.taken > 0).map((flow) => flow.flowId)

/** The colour role of a step; one CSS variable each (`--gx-step-<role>`). */
export function stepColour(step: Pick<Step, 'state' | 'isOffPath'>): 'active' | 'passed' | 'terminated' | 'stalled' | 'moved' {
  return step.isOffPath && step.state !== 'stalled' ? 'moved' : step.state
}
