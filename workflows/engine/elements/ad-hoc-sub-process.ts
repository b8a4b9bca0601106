/**
 * Ad-hoc sub-process (BPMN 2.0 clause 13.3.5): the listed elements start, all at once or one after the other; more are started by
 * `modify`. It ends when its condition is true after one of them completed, or when nothing runs; a manual one only by its condition.
 */
import type { Behaviour } from '../behaviour.ts'
import { finish, scopeEmpty, terminateChildren } from '../lifecycle.ts'
import type { ElementOf } from '../model.ts'
import { type Run, StallError } from '../run.ts'
import type { Activation } from '../state.ts'

type AdHoc = ElementOf<'adHocSubProcess'>
/** `step` when the condition was true and what still runs may complete. */
const DONE = '!'

export const adHocSubProcess: Behaviour<'adHocSubProcess'> = {
  isScope: true,
  execute(run, activation, element) {
    if ((activation.live ?? 0) > 0) {
      // Taken up after its condition failed: what runs goes on.
      testCondition(run, activation, element)
      return
    }
    const chosen = chosenElements(run, activation, element)
    const scope = run.draft.own(activation.key)
    scope.live = 0
    const first = element.isSequential ? chosen.slice(0, 1) : chosen
    if (element.isSequential) scope.step = chosen.slice(1).join(' ')
    for (const id of first) run.send(activation.key, id, null)
    if (chosen.length === 0 && !element.isManual) scopeEmpty(run, activation.key)
  },
  onChild: testCondition,
  onEmpty(run, activation, element) {
    if (element.isManual && activation.step !== DONE) return
    const [next, ...rest] = activation.step && activation.step !== DONE ? activation.step.split(' ') : []
    if (next === undefined) {
      finish(run, activation.key)
      return
    }
    run.draft.own(activation.key).step = rest.join(' ')
    run.send(activation.key, next, null)
  },
}

function chosenElements(run: Run, activation: Activation, element: AdHoc): string[] {
  if (element.isManual) return []
  const chosen = element.activeElements ? run.evaluate(activation.key, element.activeElements) : element.starts
  if (!Array.isArray(chosen) || !chosen.every((id) => typeof id === 'string'))
    throw new StallError('type', `expected a list of element ids, found ${JSON.stringify(chosen)}`)
  const { elements } = run.model(activation.processId)
  const foreign = chosen.find((id) => elements[id as string]?.scopeId !== element.id)
  if (foreign !== undefined) throw new StallError('unknownElement', `${JSON.stringify(foreign)} is not an element of ${element.id}`)
  return chosen as string[]
}

function testCondition(run: Run, activation: Activation, element: AdHoc): void {
  if (!element.completionCondition || activation.step === DONE) return
  if (!run.evaluateCondition(activation.key, element.completionCondition)) return
  run.draft.own(activation.key).step = DONE
  if (element.cancelsRemaining) terminateChildren(run, activation.key)
}
