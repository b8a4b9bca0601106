/** Carries recomputations on, ticket by ticket: first the comparison, then, when somebody wants it, the change. All state is in PostgreSQL. */
import { type Client, WorkflowUpdateFailedError } from '@temporalio/client'
import { ApplicationFailure } from '@temporalio/common'
import type { Bundle } from '#domain/bundle'
import { type ClockChange, changesOf, isChanged, type PolicyChange, recompute, type Recomputed } from '#domain/recompute'
import type { Fact } from '#schema/fact'
import { type Command, refusalType } from '../workflows/protocol.ts'
import { claim } from '../workflows/runtime/payload.ts'
import { keptOr, messageOf, outcomeOfAbsence, type Round, runPacedRounds } from './paced-rounds.ts'
import { clockOutcomes } from './store/ticket/clock-outcomes.ts'
import type { Db } from './store/database.ts'
import { loadBundle, storeBundle, UnknownDefinition } from './store/definition/definitions.ts'
import { composePolicies, versionsBetween } from './store/definition/policy-bundle.ts'
import {
  activeRecomputations,
  deferRecomputationItem,
  finishRecomputation,
  nextRecomputationItems,
  type Recomputation,
  type RecomputationItem,
  type RecomputedItem,
  settleRecomputationItem,
} from './store/operation/sla-recomputations.ts'

/** Tickets between two looks at whether the operation was aborted. */
const chunk = 16
/** A ticket with more facts than this is told by hand. */
const mostFacts = 50_000
const callTimeoutMs = 10_000
/** Tries in a row for a ticket that moves on while its clocks are worked out. */
const tries = 3

/** Target bundles by operation and old bundle. */
type Targets = Map<string, Promise<Target>>
interface Target {
  hash: string
  bundle: Bundle
}

/** One chunk of each operation that has something to do. */
export async function runRecomputationRound(db: Db, client: Client | null, targets: Targets = new Map()): Promise<Round> {
  const round = { settled: 0, deferred: 0 }
  for (const operation of await activeRecomputations(db)) {
    const items = await nextRecomputationItems(db, operation, chunk)
    if (items.length === 0) await finishRecomputation(db, operation, Date.now())
    for (const item of items) round[(await settle(db, client, operation, item, targets)) ? 'settled' : 'deferred']++
  }
  return round
}

export const runRecomputationLoop = (db: Db, client: Client, signal: AbortSignal, onError: (error: unknown) => void): Promise<void> =>
  runPacedRounds<Promise<Target>>((targets) => runRecomputationRound(db, client, targets), signal, onError)

async function settle(
  db: Db,
  client: Client | null,
  operation: Recomputation,
  item: RecomputationItem,
  targets: Targets,
): Promise<boolean> {
  try {
    const outcome = operation.state === 'checking' ? await compare(db, operation, item, targets) : await apply(db, client, operation, item)
    if (outcome) await settleRecomputationItem(db, operation.id, item.ticketId, outcome)
    else await deferRecomputationItem(db, operation.id, item.ticketId, 'the ticket moves on faster than its clocks are worked out')
    return outcome !== null
  } catch (error) {
    const outcome = finalOutcome(error)
    if (outcome) await settleRecomputationItem(db, operation.id, item.ticketId, outcome)
    else await deferRecomputationItem(db, operation.id, item.ticketId, messageOf(error))
    return outcome !== null
  }
}

const targetOf = (db: Db, operation: Recomputation, fromHash: string, targets: Targets): Promise<Target> =>
  keptOr(targets, `${operation.id} ${fromHash}`, async () => {
    const bundle = await composePolicies(db, await loadBundle(db, fromHash), operation.scope, operation.draft)
    return { hash: await storeBundle(db, bundle), bundle }
  })

interface Work {
  sequence: number
  changes: ClockChange[]
  recomputed: Recomputed
}

/** Without the clocks of which only a version number differs. */
const visible = (changes: ClockChange[]): ClockChange[] => changes.filter(({ from, to }) => isChanged(from, to))

