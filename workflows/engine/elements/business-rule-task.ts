/** Business rule task: a DMN decision evaluated here, or a job. The rows that fired are kept as a fact. */
import type { Behaviour } from '../behaviour.ts'
import { DecisionFailure, evaluateDecision } from '../decision/evaluate.ts'
import { finish } from '../lifecycle.ts'
import { StallError } from '../run.ts'
import { requestJob } from './service-task.ts'

export const businessRuleTask: Behaviour<'businessRuleTask'> = {
  execute(run, activation, element) {
    const { key } = activation
    if (element.decision === null) {
      requestJob(run, activation, element.job!)
      return
    }
    const decisionId = run.evaluateText(key, element.decision.decisionId, 'the decision id')
    const decision = run.program.decisions[decisionId]
    if (!decision) throw new StallError('unknownDecision', `the decision ${decisionId} is not deployed with this definition`)
    try {
      const { value, trace } = evaluateDecision(decision, run.visible(key), run.clock(activation.processId))
      for (const step of trace) run.facts.push({ type: 'decisionEvaluated', at: run.at, elementId: element.id, ...step })
      finish(run, key, { [element.decision.resultVariable]: value })
    } catch (error) {
      if (error instanceof DecisionFailure) throw new StallError('decision', error.message)
      throw error
    }
  },
}
