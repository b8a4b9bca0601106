/** Script task: FEEL, whose value goes to the result variable (zeebe:script). */
import type { Behaviour } from '../behaviour.ts'
import { finish } from '../lifecycle.ts'

export const scriptTask: Behaviour<'scriptTask'> = {
  execute(run, activation, element) {
    finish(run, activation.key, { [element.resultVariable]: run.evaluate(activation.key, element.expression) })
  },
}
