import { sql } from 'kysely'
import type { RecordedFact } from '#schema/fact'
import type { Json } from '#schema/json'
import { json, type Trx } from '../database.ts'

export interface ActiveElement {
  key: string
  elementId: string
  /** UTC epoch ms. */
  since: number
}
export interface OpenStall {
  key: string
  elementId: string
  code: string
  message: string
}
export interface LiveSnapshot {
  active: ActiveElement[]
  stalls: OpenStall[]
  isEnded: boolean
}

/** Active elements, stalls and end of an instance after one more fact. */
export function liveAfter(live: LiveSnapshot, { fact }: RecordedFact): LiveSnapshot {
  switch (fact.type) {
    case 'instanceStarted':
      return { active: [], stalls: [], isEnded: false }
    case 'elementActivated':
      return { ...live, active: [...live.active, { key: fact.key, elementId: fact.elementId, since: fact.at }] }
    case 'elementCompleted':
    case 'elementTerminated':
      return {
        ...live,
        active: live.active.filter(({ key }) => key !== fact.key),
        stalls: live.stalls.filter(({ key }) => key !== fact.key),
      }
    case 'stalled':
      return {
        ...live,
        stalls: [
          ...live.stalls.filter(({ key }) => key !== fact.key),
          { key: fact.key, elementId: fact.elementId, code: fact.code, message: fact.message },
        ],
      }
    case 'stallResolved':
      return { ...live, stalls: live.stalls.filter(({ key }) => key !== fact.key) }
    case 'instanceMigrated': {
      const elements = new Map(fact.elements?.map(({ key, elementId }) => [key, elementId]))
      const renamed = <T extends { key: string; elementId: string }>(one: T): T => ({
        ...one,
        elementId: elements.get(one.key) ?? one.elementId,
      })
      return { ...live, active: live.active.map(renamed), stalls: live.stalls.map(renamed) }
    }
    case 'instanceCompleted':
    case 'instanceCanceled':
      return { active: [], stalls: [], isEnded: true }
    default:
      return live
  }
}

export async function projectInstance(trx: Trx, ticketId: string, facts: readonly RecordedFact[], snapshot?: LiveSnapshot): Promise<void> {
  const variables: Record<string, Json> = {}
  let bundleHash: string | undefined
  let processVersion: number | undefined
  for (const { fact } of facts) {
    if (fact.type === 'variableChanged' && fact.isRoot) variables[fact.name] = fact.to
    else if (fact.type === 'instanceMigrated') {
      bundleHash = fact.toHash
      processVersion = fact.toVersion
    } else if (fact.type === 'policiesChanged') bundleHash = fact.toHash
  }
  const live = snapshot ?? (await derived(trx, ticketId, facts))
  const hasVariables = Object.keys(variables).length > 0
  if (!live && !hasVariables && !bundleHash) return
  await trx
    .updateTable('instance')
    .set({
      ...(live && { active: json(live.active), stalls: json(live.stalls), isEnded: live.isEnded }),
      ...(hasVariables && { variables: sql`variables || ${json(variables)}::jsonb` }),
      ...(bundleHash && { bundleHash }),
      ...(processVersion !== undefined && { processVersion }),
    })
    .where('ticketId', '=', ticketId)
    .execute()
}

const liveTypes = new Set([
  'instanceStarted',
  'elementActivated',
  'elementCompleted',
  'elementTerminated',
  'stalled',
  'stallResolved',
  'instanceMigrated',
  'instanceCompleted',
  'instanceCanceled',
])

async function derived(trx: Trx, ticketId: string, facts: readonly RecordedFact[]): Promise<LiveSnapshot | null> {
  if (!facts.some(({ fact }) => liveTypes.has(fact.type))) return null
  const row = await trx.selectFrom('instance').select(['active', 'stalls', 'isEnded']).where('ticketId', '=', ticketId).executeTakeFirst()
  if (!row) return null
  return facts.reduce(liveAfter, {
    active: row.active as unknown as ActiveElement[],
    stalls: row.stalls as unknown as OpenStall[],
    isEnded: row.isEnded,
  })
}
