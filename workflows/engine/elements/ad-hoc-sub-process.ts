/** Ad-hoc sub-process (BPMN 2.0 clause 13.3.5): the listed elements start; it ends by its condition, or when nothing runs. */
import type { Behaviour } from '../behaviour.ts'
import { scopeEmpty } from '../lifecycle.ts'
import { StallError } from '../run.ts'

export const adHocSubProcess: Behaviour<'adHocSubProcess'> = {
  isScope: true,
  execute(run, activation, element) {
    run.draft.own(activation.key).live = 0
    const chosen = element.activeElements ? run.evaluate(activation.key, element.activeElements) : element.starts
    if (!Array.isArray(chosen) || !chosen.every((id) => typeof id === 'string'))
      throw new StallError('type', `expected a list of element ids, found ${JSON.stringify(chosen)}`)
    const { elements } = run.model(activation.processId)
    const foreign = chosen.find((id) => elements[id as string]?.scopeId !== element.id)
    if (foreign !== undefined) throw new StallError('unknownElement', `${JSON.stringify(foreign)} is not an element of ${element.id}`)
    for (const id of chosen) run.send(activation.key, id as string, null)
    if (chosen.length === 0) scopeEmpty(run, activation.key)
  },
}
