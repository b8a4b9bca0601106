/** Figures of live contacts (calls, visits): each is computed from exactly the interactions that its list opens. */
import { type RawBuilder, type SqlBool, sql } from 'kysely'
import { z } from 'zod'
import type { Db } from '../../activities/store/database.ts'

export const CallFilter = z.object({
  channel: z.enum(['phone', 'walkIn', 'chat']).default('phone'),
  deskId: z.string().max(40).optional(),
  from: z.coerce.date().optional(),
  to: z.coerce.date().optional(),
  /** Answered within so many seconds counts for the service level. */
  thresholdSeconds: z.coerce.number().int().min(1).max(3_600).default(20),
  /** Who gives up sooner was not really waiting: counted apart, in no rate. */
  shortAbandonSeconds: z.coerce.number().int().min(0).max(300).default(5),
})
export type CallFilter = z.output<typeof CallFilter>
export const callMetrics = ['offered', 'answered', 'abandoned', 'shortAbandoned', 'withinThreshold', 'handled', 'waiting'] as const
export type CallMetric = (typeof callMetrics)[number]

const seconds = (from: string, to: string): RawBuilder<number> =>
  sql`extract(epoch from ${sql.ref(`interaction.${to}`)} - ${sql.ref(`interaction.${from}`)})`
const isShort = ({ shortAbandonSeconds }: CallFilter): RawBuilder<SqlBool> =>
  sql<SqlBool>`(interaction.abandoned_at is not null and ${seconds('offered_at', 'abandoned_at')} < ${shortAbandonSeconds})`

/** Contacts that came in on that channel, desk and period. */
const inScope = ({ channel, deskId, from, to }: CallFilter): RawBuilder<SqlBool> => {
  const all = [sql<SqlBool>`interaction.channel = ${channel} and interaction.direction = 'in' and interaction.offered_at is not null`]
  if (deskId) all.push(sql<SqlBool>`interaction.desk_id = ${deskId}`)
  if (from) all.push(sql<SqlBool>`interaction.offered_at >= ${from}`)
  if (to) all.push(sql<SqlBool>`interaction.offered_at < ${to}`)
  return sql<SqlBool>`(${sql.join(all, sql` and `)})`
}

/** Exactly the interactions that a figure counts, as a condition on table `interaction`. */
export function callInteractions(metric: CallMetric, filter: CallFilter): RawBuilder<SqlBool> {
  const counted: Record<CallMetric, RawBuilder<SqlBool>> = {
    offered: sql<SqlBool>`not ${isShort(filter)}`,
    answered: sql<SqlBool>`interaction.answered_at is not null`,
    abandoned: sql<SqlBool>`interaction.abandoned_at is not null and not ${isShort(filter)}`,
    shortAbandoned: isShort(filter),
    withinThreshold: sql<SqlBool>`interaction.answered_at is not null and ${seconds('offered_at', 'answered_at')} <= ${filter.thresholdSeconds}`,
    handled: sql<SqlBool>`interaction.answered_at is not null and interaction.ended_at is not null`,
    waiting: sql<SqlBool>`interaction.answered_at is null and interaction.abandoned_at is null and interaction.ended_at is null`,
  }
  return sql<SqlBool>`(${inScope(filter)} and ${counted[metric]})`
}

const Spread = z.object({ meanMs: z.number().nullable(), medianMs: z.number().nullable(), p90Ms: z.number().nullable() })
export const CallFiguresView = z.object({
  offered: z.int(),
  answered: z.int(),
  abandoned: z.int(),
  shortAbandoned: z.int(),
  withinThreshold: z.int(),
  handled: z.int(),
  waiting: z.int(),
  abandonmentRate: z.number().nullable(),
  serviceLevel: z.number().nullable(),
  /** Average speed of answer. */
  asa: Spread,
  /** Handling time: talk, hold and wrap-up. */
  aht: Spread,
  thresholdSeconds: z.int(),
  shortAbandonSeconds: z.int(),
})
export type CallFiguresView = z.infer<typeof CallFiguresView>

