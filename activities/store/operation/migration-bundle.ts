/** The bundle in which a ticket goes on after a migration. */
import type { Bundle } from '#domain/bundle'
import type { NodeMapping } from '#engine/migration/mapping'
import type { ClockCondition, SlaPolicy } from '#schema/sla'
import type { Db } from '../database.ts'
import { decisionIdsOf } from '../definition/kinds.ts'
import { bundleFrom, groupCalendars, loadBundle, notRun, storeBundle, UnknownDefinition } from '../definition/definitions.ts'

export interface TargetBundle {
  hash: string
  bundle: Bundle
}

/**
 * The process in version `toVersion` with what it names in the versions of today. Service levels and calendars stay the ticket's own
 * (ADR 0009): a clock keeps the promise under which it was started.
 * @throws UnknownDefinition when the version, or something that it names, is not deployed
 */
export async function composeTargetBundle(
  db: Db,
  target: { processId: string; toVersion: number; mapping: NodeMapping },
  fromHash: string,
): Promise<TargetBundle> {
  const old = await loadBundle(db, fromHash)
  // What a call activity's expression named when the ticket was opened, it still names.
  const calls = Object.keys(old.called)
  const fresh = await composeVersion(db, target.processId, target.toVersion, calls.length > 0 ? calls : undefined)
  const decisions = { ...fresh.decisions }
  for (const decisionId of old.policies.flatMap((policy) => policy.clocks.flatMap(decisionIdsOf))) {
    const kept = old.decisions[decisionId]
    if (kept !== undefined && decisions[decisionId] === undefined) decisions[decisionId] = kept
  }
  const bundle: Bundle = {
    ...fresh,
    decisions,
    policies: old.policies.map((policy) => renamed(policy, target.mapping)),
    calendars: { ...fresh.calendars, ...old.calendars },
  }
  return { hash: await storeBundle(db, bundle), bundle }
}

/** One version of a process with the latest of everything that it names. @throws UnknownDefinition */
export async function composeVersion(db: Db, processId: string, version: number, calls?: readonly string[]): Promise<Bundle> {
  const columns = ['kind', 'id', 'version', 'source'] as const
  const latest = await db
    .selectFrom('definition')
    .distinctOn(['kind', 'id'])
    .select(columns)
    .where('kind', 'not in', notRun)
    .orderBy('kind')
    .orderBy('id')
    .orderBy('version', 'desc')
    .execute()
  const wanted = await db
    .selectFrom('definition')
    .select(columns)
    .where('kind', '=', 'process')
    .where('id', '=', processId)
    .where('version', '=', version)
    .executeTakeFirst()
  if (!wanted) throw new UnknownDefinition(`process '${processId}' has no version ${version}`)
  const sources = latest.map((row) => (row.kind === 'process' && row.id === processId ? wanted : row))
  return bundleFrom(db, processId, sources, calls, await groupCalendars(db))
}

/** A clock that looks at an element goes on looking at what stands for it. */
function renamed(policy: SlaPolicy, mapping: NodeMapping): SlaPolicy {
  const condition = <C extends ClockCondition | undefined>(old: C): C => {
    if (!old) return old
    const { elementEntered, elementLeft } = old
    return {
      ...old,
      ...(elementEntered === undefined ? {} : { elementEntered: mapping[elementEntered] ?? elementEntered }),
      ...(elementLeft === undefined ? {} : { elementLeft: mapping[elementLeft] ?? elementLeft }),
    }
  }
  return {
    ...policy,
    clocks: policy.clocks.map(({ start, stop, pause, pauses, cancel, reset, renew, countFrom, ...clock }) => ({
      ...clock,
      start: condition(start),
      stop: condition(stop),
      ...(pause ? { pause: condition(pause) } : {}),
      ...(pauses ? { pauses: pauses.map(({ when, ...rule }) => ({ ...rule, when: condition(when) })) } : {}),
      ...(cancel ? { cancel: condition(cancel) } : {}),
      ...(reset ? { reset: condition(reset) } : {}),
      ...(renew ? { renew: condition(renew) } : {}),
      ...(countFrom ? { countFrom: countFrom === 'opening' ? countFrom : condition(countFrom) } : {}),
    })),
  }
}
