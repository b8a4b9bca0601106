/** Script task: FEEL, whose value goes to the result variable (zeebe:script); or a job. */
import type { Behaviour } from '../behaviour.ts'
import { finish } from '../lifecycle.ts'
import { requestJob } from './service-task.ts'

export const scriptTask: Behaviour<'scriptTask'> = {
  execute(run, activation, element) {
    if (element.expression === null) requestJob(run, activation, element.job!)
    else finish(run, activation.key, { [element.resultVariable]: run.evaluate(activation.key, element.expression) })
  },
}