/** The ticket's clocks as they are, and as they would be. */
async function work(db: Db, ticketId: string, bundle: Bundle, now: number): Promise<Work | null> {
  const rows = await db
    .selectFrom('fact')
    .select(['sequence', 'body'])
    .where('streamId', '=', ticketId)
    .orderBy('sequence')
    .limit(mostFacts + 1)
    .execute()
  if (rows.length > mostFacts) return null
  const facts = rows.map(({ body }) => body as unknown as Fact)
  const lastAt = facts.reduce((last, { at }) => Math.max(last, at), 0)
  const ended = facts.some(({ type }) => type === 'instanceCompleted' || type === 'instanceCanceled')
  const recomputed = recompute(bundle, facts, ended ? lastAt : Math.max(now, lastAt))
  if (recomputed === null) return null
  const before = await clockOutcomes(db, ticketId)
  return { sequence: rows.at(-1)?.sequence ?? 0, changes: changesOf(before, recomputed.outcomes, true), recomputed }
}

async function compare(
  db: Db,
  operation: Recomputation,
  { ticketId, fromHash }: RecomputationItem,
  targets: Targets,
): Promise<RecomputedItem> {
  const target = await targetOf(db, operation, fromHash, targets)
  if (target.hash === fromHash) return { state: 'unchanged', toHash: target.hash, code: 'sameVersion' }
  const done = await work(db, ticketId, target.bundle, Date.now())
  if (!done) return { state: 'refused', code: 'historyTooLong', message: 'the history of this ticket cannot be told again' }
  const changes = visible(done.changes)
  return { state: changes.length > 0 ? 'changed' : 'unchanged', toHash: target.hash, changes }
}

/** Null: it moved on each time. The update's id is the operation's: however often it is sent, the ticket changes once. */
async function apply(
  db: Db,
  client: Client | null,
  operation: Recomputation,
  { ticketId, fromHash, toHash }: RecomputationItem,
): Promise<RecomputedItem | null> {
  const instance = await db.selectFrom('instance').select(['bundleHash', 'isEnded']).where('ticketId', '=', ticketId).executeTakeFirst()
  if (toHash === null || instance === undefined || instance.isEnded)
    return { state: 'gone', code: 'instanceEnded', message: 'the ticket has ended' }
  if (instance.bundleHash === toHash) return { state: 'applied' }
  if (instance.bundleHash !== fromHash)
    return { state: 'gone', code: 'versionChanged', message: 'the ticket follows other versions since it was compared' }
  if (client === null) return null
  const [old, bundle] = [await loadBundle(db, fromHash), await loadBundle(db, toHash)]
  for (let attempt = 0; attempt < tries; attempt++) {
    const done = await work(db, ticketId, bundle, Date.now())
    if (!done) return { state: 'refused', code: 'historyTooLong', message: 'the history of this ticket cannot be told again' }
    const { changes, recomputed, sequence: atSequence } = done
    const { id: operationId, reason } = operation
    const change: PolicyChange = {
      fromHash,
      toHash,
      operationId,
      reason,
      atSequence,
      versions: versionsBetween(old, bundle),
      desk: recomputed.desk,
      changes,
    }
    if (await send(client, operation, ticketId, change)) return { state: 'applied', changes: visible(changes) }
  }
  return null
}

/** False: the ticket has moved on since. */
async function send(client: Client, { id, actor }: Recomputation, ticketId: string, payload: PolicyChange): Promise<boolean> {
  const key = `sla-recomputation/${id}`
  const command: Command<PolicyChange> = { actor, key, payload }
  const args = [command, claim(payload.toHash)] as [unknown, unknown]
  try {
    await client.withDeadline(Date.now() + callTimeoutMs, () =>
      client.workflow.getHandle(ticketId).executeUpdate('changePolicies', { args, updateId: key }),
    )
    return true
  } catch (error) {
    if (refusalOf(error)?.code === 'versionChanged') return false
    throw error
  }
}

function refusalOf(error: unknown): { code: string; message: string } | null {
  const isOurs = error instanceof WorkflowUpdateFailedError && error.cause instanceof ApplicationFailure && error.cause.type === refusalType
  return isOurs ? ((error.cause as ApplicationFailure).details?.[0] as { code: string; message: string }) : null
}

/** What trying again would not change. */
function finalOutcome(error: unknown): RecomputedItem | null {
  const refusal = refusalOf(error)
  if (refusal) return { state: refusal.code === 'instanceEnded' ? 'gone' : 'refused', ...refusal }
  if (error instanceof UnknownDefinition) return { state: 'refused', code: 'unknownDefinition', message: error.message }
  return outcomeOfAbsence(error)
}