const spread = (value: RawBuilder<number>, of: RawBuilder<SqlBool>) => sql`jsonb_build_object(
  'meanMs', (avg(${value} * 1000) filter (where ${of}))::float8,
  'medianMs', percentile_cont(0.5) within group (order by (case when ${of} then ${value} * 1000 end)),
  'p90Ms', percentile_cont(0.9) within group (order by (case when ${of} then ${value} * 1000 end)))`

/** @param scope which interactions the asker may see */
export async function computeCallFigures(db: Db, filter: CallFilter, scope: RawBuilder<SqlBool>): Promise<CallFiguresView> {
  const count = (metric: CallMetric) => sql`(count(*) filter (where ${callInteractions(metric, filter)}))::int`
  const handling = sql<number>`extract(epoch from coalesce(interaction.wrapped_up_at, interaction.ended_at) - interaction.answered_at)`
  const { rows } = await sql<Omit<CallFiguresView, 'abandonmentRate' | 'serviceLevel' | 'thresholdSeconds' | 'shortAbandonSeconds'>>`
    select ${sql.join(callMetrics.map((metric) => sql`${count(metric)} as ${sql.ref(metric)}`))},
      ${spread(seconds('offered_at', 'answered_at'), callInteractions('answered', filter))} as asa, ${spread(handling, callInteractions('handled', filter))} as aht
    from interaction where ${scope}`.execute(db)
  const row = rows[0]
  if (!row) throw new Error('expected one row of figures, found none')
  const { thresholdSeconds, shortAbandonSeconds } = filter
  const rate = (part: number) => (row.offered === 0 ? null : part / row.offered)
  return { ...row, abandonmentRate: rate(row.abandoned), serviceLevel: rate(row.withinThreshold), thresholdSeconds, shortAbandonSeconds }
}

/** Title and formula of each figure, in the reader's language. */
export const callDefinitions = (locale: 'fr' | 'en', { thresholdSeconds, shortAbandonSeconds }: CallFilter) =>
  (locale === 'fr'
    ? [
        ['offered', 'Présentés', `Contacts entrants de la période, sans les abandons de moins de ${shortAbandonSeconds} s.`],
        ['answered', 'Décrochés', 'Contacts entrants pris par un agent.'],
        ['abandoned', 'Abandonnés', `Abandonnés après ${shortAbandonSeconds} s ou plus ÷ présentés.`],
        ['shortAbandoned', 'Abandons courts', `Abandonnés avant ${shortAbandonSeconds} s : hors de tous les taux.`],
        ['withinThreshold', 'Niveau de service', `Décrochés en ${thresholdSeconds} s au plus ÷ présentés.`],
        ['asa', 'Temps moyen de réponse', 'Somme des attentes des contacts décrochés ÷ décrochés ; médiane et P90 à côté.'],
        [
          'aht',
          'Temps moyen de traitement',
          'Conversation + mise en attente + finition, sur les contacts terminés ; médiane et P90 à côté.',
        ],
      ]
    : [
        ['offered', 'Offered', `Incoming contacts of the period, without those abandoned within ${shortAbandonSeconds} s.`],
        ['answered', 'Answered', 'Incoming contacts that an agent took.'],
        ['abandoned', 'Abandoned', `Abandoned after ${shortAbandonSeconds} s or more ÷ offered.`],
        ['shortAbandoned', 'Short abandons', `Abandoned before ${shortAbandonSeconds} s: part of no rate.`],
        ['withinThreshold', 'Service level', `Answered within ${thresholdSeconds} s ÷ offered.`],
        ['asa', 'Average speed of answer', 'Sum of the waits of answered contacts ÷ answered; median and P90 beside it.'],
        ['aht', 'Average handling time', 'Talk + hold + wrap-up, of contacts that have ended; median and P90 beside it.'],
      ]
  ).map(([id = '', title = '', formula = '']) => ({ id, version: 1, title, formula }))
