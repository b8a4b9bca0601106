import type { Kysely, RawBuilder, SqlBool } from 'kysely'
import { sql } from 'kysely'
import type { z } from 'zod'
import type { FiguresView } from '#schema/view'
import type { Database } from '../../activities/store/database.ts'
import { changeEmergency, changeIncidents, changeSuccess } from './changes.ts'
import { byPriority, byStatus, perDay, total } from './counts.ts'
import { type FigureDefinition, FiguresFilter, inScope } from './figure.ts'
import { firstContact } from './first-contact.ts'
import { requestDelivery } from './request-delivery.ts'
import { mttr, reopenRate } from './resolution.ts'
import { breachTime, groupTime, slaByPolicy } from './service-levels.ts'
import { slaAttainment } from './sla-attainment.ts'

export { FiguresFilter } from './figure.ts'

type Registry = { [Id in keyof FiguresView]: FigureDefinition<FiguresView[Id]> }

/** All figures. A new one is a file, a field of FiguresView, and the line that the compiler then demands here. */
export const figures = {
  total,
  byStatus,
  byPriority,
  mttr,
  reopenRate,
  firstContact,
  slaAttainment,
  slaByPolicy,
  groupTime,
  breachTime,
  perDay,
  requestDelivery,
  changeSuccess,
  changeEmergency,
  changeIncidents,
} satisfies Registry
export type FigureId = keyof typeof figures

/** All figures at once, from one snapshot of the database, so that they agree with each other. */
export async function computeFigures(db: Kysely<Database>, filter: z.input<typeof FiguresFilter> = {}): Promise<FiguresView> {
  const parsed = FiguresFilter.parse(filter)
  return db
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute(async (trx) => ({
      total: await total.compute(trx, parsed),
      byStatus: await byStatus.compute(trx, parsed),
      byPriority: await byPriority.compute(trx, parsed),
      mttr: await mttr.compute(trx, parsed),
      reopenRate: await reopenRate.compute(trx, parsed),
      firstContact: await firstContact.compute(trx, parsed),
      slaAttainment: await slaAttainment.compute(trx, parsed),
      slaByPolicy: await slaByPolicy.compute(trx, parsed),
      groupTime: await groupTime.compute(trx, parsed),
      breachTime: await breachTime.compute(trx, parsed),
      perDay: await perDay.compute(trx, parsed),
      requestDelivery: await requestDelivery.compute(trx, parsed),
      changeSuccess: await changeSuccess.compute(trx, parsed),
      changeEmergency: await changeEmergency.compute(trx, parsed),
      changeIncidents: await changeIncidents.compute(trx, parsed),
    }))
}

/**
 * The tickets that a figure counts, as a condition on table `ticket` (no alias). `metric` names the figure and its part:
 * `total`, `byStatus:pending`, `byPriority:1` (or `none`), `mttr`, `reopenRate:resolved`, `reopenRate:reopened`,
 * `slaAttainment:resolution:met`, `slaAttainment:resolution:breached`, `perDay:2016-03-01:opened`, `perDay:2016-03-01:resolved`.
 * `slaByPolicy:sla:incident:2:resolution:met`, `groupTime:network:breached` (or `all`), `breachTime:network`.
 * `firstContact:solved` (or `solvable`, `all`).
 * `changeSuccess:applications:closed` (or `successful`), `changeEmergency:emergencies` (or `changes`), `changeIncidents`.
 * null: there is no such figure or part.
 */
export function figureTickets(metric: string, filter: z.input<typeof FiguresFilter> = {}): RawBuilder<SqlBool> | null {
  const [id, ...part] = metric.split(':')
  if (id === undefined || !Object.hasOwn(figures, id)) return null
  const parsed = FiguresFilter.parse(filter)
  const counted = figures[id as FigureId].tickets(part, parsed)
  return counted === null ? null : sql<SqlBool>`(${inScope(parsed)} and ${counted})`
}

/** What each figure is called and how it is computed, in the reader's language: shown beside the figure. */
export function describeFigures(locale: 'fr' | 'en'): { id: FigureId; version: number; title: string; formula: string }[] {
  return (Object.keys(figures) as FigureId[]).map((id) => ({
    id,
    version: figures[id].version,
    title: figures[id].title[locale],
    formula: figures[id].formula[locale],
  }))
}
