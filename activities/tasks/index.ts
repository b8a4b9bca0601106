import { Context } from '@temporalio/activity'
import type { Variables } from '#schema/json'
import { isTaskId, type TaskId } from '#schema/service-task'
import { offeredToWorkers, type TaskCall } from '../../workflows/protocol.ts'
import { installationSecret } from '../installation-secret.ts'
import type { Db } from '../store/database.ts'
import { offerJob } from '../store/job/jobs.ts'
import { access } from './access.ts'
import { changeFacts } from './change/change-facts.ts'
import { checkConflicts } from './change/check-conflicts.ts'
import { checkFreeze } from './change/check-freeze.ts'
import { recordChangeOutcome } from './change/record-outcome.ts'
import { approvers } from './approvers.ts'
import { chooseAssignee } from './choose-assignee.ts'
import { contract } from './contract.ts'
import { licence } from './licence.ts'
import { countSimilarTask, proposeMajorTask } from './majors.ts'
import { publishKnownError, settleKnownError } from './known-error.ts'
import { notify } from './notify.ts'
import { provision } from './provision.ts'
import { request } from './request.ts'
import { review } from './review.ts'
import { publishUpdate } from './publish-update.ts'
import { resolveChildren } from './resolve-children.ts'
import { requestChange } from './request-change.ts'
import { survey } from './survey.ts'
import { tellIncidents } from './tell-incidents.ts'
import type { TaskHandler } from './task.ts'

export const tasks = {
  notify,
  survey,
  chooseAssignee,
  contract,
  licence,
  approvers,
  publishKnownError,
  settleKnownError,
  tellIncidents,
  requestChange,
  request,
  provision,
  access,
  review,
  changeFacts,
  checkConflicts,
  checkFreeze,
  findApprovers: approvers,
  recordChangeOutcome,
  'resolve-children': resolveChildren,
  'count-similar': countSimilarTask,
  'propose-major': proposeMajorTask,
  'publish-update': publishUpdate,
} satisfies Record<TaskId, TaskHandler>

/** Shorter than the heartbeat timeout of workflows/runtime/jobs.ts: a task whose worker died is given to another one soon. */
const heartbeatMs = 3_000

/** Where people reach the desk, without a slash at the end. */
export const publicUrlOf = (env: Record<string, string | undefined>): string =>
  (env.GUICHET_PUBLIC_URL ?? 'http://localhost:8080').replace(/\/+$/, '')

/** The activity behind every service and send task: a handler of the desk's own, else an offer to the customer's workers. */
export function createRunTask(db: Db, env: Record<string, string | undefined>): { runTask(call: TaskCall): Promise<Variables> } {
  const publicUrl = publicUrlOf(env)
  const secret = installationSecret(env)
  return {
    async runTask(call) {
      if (!isTaskId(call.jobType)) {
        await offerJob(db, call, Date.now())
        return offeredToWorkers
      }
      const activity = Context.current()
      const beating = setInterval(() => activity.heartbeat(), heartbeatMs)
      try {
        return await tasks[call.jobType].run(call, { db, publicUrl, secret, signal: activity.cancellationSignal })
      } finally {
        clearInterval(beating)
      }
    },
  }
}
