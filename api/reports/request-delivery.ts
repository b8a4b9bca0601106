import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { FiguresView } from '#schema/view'
import { type FigureDefinition, inScope } from './figure.ts'

const line = sql`catalogue_order_line`
const isDelivered = sql<SqlBool>`(ticket.resolution_code = 'delivered' and ticket.resolved_at is not null)`
const isOnTime = sql<SqlBool>`(${isDelivered} and ticket.resolved_at <= (select (variables->>'promisedAt')::timestamptz from instance where instance.ticket_id = ticket.id))`
const isRejected = sql<SqlBool>`(ticket.resolution_code = 'rejected')`
const parts: Record<string, RawBuilder<SqlBool>> = {
  asked: sql<SqlBool>`true`,
  delivered: isDelivered,
  onTime: isOnTime,
  rejected: isRejected,
}

/** When the request first came to a stage. */
const stageAt = (stage: string) =>
  sql`(select min(fact.at) from fact where fact.stream_id = ticket.id::text and fact.type = 'variableChanged' and fact.body->>'name' = 'stage' and fact.body->>'to' = ${stage})`
const msBetween = (from: RawBuilder<unknown>, to: RawBuilder<unknown>) => sql`(extract(epoch from ${to} - ${from}) * 1000)::float8`

export const requestDelivery: FigureDefinition<FiguresView['requestDelivery']> = {
  version: 1,
  title: { fr: 'Livraison des demandes', en: 'Delivery of requests' },
  formula: {
    fr: 'Par article du catalogue : demandes livrées (résolues avec le code « livré ») ; à temps = livrées au plus tard à la date promise ÷ livrées ; délai de livraison = livraison − début de la livraison (après approbation), temps d’horloge, médiane et 90ᵉ centile ; délai d’approbation = approbation − demande d’approbation, médiane.',
    en: 'For each item of the catalogue: requests delivered (resolved with the code “delivered”); on time = delivered by the promised date ÷ delivered; delivery time = delivery − start of delivery (after approval), wall time, median and 90th percentile; approval time = approval − request for approval, median.',
  },
  async compute(db, filter) {
    const { rows } = await sql<Omit<FiguresView['requestDelivery'][number], 'onTimeRate'>>`
      select item_id as "itemId",
        (select jsonb_build_object('fr', source::jsonb->'name'->>'fr', 'en', source::jsonb->'name'->>'en') from definition where kind = 'catalogue' and id = item_id order by version desc limit 1) as name,
        count(*)::int as asked, (count(*) filter (where delivered))::int as delivered, (count(*) filter (where on_time))::int as "onTime", (count(*) filter (where rejected))::int as rejected,
        percentile_cont(0.5) within group (order by delivery_ms) as "medianDeliveryMs", percentile_cont(0.9) within group (order by delivery_ms) as "p90DeliveryMs",
        percentile_cont(0.5) within group (order by approval_ms) as "medianApprovalMs"
      from (select ${line}.item_id, ${isDelivered} as delivered, ${isOnTime} as on_time, ${isRejected} as rejected,
          case when ${isDelivered} then ${msBetween(stageAt('beingDelivered'), sql`ticket.resolved_at`)} end as delivery_ms,
          ${msBetween(stageAt('awaitingApproval'), stageAt('approved'))} as approval_ms
        from ticket join ${line} on ${line}.ticket_id = ticket.id where ${inScope(filter)}) as requests
      group by item_id order by item_id`.execute(db)
    return rows.map((row) => ({
      ...row,
      name: row.name ?? { fr: row.itemId, en: row.itemId },
      onTimeRate: row.delivered === 0 ? null : row.onTime / row.delivered,
    }))
  },
  tickets([itemId, part, ...rest]) {
    const counted = part === undefined ? undefined : parts[part]
    if (itemId === undefined || counted === undefined || rest.length > 0) return null
    return sql<SqlBool>`(${counted} and exists (select from ${line} where ${line}.ticket_id = ticket.id and ${line}.item_id = ${itemId}))`
  },
}
