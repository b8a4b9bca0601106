import { dependencyCycle, type Refusal } from '#domain/change/check'
import type { PlannedChange } from '#domain/change/conflict'
import { sql } from 'kysely'
import type { AppDeps } from '../deps.ts'
import { ApiProblem } from '../problem.ts'

interface Named {
  ciIds?: readonly string[]
  dependsOn?: readonly string[]
  implementerId?: string | null
  groupId?: string | null
}
export interface Place extends Refusal {
  /** What was named, quoted in the message. */
  name?: string
}

/** Refusals as a problem, each at its field in the caller's language. */
export const refuse = (refusals: readonly Place[], code = 'changeRefused'): ApiProblem =>
  new ApiProblem(422, code, { errors: refusals.map(({ path, code, name }) => ({ path, code: `change.${code}`, message: name ?? code })) })

const absent = (wanted: readonly string[], found: readonly { id: string }[]): string[] =>
  wanted.filter((id) => !found.some((row) => row.id === id))

/** People, groups, items and changes that a change names and that are not there. */
export async function checkReferences(db: AppDeps['db'], { ciIds = [], dependsOn = [], implementerId, groupId }: Named): Promise<Place[]> {
  const found: Place[] = []
  if (ciIds.length > 0) {
    const rows = await db
      .selectFrom('configurationItem')
      .select('id')
      .where('id', 'in', [...ciIds])
      .where('archivedAt', 'is', null)
      .execute()
    for (const name of absent(ciIds, rows)) found.push({ path: `ciIds.${ciIds.indexOf(name)}`, code: 'ciNotFound', name })
  }
  if (dependsOn.length > 0) {
    const rows = await db
      .selectFrom('ticket')
      .select('id')
      .where('kind', '=', 'change')
      .where(sql<string>`id::text`, 'in', [...dependsOn])
      .execute()
    for (const name of absent(dependsOn, rows)) found.push({ path: `dependsOn.${dependsOn.indexOf(name)}`, code: 'changeNotFound', name })
  }
  if (implementerId) {
    const person = await db
      .selectFrom('person')
      .select('id')
      .where('id', '=', implementerId)
      .where('isActive', '=', true)
      .executeTakeFirst()
    if (!person) found.push({ path: 'implementerId', code: 'personNotFound', name: implementerId })
  }
  if (groupId) {
    const group = await db.selectFrom('supportGroup').select('id').where('id', '=', groupId).executeTakeFirst()
    if (!group) found.push({ path: 'groupId', code: 'groupNotFound', name: groupId })
  }
  return found
}

/** A change that would wait for itself, by way of others or directly: refused with the numbers on the way. */
export function checkCycle(changeId: string, dependsOn: readonly string[], changes: readonly PlannedChange[]): Place[] {
  const way = dependencyCycle(changeId, dependsOn, new Map(changes.map((change) => [change.id, change.dependsOn])))
  if (way === null) return []
  if (way.length === 1) return [{ path: 'dependsOn', code: 'dependsOnItself' }]
  const name = way.map((id) => changes.find((change) => change.id === id)?.number ?? id).join(' → ')
  return [{ path: 'dependsOn', code: 'dependsInCircle', name }]
}
