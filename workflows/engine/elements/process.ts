/** The process itself, and the inlined process of a call activity (BPMN 2.0 clause 13.2). */
import type { Behaviour } from '../behaviour.ts'
import { finish, scopeEmpty } from '../lifecycle.ts'
import { callFinished } from './call-activity.ts'
import { beginAwaited, isAwaited } from './instantiation.ts'

export const process: Behaviour<'process'> = {
  isScope: true,
  execute(run, activation, element) {
    const named = activation.step
    const starts = named === undefined ? element.starts : [named]
    const scope = run.draft.own(activation.key)
    delete scope.step
    const trigger = scope.pending
    delete scope.pending
    if (trigger) for (const name in trigger) run.setVariable(scope.key, name, trigger[name]!)
    if (named !== undefined && isAwaited(run, activation.processId, named)) {
      beginAwaited(run, activation.key, named)
      return
    }
    for (const id of starts) run.send(activation.key, id, null)
    if (starts.length === 0) scopeEmpty(run, activation.key)
  },
  onEmpty(run, activation) {
    if (activation.parentKey === null) finish(run, activation.key)
    else callFinished(run, activation)
  },
}
