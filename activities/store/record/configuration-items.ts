/** Configuration items as others need them: relations and who is hit. */
import { sql } from 'kysely'
import { type ImpactDirection, maxImpactDepth, type Reached, type Reliance, walkImpact } from '#domain/impact'
import type { Db, Trx } from '../database.ts'

/** The register's relations between items that are not archived. */
export async function ciRelations(db: Db | Trx): Promise<Reliance[]> {
  return db
    .selectFrom('ciRelation')
    .innerJoin('configurationItem as source', 'source.id', 'ciRelation.fromId')
    .innerJoin('configurationItem as target', 'target.id', 'ciRelation.toId')
    .select(['ciRelation.fromId', 'ciRelation.kind', 'ciRelation.toId'])
    .where('ciRelation.archivedAt', 'is', null)
    .where('source.archivedAt', 'is', null)
    .where('target.archivedAt', 'is', null)
    .orderBy('ciRelation.id')
    .execute()
}

export interface ImpactItem extends Reached {
  code: string
  name: string
  class: string
  criticality: string
  status: string
  serviceId: string | null
  serviceName: string | null
  openTickets: number
}

/** What is hit when the item fails (upstream), or what it relies on (downstream), with the open tickets on each. */
export async function impactOf(
  db: Db | Trx,
  ciId: string,
  direction: ImpactDirection,
  depth: number = maxImpactDepth,
): Promise<{ items: ImpactItem[]; isCut: boolean }> {
  const { reached, isCut } = walkImpact(await ciRelations(db), ciId, direction, depth)
  if (reached.length === 0) return { items: [], isCut }
  const rows = await db
    .selectFrom('configurationItem as ci')
    .leftJoin('service', 'service.id', 'ci.serviceId')
    .select(['ci.id', 'ci.code', 'ci.name', 'ci.class', 'ci.criticality', 'ci.status', 'ci.serviceId', 'service.name as serviceName'])
    .select(
      sql<number>`(select count(*)::int from ticket where ticket.ci_id = ci.id and ticket.status in ('new', 'assigned', 'inProgress', 'pending'))`.as(
        'openTickets',
      ),
    )
    .where(
      'ci.id',
      'in',
      reached.map(({ id }) => id),
    )
    .execute()
  const byId = new Map(rows.map((row) => [row.id, row]))
  return { isCut, items: reached.flatMap((each) => (byId.has(each.id) ? [{ ...each, ...byId.get(each.id) } as ImpactItem] : [])) }
}
