import type { Bundle } from '#domain/bundle'
import type { EngineState } from '#engine/advance'
import type { Effect, EngineFact } from '#engine/contract'
import { migrate } from '#engine/migration/migrate'
import type { InstanceInput, InstanceMove } from '../protocol.ts'
import type { CommandRefusal } from './refusal.ts'

/** What a step of the engine leaves behind. */
export interface Moved {
  state: EngineState
  effects: Effect[]
  facts: EngineFact[]
}

/** Tries an instance's move to another bundle: what it would become, or the first thing that stands against it. Pure. */
export function tryMove(
  from: Bundle,
  version: Pick<InstanceInput, 'bundleHash' | 'processVersion'>,
  engine: EngineState,
  to: Bundle | undefined,
  move: InstanceMove,
  at: number,
): { ok: true; bundle: Bundle; result: Moved } | { ok: false; refusal: CommandRefusal } {
  if (to === undefined)
    return { ok: false, refusal: { code: 'invalidInput', message: 'expected the new bundle as second argument, found none' } }
  if (version.processVersion !== move.fromVersion) {
    const message = `expected the ticket to follow version ${move.fromVersion}, found version ${version.processVersion}`
    return { ok: false, refusal: { code: 'versionChanged', message } }
  }
  const { mapping, fromVersion, toVersion, toHash, retimesTimers } = move
  const result = migrate(from, engine, to, { at, mapping, fromHash: version.bundleHash, toHash, fromVersion, toVersion, retimesTimers })
  if (result.ok) return { ok: true, bundle: to, result }
  const [first] = result.refusals
  return { ok: false, refusal: first ?? { code: 'invalidInput', message: 'the migration is refused' } }
}

/** Counts by element, under the elements' new ids; two that became one are added up. */
export function renameKeys(counts: Record<string, number>, mapping: Record<string, string>): Record<string, number> {
  const renamed: Record<string, number> = {}
  for (const id in counts) {
    const to = mapping[id] ?? id
    renamed[to] = (renamed[to] ?? 0) + counts[id]!
  }
  return renamed
}
