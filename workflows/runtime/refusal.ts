import { ApplicationFailure } from '@temporalio/common'
import { refusalType } from '../protocol.ts'

/** Why a command was not taken. `code` is stable; `message` is English, for people who read logs. */
export interface CommandRefusal {
  code: string
  message: string
  elementId?: string
}

/** A refusal as it travels: never retried, and when a validator throws it, never in the history. */
export function refuse(refusal: CommandRefusal): ApplicationFailure {
  return ApplicationFailure.create({ type: refusalType, message: refusal.message, nonRetryable: true, details: [refusal] })
}
