/** Brings the engine's inputs to an instance that really runs, as updates. */
import { randomUUID } from 'node:crypto'
import type { Input } from '#engine/contract'
import { systemActor } from '#schema/role'
import type { InstanceState } from '../../workflows/protocol.ts'
import type { Desk } from './desk.ts'

export async function sendInput(desk: Desk, instanceId: string, input: Input): Promise<void> {
  const { at: _, ...payload } = input as Input & { variables: object }
  const command =
    input.type === 'jobCompleted'
      ? { name: 'completeJob' as const, payload: { waitId: input.waitId, variables: input.variables } }
      : input.type === 'completeTask' || input.type === 'setVariables'
        ? { name: input.type, payload }
        : { name: 'correlate' as const, payload: { correlationKey: null, messageId: randomUUID(), ...payload } }
  const key = randomUUID()
  await desk.client.workflow
    .getHandle(instanceId)
    .executeUpdate(command.name, { args: [{ actor: systemActor, key, payload: command.payload }], updateId: key })
}

export const stateOf = async (desk: Desk, instanceId: string): Promise<InstanceState> =>
  desk.client.workflow.getHandle(instanceId).query<InstanceState>('engineState')
