/** Event sub-process (BPMN 2.0 clause 13.5.4): begun by its start event's trigger, whose variables the start event brings in. */
import type { Behaviour } from '../behaviour.ts'
import { finish, spawn } from '../lifecycle.ts'

export const eventSubProcess: Behaviour<'eventSubProcess'> = {
  isScope: true,
  execute(run, activation, element) {
    const scope = run.draft.own(activation.key)
    const brought = scope.pending ?? {}
    delete scope.pending
    scope.live = 0
    const start = spawn(run, run.elementById(scope.processId, element.startId), scope.key)
    run.draft.move(start.key, 'active')
    finish(run, start.key, brought)
  },
}
