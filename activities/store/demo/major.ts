/** The demonstration's major incident that is over: played, reviewed, with the incidents that hung on it. */
import { randomUUID } from 'node:crypto'
import { systemActor } from '#schema/role'
import { pastChildren, pastMajor } from '../../../definitions/seed/major-stories.ts'
import type { Trx } from '../database.ts'
import type { Composed } from '../definition/definitions.ts'
import { recordPlayed } from './played.ts'
import { linkTickets } from '../ticket/ticket-links.ts'

/** @returns how many tickets were recorded */
export async function loadDemoMajor(trx: Trx, major: Composed, incident: Composed, now: number): Promise<number> {
  const majorId = randomUUID()
  const scenario = { ...pastMajor(now), channel: 'api' as const, extra: { candidateReason: 'critical', technicalGroupId: 'network' } }
  if (!(await recordPlayed(trx, scenario, major, now, majorId))) return 0
  let tickets = 1
  for (const child of pastChildren(now)) {
    const childId = randomUUID()
    if (!(await recordPlayed(trx, child, incident, now, childId))) continue
    const ended = await trx.selectFrom('ticket').select('updatedAt').where('id', '=', majorId).executeTakeFirstOrThrow()
    const link = { kind: 'childOf' as const, fromId: childId, toId: majorId, actor: systemActor, reason: 'Revue post-incident' }
    await linkTickets(trx, { ...link, at: ended.updatedAt.getTime() })
    tickets += 1
  }
  return tickets
}
