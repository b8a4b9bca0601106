import { ApplicationFailure } from '@temporalio/activity'
import type { Variables } from '#schema/json'
import { bpmnErrorType, type TaskCall } from '../../workflows/protocol.ts'
import type { Db } from '../store/database.ts'

/** What a handler works with. `signal` is aborted when the diagram no longer waits for the task. */
export interface TaskContext {
  db: Db
  /** Where people reach the desk: origin of the links in mails, without a slash at the end. */
  publicUrl: string
  /** Signs links that need no sign-in; the API's own. */
  secret: string
  signal: AbortSignal
}

/**
 * The work behind a service or send task's type. What it returns becomes variables of the task. It may run again after a crash:
 * under the same `call.idempotencyKey` it must not act twice. Throwing means: try again later.
 */
export interface TaskHandler {
  run(call: TaskCall, context: TaskContext): Promise<Variables>
}

/** The task cannot succeed, however often it is tried: a stall at once. */
export const hopeless = (code: string, message: string): ApplicationFailure => ApplicationFailure.nonRetryable(message, code)

/** A BPMN error for the diagram to catch. */
export const bpmnError = (errorCode: string, message: string): ApplicationFailure =>
  ApplicationFailure.create({ type: bpmnErrorType, message, nonRetryable: true, details: [errorCode] })
