import { sql } from 'kysely'
import { z } from 'zod'
import { ProblemDraft, ProposalView } from '#schema/recurrence'
import type { Actor } from '#schema/role'
import { Level } from '#schema/ticket'
import { Page } from '#schema/view'
import { openTicket } from '../../activities/store/ticket/intake.ts'
import { acceptProposal, dismissProposal, proposeProblems } from '../../activities/store/ticket/problem-proposals.ts'
import { LinkRefused, linkTickets } from '../../activities/store/ticket/ticket-links.ts'
import type { Db } from '../deps.ts'
import { idOfKey } from '../id-of-key.ts'
import { ApiProblem } from '../problem.ts'
import { briefTicketJson } from '../read/brief-ticket.ts'
import { readProblemDraft } from '../read/problem-draft.ts'
import { findTicket } from '../read/ticket-view.ts'
import { ofVisibleTicket, visibleTickets } from '../read/visibility.ts'
import { type Call, defineRoute, type Route } from '../route.ts'
import { TicketParams } from './tickets.ts'

const readers = ['agent', 'processOwner', 'auditor', 'administrator'] as const
const deciders = ['agent', 'processOwner', 'administrator'] as const
const Params = z.object({ id: z.uuid() })
const Opened = z.object({ ticketId: z.string(), number: z.string() })
const ProblemBody = z.strictObject({
  title: z.string().trim().min(3).max(200),
  description: z.string().trim().max(20_000).default(''),
  impact: Level.default(2),
  urgency: Level.default(2),
})

type Row = Omit<z.infer<typeof ProposalView>, 'rule' | 'firstAt' | 'lastAt' | 'decidedAt' | 'count'> & {
  ruleId: string
  nameFr: string
  nameEn: string
  field: 'ciId' | 'category' | 'service'
  least: number
  days: number
  firstAt: Date
  lastAt: Date
  decidedAt: Date | null
}

async function proposals(db: Db, state: 'open' | 'all', actor: Actor): Promise<z.infer<typeof ProposalView>[]> {
  const ofProposal = sql`ticket.id = any(p.ticket_ids) and ${visibleTickets(actor)}`
  const { rows } =
    await sql<Row>`select p.id, p.rule_id, r.name_fr, r.name_en, p.field, p.least, p.days, p.value, coalesce(ci.name, p.value) as label, p.first_at, p.last_at, p.state, p.reason, p.decided_at,
      coalesce((select jsonb_agg(${briefTicketJson('ticket')} order by ticket.opened_at) from ticket where ${ofProposal}), '[]') as incidents,
      case when problem.id is null then null else ${briefTicketJson('problem')} end as problem,
      case when p.decided_by is null then null else jsonb_build_object('id', p.decided_by, 'name', coalesce(person.name, p.decided_by)) end as decided_by
    from problem_proposal p join recurrence_rule r on r.id = p.rule_id left join ticket problem on problem.id = p.problem_id left join person on person.id = p.decided_by
      left join configuration_item ci on p.field = 'ciId' and ci.id = p.value
    where ${state === 'open' ? sql`p.state = 'open'` : sql`true`} and exists (select from ticket where ${ofProposal}) order by p.state = 'open' desc, cardinality(p.ticket_ids) desc, p.last_at desc limit 200`.execute(
      db,
    )
  return rows.map(({ ruleId, nameFr, nameEn, field, least, days, firstAt, lastAt, decidedAt, ...row }) => ({
    ...row,
    rule: { id: ruleId, name: { fr: nameFr, en: nameEn }, field, least, days },
    count: row.incidents.length,
    firstAt: firstAt.toISOString(),
    lastAt: lastAt.toISOString(),
    decidedAt: decidedAt?.toISOString() ?? null,
  }))
}

const Figures = z.object({
  /** Uses of known errors in the last ninety days, most used first. */
  used: z.array(z.object({ id: z.string(), number: z.string(), title: z.string(), uses: z.int() })),
  /** Open problems by age in days. */
  openByAge: z.array(z.object({ from: z.int(), to: z.int().nullable(), count: z.int() })),
  /** Problems by the incidents that they cause. */
  incidents: z.array(z.object({ id: z.string(), number: z.string(), title: z.string(), status: z.string(), incidents: z.int() })),
})
const ages = [
  [0, 7],
  [8, 30],
  [31, 90],
  [91, null],
] as const

async function figures(db: Db, actor: Actor, now: Date): Promise<z.infer<typeof Figures>> {
  const used = await sql<
    z.infer<typeof Figures>['used'][number]
  >`select k.id, k.number, k.title, count(*)::int as uses from known_error_use u join known_error k on k.id = u.known_error_id
    where u.at > ${now}::timestamptz - interval '90 days' group by k.id, k.number, k.title order by uses desc, k.number limit 20`.execute(
    db,
  )
  const open = await sql<{
    days: number
  }>`select floor(extract(epoch from ${now}::timestamptz - opened_at) / 86400)::int as days from ticket
    where kind = 'problem' and status not in ('resolved', 'closed', 'canceled') and ${visibleTickets(actor)}`.execute(db)
  const incidents = await sql<
    z.infer<typeof Figures>['incidents'][number]
  >`select p.id, p.number, p.title, p.status, count(*)::int as incidents from ticket_link l join ticket p on p.id = l.to_id and p.kind = 'problem'
    where l.kind = 'causedBy' and l.unlinked_at is null and ${ofVisibleTicket(actor, 'p.id')} group by p.id, p.number, p.title, p.status order by incidents desc, p.number limit 20`.execute(
    db,
  )
  return {
    used: used.rows,
    openByAge: ages.map(([from, to]) => ({
      from,
      to,
      count: open.rows.filter(({ days }) => days >= from && (to === null || days <= to)).length,
    })),
    incidents: incidents.rows,
  }
}

