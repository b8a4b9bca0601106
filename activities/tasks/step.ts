import type { Variables } from '#schema/json'
import type { TaskCall } from '../../workflows/protocol.ts'
import { hopeless, type TaskContext, type TaskHandler } from './task.ts'

export type Step = (call: TaskCall, context: TaskContext) => Promise<Variables>

/** A handler of several steps, told apart by the header `do`. */
export const stepsHandler = (steps: Record<string, Step>): TaskHandler => ({
  async run(call, context) {
    const name = call.headers.do ?? ''
    const step = Object.hasOwn(steps, name) ? steps[name] : undefined
    if (!step)
      throw hopeless('unknownStep', `expected a header 'do' of ${Object.keys(steps).join(', ')} at ${call.elementId}, found '${name}'`)
    return step(call, context)
  },
})

/** A text among the inputs. @throws hopeless: the diagram or its variables must be mended first */
export function textInput({ input, elementId }: TaskCall, name: string): string {
  const value = input[name]
  if (typeof value !== 'string' || value === '')
    throw hopeless('missingInput', `expected a text '${name}' at ${elementId}, found ${JSON.stringify(value)}`)
  return value
}
export const maybeText = ({ input }: TaskCall, name: string): string | null => {
  const value = input[name]
  return typeof value === 'string' && value !== '' ? value : null
}
