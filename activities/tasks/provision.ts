import { Context } from '@temporalio/activity'
import type { Json, Variables } from '#schema/json'
import { ConnectorKind } from '#schema/access'
import type { TaskCall } from '../../workflows/protocol.ts'
import type { Connector, Provisioned, ProvisionOrder } from '../provisioning/connector.ts'
import { connectorKinds } from '../provisioning/registry.ts'
import { canonicalJson, sha256 } from '../store/canonical.ts'
import { type Db, instant } from '../store/database.ts'
import { bpmnError, hopeless, type TaskContext, type TaskHandler } from './task.ts'

/** The BPMN error of a system that refuses, or has not answered in so many attempts (header `attempts`). */
export const provisionFailed = 'PROVISION_FAILED'

/**
 * Task type `provision`: has another system do something. Inputs: `connectorId`, `operation`, `subject`. Returns `provisioned` (`system` or
 * `manual`: people must do it) and `provisionReference`. Header `undo`: a compensation, which is never given up but stalls.
 */
export const provision: TaskHandler = {
  async run(call, context) {
    const order = orderOf(call, context)
    const done = await doneBefore(context.db, order.key)
    if (done !== undefined) return { provisioned: 'system', provisionReference: done }
    const connector = await connectorOf(context.db, call)
    const result = await attempt(call, context, connector, order)
    if (result.by === 'manual') return { provisioned: 'manual', provisionReference: '' }
    return { provisioned: 'system', provisionReference: result.reference }
  },
}

/** What is asked names itself: asked again after a failure, or by a repeated activity, it is the same order. */
function orderOf({ ticketId, elementId, input }: TaskCall, { signal }: TaskContext): ProvisionOrder {
  const { operation, subject } = input
  if (typeof operation !== 'string' || operation === '')
    throw hopeless('missingInput', `expected an input 'operation' at ${elementId}, found none: add it in the diagram`)
  const about = asObject(subject)
  return { key: `${ticketId}/${operation}/${sha256(canonicalJson(about)).slice(0, 16)}`, operation, subject: about, ticketId, signal }
}
const asObject = (value: Json | undefined): Variables => (value !== null && typeof value === 'object' && !Array.isArray(value) ? value : {})

const doneBefore = async (db: Db, key: string): Promise<string | undefined> => {
  const row = await db
    .selectFrom('provisionAttempt')
    .select('reference')
    .where('idempotencyKey', '=', key)
    .where('state', '=', 'done')
    .executeTakeFirst()
  return row && (row.reference ?? '')
}

async function connectorOf(db: Db, { elementId, input }: TaskCall): Promise<Connector> {
  const id = typeof input.connectorId === 'string' ? input.connectorId : ''
  const row = await db.selectFrom('provisionConnector').selectAll().where('id', '=', id).executeTakeFirst()
  if (!row) throw hopeless('unknownConnector', `expected a connector '${id}' at ${elementId}, found none: set it up, then retry`)
  return row
}

type Settled = Exclude<Provisioned, { by: 'refused' }>

async function attempt(call: TaskCall, { db, secret }: TaskContext, connector: Connector, order: ProvisionOrder): Promise<Settled> {
  const isUndo = call.headers.undo === 'true'
  const row = {
    idempotencyKey: order.key,
    connectorId: connector.id,
    ticketId: order.ticketId,
    operation: order.operation,
    at: instant(Date.now()),
  }
  const failed = (error: string) =>
    db
      .insertInto('provisionAttempt')
      .values({ ...row, state: 'failed', error })
      .execute()
  let result: Provisioned
  try {
    result = await connectorKinds[ConnectorKind.parse(connector.kind)].provision(connector, order, secret)
  } catch (error) {
    const reason = reasonOf(error)
    await failed(reason)
    const last = Number(call.headers.attempts ?? '1')
    if (isUndo || Context.current().info.attempt < last) throw new Error(reason)
    throw bpmnError(provisionFailed, reason)
  }
  if (result.by === 'refused') {
    await failed(result.reason)
    throw isUndo ? hopeless('refused', result.reason) : bpmnError(provisionFailed, result.reason)
  }
  if (result.by === 'manual') {
    // Nobody but people can undo this: the attempt stays in sight on the request.
    if (isUndo) await failed('to be undone by hand')
    return result
  }
  await db
    .insertInto('provisionAttempt')
    .values({ ...row, state: 'done', reference: result.reference })
    .onConflict((on) => on.doNothing())
    .execute()
  return result
}

/** Why a call failed, with what lies behind it. */
const reasonOf = (error: unknown): string =>
  error instanceof Error ? (error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message) : String(error)

/** What a trial asks of a system: nothing, which it may say yes to. */
export const trialOperation = 'test'

/** Calls a system once, about nothing, and keeps what it answered in its log. Null: people do it, there is nobody to call. */
export async function tryConnector(
  { db, secret, signal }: Pick<TaskContext, 'db' | 'secret' | 'signal'>,
  connector: Connector,
  key: string,
): Promise<{ isDone: boolean; reference: string; error: string } | null> {
  const order = { key, operation: trialOperation, subject: {}, ticketId: null, signal }
  let result: Provisioned
  try {
    result = await connectorKinds[ConnectorKind.parse(connector.kind)].provision(connector, order, secret)
  } catch (error) {
    result = { by: 'refused', reason: reasonOf(error) }
  }
  if (result.by === 'manual') return null
  const isDone = result.by === 'system'
  const said = result.by === 'system' ? { reference: result.reference, error: null } : { reference: null, error: result.reason }
  await db
    .insertInto('provisionAttempt')
    .values({
      idempotencyKey: key,
      connectorId: connector.id,
      ticketId: null,
      operation: trialOperation,
      at: instant(Date.now()),
      state: isDone ? 'done' : 'failed',
      ...said,
    })
    .onConflict((on) => on.doNothing())
    .execute()
  return { isDone, reference: said.reference ?? '', error: said.error ?? '' }
}