const RaiseBody = ProblemBody.extend({
  category: z.string().max(100).nullable().default(null),
  service: z.string().max(100).nullable().default(null),
  incidentIds: z.array(z.uuid()).max(200).default([]),
})

/** The problem and the links of its incidents, or nothing. */
async function raise({ deps, body, caller, commandKey }: Call<undefined, undefined, typeof RaiseBody>): Promise<z.infer<typeof Opened>> {
  const { incidentIds, ...fields } = body
  const { actor } = caller
  const at = deps.clock()
  const ticketId = idOfKey(commandKey, 'ticket')
  const known = await deps.db.selectFrom('ticket').select('number').where('id', '=', ticketId).executeTakeFirst()
  if (known) return { ticketId, number: known.number }
  const problem = {
    ticketId,
    kind: 'problem' as const,
    channel: 'portal' as const,
    openedById: actor.id,
    fields: { ...fields, requesterId: actor.id },
    at,
  }
  const { number } = await openTicket(deps.db, problem, async (trx) => {
    for (const [index, fromId] of [...new Set(incidentIds)].entries())
      await linkTickets(trx, { kind: 'causedBy', fromId, toId: ticketId, actor, at }).catch((error: unknown) => {
        if (!(error instanceof LinkRefused)) throw error
        const place = { path: `incidentIds.${index}`, code: error.code, message: fromId }
        throw new ApiProblem(422, error.code, { params: error.params, errors: [place] })
      })
  })
  deps.kickIntake()
  return { ticketId, number }
}

export const problemRoutes: readonly Route[] = [
  defineRoute({
    method: 'post',
    path: '/problems',
    access: deciders,
    tag: 'Problems',
    summary: 'Raise a problem, with the incidents that it causes',
    body: RaiseBody,
    status: 201,
    response: Opened,
    problems: { 422: ['noProcess', 'linkKindMismatch', 'ticketNotFound'] },
    handle: raise,
  }),
  defineRoute({
    method: 'get',
    path: '/tickets/{id}/problem-draft',
    access: deciders,
    tag: 'Problems',
    summary: 'What a problem raised from this incident begins with',
    description:
      'From a major incident: with its timeline, its communications, its review as far as it is written, and the incidents under it.',
    params: TicketParams,
    response: ProblemDraft,
    problems: { 404: ['ticketNotFound'], 409: ['notAnIncident'] },
    handle: async ({ deps, params, caller, locale }) => {
      const ticket = await findTicket(deps.db, params.id, caller.actor)
      if (ticket.kind !== 'incident') throw new ApiProblem(409, 'notAnIncident', { params: { number: ticket.number } })
      return readProblemDraft(deps.db, ticket, locale)
    },
  }),
  defineRoute({
    method: 'get',
    path: '/problem-proposals',
    access: readers,
    tag: 'Problems',
    summary: 'Problems that recurring incidents propose',
    query: z.object({ state: z.enum(['open', 'all']).default('open') }),
    response: Page(ProposalView),
    handle: async ({ deps, query, caller }) => ({ items: await proposals(deps.db, query.state, caller.actor), nextCursor: null }),
  }),
  defineRoute({
    method: 'post',
    path: '/problem-proposals',
    access: deciders,
    tag: 'Problems',
    summary: 'Look for recurrences now',
    body: z.strictObject({}),
    response: z.object({ made: z.int() }),
    handle: async ({ deps }) => ({ made: await proposeProblems(deps.db, deps.clock()) }),
  }),
  defineRoute({
    method: 'post',
    path: '/problem-proposals/{id}/accept',
    access: deciders,
    tag: 'Problems',
    summary: 'Open the problem with its incidents linked',
    params: Params,
    body: ProblemBody,
    response: Opened,
    problems: { 409: ['proposalDecided'], 422: ['noProcess'] },
    handle: async ({ deps, params, body, caller }) => {
      const opened = await acceptProposal(deps.db, params.id, body, caller.actor, deps.clock())
      if (!opened) throw new ApiProblem(409, 'proposalDecided')
      deps.kickIntake()
      return opened
    },
  }),
  defineRoute({
    method: 'post',
    path: '/problem-proposals/{id}/dismiss',
    access: deciders,
    tag: 'Problems',
    summary: 'Leave it, with the reason; it is not proposed again for these incidents',
    params: Params,
    body: z.strictObject({ reason: z.string().trim().min(3).max(1_000) }),
    status: 204,
    problems: { 409: ['proposalDecided'] },
    handle: async ({ deps, params, body, caller }) => {
      if (!(await dismissProposal(deps.db, params.id, body.reason, caller.actor.id, deps.clock())))
        throw new ApiProblem(409, 'proposalDecided')
    },
  }),
  defineRoute({
    method: 'get',
    path: '/problem-figures',
    access: readers,
    tag: 'Problems',
    summary: 'Known errors used, open problems by age, incidents by problem',
    response: Figures,
    handle: ({ deps, caller }) => figures(deps.db, caller.actor, new Date(deps.clock())),
  }),
]
