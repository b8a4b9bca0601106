/** Service and send tasks: a job that the world does. */
import type { Behaviour } from '../behaviour.ts'
import type { Job } from '../model.ts'
import { type Run, StallError } from '../run.ts'
import type { Activation } from '../state.ts'

/** Asks for the job; the activation waits for `jobCompleted`. */
export function requestJob(run: Run, activation: Activation, job: Job): void {
  const { key, elementId } = activation
  const jobType = run.evaluateText(key, job.jobType, 'the job type')
  const retries = Number(run.evaluateText(key, job.retries, 'the number of retries'))
  if (!Number.isInteger(retries) || retries < 0) throw new StallError('type', `expected a whole number of retries, found ${retries}`)
  const element = run.element(activation)
  const owner = run.draft.own(key)
  owner.attempts = (owner.attempts ?? 0) + 1
  run.draft.addWait({ waitId: key, elementId, ownerKey: key, role: 'self', kind: 'job', jobType })
  const input = element.inputs ? { ...owner.variables } : { ...run.visible(key) }
  run.effects.push({ type: 'runJob', waitId: key, elementId, jobType, headers: job.headers, input, retries, attempt: owner.attempts })
  run.facts.push({ type: 'jobRequested', at: run.at, elementId, waitId: key, jobType })
}

export const serviceTask: Behaviour<'serviceTask'> & Behaviour<'sendTask'> = {
  execute: (run, activation, element: { job: Job }) => requestJob(run, activation, element.job),
}
