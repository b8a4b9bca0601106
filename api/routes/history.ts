import { stringify } from 'csv-stringify/sync'
import { sql } from 'kysely'
import { z } from 'zod'
import type { Fact } from '#schema/fact'
import { DiagramView, FactView, Page } from '#schema/view'
import type { Db } from '../deps.ts'
import { ApiProblem } from '../problem.ts'
import { traceDiagram } from '../read/diagram.ts'
import { factViews, selectFacts } from '../read/facts.ts'
import { PageQuery, pageOf, readCursor, writeCursor } from '../read/page.ts'
import { findTicket } from '../read/ticket-view.ts'
import { defineRoute, type Route } from '../route.ts'
import { TicketParams } from './tickets.ts'

/** An exported history stays in one answer; a stream beyond this is read by pages. */
const exportLimit = 50_000
const diagramLimit = 50_000
const staff = ['agent', 'auditor', 'processOwner', 'administrator'] as const

const byStream = (streamId: string, after: number) => sql`fact.stream_id = ${streamId} and fact.sequence > ${after}`

/** Spreadsheets run what begins like a formula; a leading apostrophe keeps it text. */
const plain = (text: string): string => (/^[=+\-@\t\r]/.test(text) ? `'${text}` : text)

/** Who, when, what, from which value to which. */
function csvOf(views: Awaited<ReturnType<typeof factViews>>): string {
  const text = (value: unknown): string =>
    value === undefined || value === null ? '' : plain(typeof value === 'string' ? value : JSON.stringify(value))
  const rows = views.map((v) => {
    const fact = v.fact as Record<string, unknown>
    return [
      v.sequence,
      v.at,
      v.recordedAt,
      v.type,
      v.actor.id,
      text(v.actor.name),
      v.elementId ?? '',
      text(v.elementName),
      text(fact['field'] ?? fact['name']),
      text(fact['from']),
      text(fact['to']),
      JSON.stringify(fact),
      v.hash,
    ]
  })
  return stringify(
    [
      ['sequence', 'at', 'recordedAt', 'type', 'actorId', 'actorName', 'elementId', 'elementName', 'subject', 'from', 'to', 'fact', 'hash'],
      ...rows,
    ],
    { bom: true },
  )
}

async function readDiagram(db: Db, ticketId: string, processId: string, version: number, now: number): Promise<DiagramView> {
  const definition = await db
    .selectFrom('definition')
    .select('source')
    .where('kind', '=', 'process')
    .where('id', '=', processId)
    .where('version', '=', version)
    .executeTakeFirst()
  if (!definition) throw new ApiProblem(404, 'definitionNotFound', { params: { kind: 'process', id: processId } })
  const rows = await db
    .selectFrom('fact')
    .select('body')
    .where('streamId', '=', ticketId)
    .where('type', 'in', ['elementActivated', 'elementCompleted', 'elementTerminated', 'flowTaken', 'stalled', 'stallResolved'])
    .orderBy('sequence')
    .limit(diagramLimit)
    .execute()
  return {
    processId,
    version,
    xml: definition.source,
    ...traceDiagram(
      rows.map((r) => r.body as unknown as Fact),
      now,
    ),
  }
}

export const historyRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: '/tickets/{id}/facts',
    access: staff,
    tag: 'History',
    summary: 'The complete history of a ticket, in order',
    params: TicketParams,
    query: PageQuery,
    response: Page(FactView),
    problems: { 404: ['ticketNotFound'] },
    handle: async ({ deps, params, query, caller, locale }) => {
      const ticket = await findTicket(deps.db, params.id, caller.actor)
      const after = query.cursor ? readCursor(query.cursor, z.tuple([z.int().min(0)]))[0] : 0
      const rows = await selectFacts(deps.db, byStream(ticket.id, after), sql`fact.sequence`, query.limit + 1)
      const page = pageOf(
        rows,
        query.limit,
        (r) => r,
        (last) => writeCursor(last.sequence),
      )
      return { items: await factViews(deps.db, page.items, locale), nextCursor: page.nextCursor }
    },
  }),
  defineRoute({
    method: 'get',
    path: '/tickets/{id}/export',
    access: staff,
    tag: 'History',
    summary: 'Export the history of a ticket as CSV or JSON',
    params: TicketParams,
    query: z.object({ format: z.enum(['csv', 'json']).default('csv') }),
    answers: { mediaType: 'text/csv', description: 'A file: CSV (UTF-8 with byte order mark) or JSON' },
    problems: { 404: ['ticketNotFound'] },
    handle: async ({ deps, params, query, caller, locale }) => {
      const ticket = await findTicket(deps.db, params.id, caller.actor)
      const views = await factViews(deps.db, await selectFacts(deps.db, byStream(ticket.id, 0), sql`fact.sequence`, exportLimit), locale)
      const isCsv = query.format === 'csv'
      const body = isCsv
        ? csvOf(views)
        : JSON.stringify(
            {
              ticket: { id: ticket.id, number: ticket.number, title: ticket.title },
              exportedAt: new Date(deps.clock()).toISOString(),
              facts: views,
            },
            null,
            2,
          )
      return new Response(body, {
        headers: {
          'content-type': isCsv ? 'text/csv; charset=utf-8' : 'application/json; charset=utf-8',
          'content-disposition': `attachment; filename="${ticket.number}.${query.format}"`,
        },
      })
    },
  }),
  defineRoute({
    method: 'get',
    path: '/tickets/{id}/diagram',
    access: 'anyone',
    tag: 'History',
    summary: 'The ticket’s own diagram: tokens, passed path, time per step',
    description: 'Derived from the facts.',
    params: TicketParams,
    response: DiagramView,
    problems: { 404: ['ticketNotFound', 'definitionNotFound'] },
    handle: async ({ deps, params, caller }) => {
      const ticket = await findTicket(deps.db, params.id, caller.actor)
      if (!ticket.processId || ticket.processVersion === null)
        throw new ApiProblem(404, 'definitionNotFound', { params: { kind: 'process', id: '' } })
      return readDiagram(deps.db, ticket.id, ticket.processId, ticket.processVersion, deps.clock())
    },
  }),
]
