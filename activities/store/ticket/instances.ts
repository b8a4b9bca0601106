import { randomUUID } from 'node:crypto'
import type { Occurrence } from '#engine/contract'
import type { Model } from '#engine/model'
import type { Variables } from '#schema/json'
import { isTicketField, TicketFields, TicketKind } from '#schema/ticket'
import type { InstanceInput } from '../../../workflows/protocol.ts'
import { type Db, instant, json } from '../database.ts'
import { composeBundle } from '../definition/definitions.ts'
import { openTicket } from './intake.ts'

export interface NewInstance {
  processId: string
  /** Decided beforehand where a repetition must not start a second one. */
  instanceId?: string
  /** The start event that was triggered; null: the process's none start event. */
  startElementId: string | null
  variables: Variables
  startedById: string
  /** What triggered the start event. */
  occurrence?: Occurrence | undefined
  /** UTC epoch ms; now when absent. */
  at?: number
}

export interface StartedInstance {
  instanceId: string
  /** Number of the ticket; null when the process is no ticket's. */
  number: string | null
}

/** The process has no start event that this start could begin at. */
export class NoSuchStart extends Error {
  override readonly name = 'NoSuchStart'
}

/**
 * Commits a new instance of a process, to be started by the intake as soon as Temporal answers. A process with `guichet:ticketKind` opens a
 * ticket, its fields taken from the variables of the same name; any other is an instance row without a ticket, whose desk stays idle.
 * @throws UnknownDefinition when the process, or something that it names, is not deployed; NoSuchStart
 */
export async function startProcess(db: Db, start: NewInstance): Promise<StartedInstance> {
  const { processId, startedById, variables, startElementId, occurrence } = start
  const at = start.at ?? Date.now()
  const instanceId = start.instanceId ?? randomUUID()
  const { bundle, hash, version } = await composeBundle(db, processId)
  checkStart(bundle.process, startElementId)
  const kind = TicketKind.safeParse(bundle.process.attributes.ticketKind)
  const given = { variables, elementId: startElementId, startedById, ...(occurrence ? { occurrence } : {}) }
  if (kind.success) {
    const opening = ticketOf(bundle.process, variables, startedById)
    const ticket = {
      ...opening,
      kind: kind.data,
      ticketId: instanceId,
      channel: 'api' as const,
      openedById: startedById,
      processId,
      at,
      start: given,
    }
    return { instanceId, number: (await openTicket(db, ticket)).number }
  }
  const input: InstanceInput = {
    ticketId: instanceId,
    processId,
    processVersion: version,
    bundleHash: hash,
    opening: null,
    start: given,
    openedAt: at,
    sequence: 0,
  }
  await db.transaction().execute(async (trx) => {
    await trx.insertInto('instance').values({ ticketId: instanceId, processId, processVersion: version, bundleHash: hash }).execute()
    await trx
      .insertInto('intake')
      .values({ ticketId: instanceId, input: json(input), createdAt: instant(Date.now()) })
      .execute()
  })
  return { instanceId, number: null }
}

function checkStart(model: Model, startElementId: string | null): void {
  const process = model.elements[model.processId]
  if (startElementId === null) {
    if (process?.type !== 'process' || process.starts.length === 0)
      throw new NoSuchStart(`process '${model.processId}' has no none start event: it begins by a message, a signal or a timer`)
    return
  }
  const isTriggered = model.startTriggers.some(({ elementId }) => elementId === startElementId)
  if (model.elements[startElementId]?.type !== 'startEvent' && !isTriggered)
    throw new NoSuchStart(`'${startElementId}' is no start event of process '${model.processId}'`)
}

/** Variables named like ticket fields, where they hold what the field can hold, are the ticket's fields; the rest stands beside them. */
function ticketOf(model: Model, variables: Variables, startedById: string): { fields: TicketFieldsGiven; extra: Variables } {
  const fields: Record<string, unknown> = {}
  const extra: Variables = {}
  for (const [name, value] of Object.entries(variables)) {
    const isField = isTicketField(name) && name !== 'status' && TicketFields.shape[name].safeParse(value).success
    if (isField) fields[name] = value
    else if (!isTicketField(name)) extra[name] = value
  }
  return { fields: { title: model.name || model.processId, requesterId: startedById, ...fields } as TicketFieldsGiven, extra }
}
type TicketFieldsGiven = Partial<TicketFields> & Pick<TicketFields, 'title' | 'requesterId'>

/** Whether the instance is committed already. */
export const isKnownInstance = async (db: Db, instanceId: string): Promise<boolean> =>
  (await db.selectFrom('instance').select('ticketId').where('ticketId', '=', instanceId).executeTakeFirst()) !== undefined
