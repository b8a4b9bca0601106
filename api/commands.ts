/**
 * Interactive commands: an update to the ticket's workflow, answered within a few seconds or refused with a reason.
 * The update id is the command's key, so the same command again returns the first result.
 */
import { type Client, isGrpcServiceError, ServiceError, WorkflowNotFoundError, WorkflowUpdateFailedError } from '@temporalio/client'
import { ApplicationFailure, TimeoutFailure } from '@temporalio/common'
import type { ReasonCode } from '#domain/permissions'
import { type Command, refusalType, type UpdateName, type UpdateResult, type Updates } from '../workflows/protocol.ts'
import { ApiProblem } from './problem.ts'
import { catalogue } from './problem-texts.ts'

export interface Commander {
  /** @throws {ApiProblem} 409/403 refused by the workflow, 503 out of reach, 409 not started or ended. */
  execute<N extends UpdateName>(ticketId: string, name: N, command: Command<Updates[N]>): Promise<UpdateResult>
  /** Is the Temporal server there? */
  isReachable(): Promise<boolean>
}

interface Refused {
  code: string
  message: string
  elementId?: string
}
/** Refusals about who, not about when. */
const permissionCodes: ReadonlySet<string> = new Set<ReasonCode>([
  'notSignedIn',
  'roleMissing',
  'notYourTicket',
  'notInGroup',
  'takenBySomeoneElse',
  'selfApproval',
  'notAsked',
])

/** In the caller's language when we know the code; otherwise the refusal speaks for itself. */
const hasText = (code: string) => Object.hasOwn(catalogue, code)

/** Finds the workflow's refusal in an update failure, however deep Temporal wrapped it. */
export function refusalIn(error: unknown): Refused | null {
  for (let cause: unknown = error, depth = 0; cause instanceof Error && depth < 6; cause = cause.cause, depth += 1) {
    if (cause instanceof ApplicationFailure && cause.type === refusalType) {
      const first = cause.details?.[0] as Partial<Refused> | undefined
      return {
        code: first?.code ?? 'refused',
        message: first?.message ?? cause.message,
        ...(first?.elementId ? { elementId: first.elementId } : {}),
      }
    }
  }
  return null
}

export function commandProblem(error: unknown, isStarted: boolean): ApiProblem {
  if (error instanceof ApiProblem) return error
  const refused = refusalIn(error)
  if (refused) {
    const status = permissionCodes.has(refused.code) ? 403 : 409
    return new ApiProblem(status, refused.code, {
      cause: error,
      ...(hasText(refused.code) ? {} : { detail: refused.message }),
      errors: [{ path: '', code: refused.code, message: refused.message, ...(refused.elementId ? { elementId: refused.elementId } : {}) }],
    })
  }
  if (error instanceof WorkflowNotFoundError)
    return isStarted
      ? new ApiProblem(409, 'instanceEnded', { cause: error })
      : new ApiProblem(503, 'notStartedYet', { cause: error, headers: { 'retry-after': '2' } })
  if (error instanceof WorkflowUpdateFailedError && !(error.cause instanceof TimeoutFailure))
    return new ApiProblem(409, 'refused', { detail: error.cause?.message ?? error.message, cause: error })
  const isRemote =
    error instanceof ServiceError ||
    isGrpcServiceError(error) ||
    (error instanceof Error && /rpc|timeout|deadline|cancel|connect|unavailable/i.test(`${error.name} ${error.message}`))
  if (isRemote) return new ApiProblem(503, 'workflowUnavailable', { cause: error, headers: { 'retry-after': '3' } })
  throw error
}

/**
 * @param isStarted has the ticket's workflow been started (its intake is delivered)? Asked only when Temporal does not know it.
 * @param timeoutMs longest wait for an answer
 */
export function createCommander(client: Client, isStarted: (ticketId: string) => Promise<boolean>, timeoutMs: number): Commander {
  return {
    async execute(ticketId, name, command) {
      try {
        const handle = client.workflow.getHandle(ticketId)
        const args = [command] as [unknown]
        return (await client.connection.withDeadline(Date.now() + timeoutMs, () =>
          handle.executeUpdate(name, { args, updateId: command.key }),
        )) as UpdateResult
      } catch (error) {
        throw commandProblem(error, error instanceof WorkflowNotFoundError ? await isStarted(ticketId) : true)
      }
    },
    async isReachable() {
      try {
        await client.connection.withDeadline(Date.now() + 1_500, () => client.workflowService.getSystemInfo({}))
        return true
      } catch {
        return false
      }
    },
  }
}
