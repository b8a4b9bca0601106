/** Carries operations on, ticket by ticket: first the dry run, then the move. All state is in PostgreSQL, so that any worker can go on after any death. */
import { type Client, WorkflowUpdateFailedError } from '@temporalio/client'
import { ApplicationFailure } from '@temporalio/common'
import { migrate } from '#engine/migration/migrate'
import type { Command, InstanceMove, InstanceState } from '../workflows/protocol.ts'
import { refusalType, stateQuery } from '../workflows/protocol.ts'
import { claim } from '../workflows/runtime/payload.ts'
import { keptOr, messageOf, outcomeOfAbsence, type Round, runPacedRounds } from './paced-rounds.ts'
import type { Db } from './store/database.ts'
import { loadBundle, UnknownDefinition } from './store/definition/definitions.ts'
import { composeTargetBundle, type TargetBundle } from './store/operation/migration-bundle.ts'
import {
  activeProcessMigrations,
  deferItem,
  finishProcessMigration,
  type ItemOutcome,
  nextItems,
  type ProcessMigration,
  settleItem,
} from './store/operation/process-migrations.ts'

/** Tickets between two looks at whether the operation was paused. */
const chunk = 8
const callTimeoutMs = 10_000

/** Target bundles by operation, definition state and old bundle: a handful per operation. */
type Targets = Map<string, Promise<TargetBundle>>

/** One chunk of each operation that has something to do. */
export async function runMigrationRound(db: Db, client: Client, targets: Targets = new Map()): Promise<Round> {
  const round: Round = { settled: 0, deferred: 0 }
  for (const migration of await activeProcessMigrations(db)) {
    const tickets = await nextItems(db, migration, chunk)
    if (tickets.length === 0) await finishProcessMigration(db, migration, Date.now())
    const outcomes = await Promise.all(tickets.map((ticketId) => settle(db, client, migration, ticketId, targets)))
    for (const isSettled of outcomes) round[isSettled ? 'settled' : 'deferred']++
  }
  return round
}

export const runMigrationLoop = (db: Db, client: Client, signal: AbortSignal, onError: (error: unknown) => void): Promise<void> =>
  runPacedRounds<Promise<TargetBundle>>((targets) => runMigrationRound(db, client, targets), signal, onError)

async function settle(db: Db, client: Client, migration: ProcessMigration, ticketId: string, targets: Targets): Promise<boolean> {
  try {
    const work = migration.state === 'checking' ? rehearse : move
    await settleItem(db, migration.id, ticketId, await work(db, client, migration, ticketId, targets))
    return true
  } catch (error) {
    const outcome = finalOutcome(error)
    if (outcome) await settleItem(db, migration.id, ticketId, outcome)
    else await deferItem(db, migration.id, ticketId, messageOf(error))
    return outcome !== null
  }
}

async function stateOf(client: Client, ticketId: string): Promise<InstanceState> {
  return client.withDeadline(Date.now() + callTimeoutMs, () => client.workflow.getHandle(ticketId).query<InstanceState, []>(stateQuery))
}

const targetOf = (db: Db, migration: ProcessMigration, fromHash: string, targets: Targets): Promise<TargetBundle> =>
  keptOr(targets, `${migration.id} ${fromHash}`, () => composeTargetBundle(db, migration, fromHash))

const elsewhere = (processVersion: number): ItemOutcome => ({
  state: 'gone',
  code: 'versionChanged',
  message: `the ticket follows version ${processVersion} by now`,
})

/** The pure engine on the ticket's present state; nothing changes. */
async function rehearse(db: Db, client: Client, migration: ProcessMigration, ticketId: string, targets: Targets): Promise<ItemOutcome> {
  const { engine, bundleHash, processVersion } = await stateOf(client, ticketId)
  if (processVersion !== migration.fromVersion) return elsewhere(processVersion)
  const target = await targetOf(db, migration, bundleHash, targets)
  const { mapping, retimesTimers } = migration
  const request = { at: Date.now(), mapping, retimesTimers, fromHash: bundleHash, toHash: target.hash }
  const result = migrate(await loadBundle(db, bundleHash), engine, target.bundle, request)
  if (result.ok) return { state: 'ready' }
  const [first] = result.refusals
  return { state: 'refused', ...first }
}

/** The update's id is the operation's: however often it is sent, the ticket moves once. */
async function move(db: Db, client: Client, migration: ProcessMigration, ticketId: string, targets: Targets): Promise<ItemOutcome> {
  const row = await db.selectFrom('instance').select('bundleHash').where('ticketId', '=', ticketId).executeTakeFirstOrThrow()
  const { hash } = await targetOf(db, migration, row.bundleHash, targets)
  const { fromVersion, toVersion, mapping, retimesTimers, actor } = migration
  const key = `process-migration/${migration.id}`
  const command: Command<InstanceMove> = { actor, key, payload: { fromVersion, toVersion, toHash: hash, mapping, retimesTimers } }
  const args = [command, claim(hash)] as [unknown, unknown]
  await client.withDeadline(Date.now() + callTimeoutMs, () =>
    client.workflow.getHandle(ticketId).executeUpdate('migrateInstance', { args, updateId: key }),
  )
  return { state: 'moved' }
}

/** What trying again would not change. */
function finalOutcome(error: unknown): ItemOutcome | null {
  if (error instanceof WorkflowUpdateFailedError && error.cause instanceof ApplicationFailure && error.cause.type === refusalType) {
    const refusal = error.cause.details?.[0] as { code: string; message: string; elementId?: string } | undefined
    const isGone = refusal?.code === 'instanceEnded' || refusal?.code === 'versionChanged'
    return { state: isGone ? 'gone' : 'refused', code: 'unknown', ...refusal }
  }
  if (error instanceof UnknownDefinition) return { state: 'refused', code: 'unknownDefinition', message: error.message }
  return outcomeOfAbsence(error)
}
