import { z } from 'zod'
import { Variables } from '#schema/json'
import { addDuration } from '#engine/time'
import { evaluateStartConditions } from '../../activities/store/correlation/conditions.ts'
import { publishMessage, publishSignal } from '../../activities/store/correlation/publish.ts'
import { UnknownDefinition } from '../../activities/store/definition/definitions.ts'
import { NoSuchStart, startProcess } from '../../activities/store/ticket/instances.ts'
import { idOfKey } from '../id-of-key.ts'
import { ApiProblem } from '../problem.ts'
import { defineRoute, type Route } from '../route.ts'

/** How long a message may wait for a receiver. */
const longestTimeToLiveMs = 366 * 86_400_000
const publishers = ['processOwner', 'administrator'] as const
const Name = z.string().min(1).max(200)
const MessageId = z.string().min(1).max(200).describe('The same id under the same name and key is one message; absent: the Idempotency-Key')

const Published = z.object({
  isNew: z.boolean().describe('False: this message id was published before; nothing was done'),
  receivers: z
    .array(z.object({ processId: z.string(), instanceId: z.string() }))
    .describe('Who gets it now; other process definitions get it when they subscribe before it expires'),
})

const asAnswer = ({ isNew, receivers }: Awaited<ReturnType<typeof publishMessage>>): z.infer<typeof Published> => ({
  isNew,
  receivers: receivers.map(({ processId, ticketId }) => ({ processId, instanceId: ticketId })),
})

const invalid = (path: string, code: string, message: string) => new ApiProblem(422, 'invalidCall', { errors: [{ path, code, message }] })

function timeToLiveMsOf(duration: string, at: number): number {
  const until = addDuration(at, duration, 'UTC')
  if (until === null || until < at || until - at > longestTimeToLiveMs)
    throw invalid('timeToLive', 'invalid_format', `expected an ISO 8601 duration between PT0S and P366D, found ${duration}`)
  return until - at
}

/** A failed start as a problem; what is none of ours stays as it is. */
function startProblem(error: unknown, id: string): unknown {
  if (error instanceof UnknownDefinition)
    return new ApiProblem(404, 'definitionNotFound', { params: { kind: 'process', id }, detail: error.message, cause: error })
  return error instanceof NoSuchStart ? invalid('path.id', 'noStartEvent', error.message) : error
}

export const correlationRoutes: readonly Route[] = [
  defineRoute({
    method: 'post',
    path: '/messages',
    access: publishers,
    tag: 'Processes',
    summary: 'Publish a BPMN message',
    description:
      'At most one receiver of each process definition gets it, once: an instance that waits for this name and key, else a new instance by its message start event. What nobody takes is buffered until it expires.',
    body: z.strictObject({
      name: Name,
      correlationKey: z.string().min(1).max(500).nullable().default(null),
      messageId: MessageId.optional(),
      timeToLive: z.string().max(100).default('PT1H').describe('ISO 8601 duration; PT0S: only for one who waits now'),
      variables: Variables.default({}),
    }),
    status: 202,
    response: Published,
    handle: async ({ deps, body, caller, commandKey }) => {
      const at = deps.clock()
      const { name, correlationKey, variables } = body
      const timeToLiveMs = timeToLiveMsOf(body.timeToLive, at)
      const messageId = body.messageId ?? `call:${commandKey}`
      const message = { name, correlationKey, variables, timeToLiveMs, messageId, source: caller.actor.id, at }
      return asAnswer(await publishMessage(deps.db, message))
    },
  }),
  defineRoute({
    method: 'post',
    path: '/signals',
    access: publishers,
    tag: 'Processes',
    summary: 'Broadcast a BPMN signal',
    description: 'To every instance that listens at this moment; each process that starts by it starts one instance.',
    body: z.strictObject({ name: Name, messageId: MessageId.optional(), variables: Variables.default({}) }),
    status: 202,
    response: Published,
    handle: async ({ deps, body, caller, commandKey }) => {
      const { name, variables } = body
      const messageId = body.messageId ?? `call:${commandKey}`
      const signal = { name, variables, messageId, source: caller.actor.id, at: deps.clock(), exceptTicketId: null }
      return asAnswer(await publishSignal(deps.db, signal))
    },
  }),
  defineRoute({
    method: 'post',
    path: '/processes/{id}/start',
    access: publishers,
    tag: 'Processes',
    summary: 'Start an instance of a process at its none start event',
    description: 'A process with a ticket kind opens a ticket from the variables named like its fields; any other runs without a ticket.',
    params: z.object({ id: z.string().regex(/^[\w.-]{1,100}$/) }),
    body: z.strictObject({ variables: Variables.default({}) }),
    status: 201,
    response: z.object({ instanceId: z.string(), number: z.string().nullable().describe('Of the ticket; null without one') }),
    problems: { 404: ['definitionNotFound'] },
    handle: async ({ deps, params, body, caller }) => {
      try {
        const started = await startProcess(deps.db, {
          processId: params.id,
          startElementId: null,
          variables: body.variables,
          startedById: caller.actor.id,
          at: deps.clock(),
        })
        deps.kickIntake()
        return started
      } catch (error) {
        throw startProblem(error, params.id)
      }
    },
  }),
  defineRoute({
    method: 'post',
    path: '/processes/{id}/conditions',
    access: publishers,
    tag: 'Processes',
    summary: 'Evaluate the conditional start events of a process',
    description:
      'Each condition that holds with these variables begins one instance. A running instance evaluates its own conditions by itself.',
    params: z.object({ id: z.string().regex(/^[\w.-]{1,100}$/) }),
    body: z.strictObject({ variables: Variables.default({}) }),
    status: 200,
    response: z.object({
      conditions: z.array(
        z.object({
          elementId: z.string(),
          isMet: z.boolean(),
          problem: z.string().nullable().describe('Why it could not be evaluated'),
          instanceId: z.string().nullable(),
        }),
      ),
    }),
    problems: { 404: ['definitionNotFound'] },
    handle: async ({ deps, params, body, caller, commandKey }) => {
      const asked = { processId: params.id, variables: body.variables, startedById: caller.actor.id, at: deps.clock() }
      const instanceIdOf = (elementId: string): string => idOfKey(`${commandKey}/${elementId}`, 'ticket')
      try {
        const found = await evaluateStartConditions(deps.db, { ...asked, instanceIdOf })
        if (found.length === 0)
          throw invalid('path.id', 'noStartEvent', `process '${params.id}' has no conditional start event: draw one, or start it otherwise`)
        deps.kickIntake()
        return { conditions: found.map(({ started, ...rest }) => ({ ...rest, instanceId: started?.instanceId ?? null })) }
      } catch (error) {
        throw startProblem(error, params.id)
      }
    },
  }),
]
