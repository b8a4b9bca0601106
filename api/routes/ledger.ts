import { type RawBuilder, sql } from 'kysely'
import { z } from 'zod'
import { FactView, FiguresAnswer, LedgerReport, Page } from '#schema/view'
import { verifyLedger } from '../../activities/store/ledger.ts'
import { factViews, selectFacts } from '../read/facts.ts'
import { PageQuery, pageOf, readCursor, writeCursor } from '../read/page.ts'
import { computeFigures, describeFigures } from '../reports/index.ts'
import { visibleTickets } from '../read/visibility.ts'
import { defineRoute, type Route } from '../route.ts'

const LedgerQuery = PageQuery.extend({
  streamId: z.string().max(200).optional().describe('A ticket’s id or number, `definition/process/incident`, ...'),
  type: z.string().max(60).optional(),
  actorId: z.string().max(100).optional(),
  from: z.coerce.date().optional(),
  to: z.coerce.date().optional(),
})

function ledgerCondition(query: z.output<typeof LedgerQuery>): RawBuilder<unknown> {
  const all: RawBuilder<unknown>[] = [sql`true`]
  if (query.streamId)
    all.push(sql`fact.stream_id in (${query.streamId}, (select t.id::text from ticket t where t.number = ${query.streamId.toUpperCase()}))`)
  if (query.type) all.push(sql`fact.type = ${query.type}`)
  if (query.actorId) all.push(sql`fact.actor_id = ${query.actorId}`)
  if (query.from) all.push(sql`fact.at >= ${query.from}`)
  if (query.to) all.push(sql`fact.at < ${query.to}`)
  if (query.cursor) {
    const [at, streamId, sequence] = readCursor(query.cursor, z.tuple([z.iso.datetime(), z.string(), z.int()]))
    // newest first; within one stream and instant, the later fact first
    all.push(sql`(fact.at, fact.stream_id, fact.sequence) < (${at}::timestamptz, ${streamId}, ${sequence})`)
  }
  return sql.join(all, sql` and `)
}

export const ledgerRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: '/ledger/verify',
    access: ['auditor'],
    tag: 'Ledger',
    summary: 'Verify the hash chain of the whole ledger',
    description: 'Reads every fact; rows altered, missing or inserted are named.',
    response: LedgerReport,
    handle: ({ deps }) => verifyLedger(deps.db),
  }),
  defineRoute({
    method: 'get',
    path: '/ledger/facts',
    access: ['auditor'],
    tag: 'Ledger',
    summary: 'Facts of all streams, newest first',
    query: LedgerQuery,
    response: Page(FactView.extend({ streamId: z.string(), ticketNumber: z.string().nullable() })),
    handle: async ({ deps, query, locale }) => {
      const rows = await selectFacts(
        deps.db,
        ledgerCondition(query),
        sql`fact.at desc, fact.stream_id desc, fact.sequence desc`,
        query.limit + 1,
      )
      const page = pageOf(
        rows,
        query.limit,
        (r) => r,
        (last) => writeCursor(last.at.toISOString(), last.streamId, last.sequence),
      )
      return { items: await factViews(deps.db, page.items, locale), nextCursor: page.nextCursor }
    },
  }),
  defineRoute({
    method: 'get',
    path: '/figures',
    access: ['agent', 'auditor', 'processOwner', 'administrator'],
    tag: 'Figures',
    summary: 'Figures, all from one snapshot',
    description: 'Each part opens exactly its tickets: GET /tickets?metric=...',
    query: z.object({
      from: z.coerce.date().optional(),
      to: z.coerce.date().optional(),
      source: z.enum(['all', 'live', 'imported']).default('all'),
      timeZone: z.string().max(60).default('Europe/Paris'),
    }),
    response: FiguresAnswer,
    handle: async ({ deps, query, locale, caller }) => ({
      ...(await computeFigures(deps.db, {
        from: query.from ?? null,
        to: query.to ?? null,
        source: query.source,
        timeZone: query.timeZone,
        scope: visibleTickets(caller.actor),
        at: new Date(deps.clock()),
      })),
      definitions: describeFigures(locale),
    }),
  }),
]
