import type { Json } from '#schema/json'
import { RoutingMode } from '#domain/routing'
import { routeOnce } from '../store/ticket/routing.ts'
import { hopeless, type TaskHandler } from './task.ts'

const texts = (value: Json | undefined): string[] =>
  Array.isArray(value) ? value.filter((each) => typeof each === 'string') : typeof value === 'string' && value !== '' ? [value] : []

/**
 * Task type `chooseAssignee`: picks a person of the group. Inputs `groupId`, `mode` (queue, leastLoad, onCall) and `skills` (codes); header
 * `decisionId` names the table whose rows the reason tells. Returns `routed`: {assigneeId, ...reason}; `assigneeId` null: the group's queue.
 */
export const chooseAssignee: TaskHandler = {
  async run(call, { db }) {
    const { groupId, mode, skills } = call.input
    const parsed = RoutingMode.safeParse(mode)
    if (!parsed.success)
      throw hopeless(
        'unknownRoutingMode',
        `expected a mode of ${RoutingMode.options.join(', ')} at ${call.elementId}, found '${String(mode)}': mend the decision table, then retry`,
      )
    const reason = await routeOnce(db, {
      idempotencyKey: call.idempotencyKey,
      ticketId: call.ticketId,
      groupId: typeof groupId === 'string' && groupId !== '' ? groupId : null,
      mode: parsed.data,
      skills: texts(skills),
      decisionId: call.headers['decisionId'] ?? null,
      at: Date.now(),
    })
    return { routed: { ...reason, assigneeId: reason.chosen?.id ?? null } as unknown as Json }
  },
}
