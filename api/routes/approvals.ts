import { sql } from 'kysely'
import { z } from 'zod'
import { ApprovalDecision, type ApprovalVia } from '#schema/approval'
import { ApprovalInvitation, ApprovalRow, ApprovalView } from '#schema/approval-view'
import { Page } from '#schema/view'
import { readApprovalToken } from '../../activities/tasks/approval-link.ts'
import type { AppDeps, Caller } from '../deps.ts'
import { loadCaller } from '../middleware/identify.ts'
import { ApiProblem, type Locale } from '../problem.ts'
import {
  type ApprovalRecord,
  approvalRow,
  approvalView,
  askedOf,
  findApproval,
  namesIn,
  selectApprovals,
  viaOf,
} from '../read/approvals.ts'
import { PageQuery, pageOf, readCursor, writeCursor } from '../read/page.ts'
import { findTicket } from '../read/ticket-view.ts'
import { defineRoute, type Route } from '../route.ts'
import { Done, TicketParams } from './tickets.ts'

const DecisionBody = z.strictObject({ decision: ApprovalDecision, comment: z.string().trim().max(5_000).default('') })
type DecisionBody = z.output<typeof DecisionBody>
const LinkParams = z.object({ token: z.string().min(10).max(1_000) })
const decisionProblems = {
  404: ['approvalNotFound'],
  409: ['approvalAlreadyDecided', 'approvalWithdrawn', 'instanceEnded'],
  422: ['commentRequired'],
  503: ['workflowUnavailable'],
} as const

/** Refuses what is over, with who decided what; and a rejection without a word. */
function checkOpen(record: ApprovalRecord | undefined, body: DecisionBody): asserts record is ApprovalRecord {
  if (!record) throw new ApiProblem(404, 'approvalNotFound')
  if (record.state === 'withdrawn') throw new ApiProblem(409, 'approvalWithdrawn', { params: { number: record.number } })
  if (record.state !== 'pending')
    throw new ApiProblem(409, 'approvalAlreadyDecided', {
      params: { name: record.decidedByName ?? record.decidedById ?? '', number: record.number },
    })
  if (body.decision === 'rejected' && body.comment === '')
    throw new ApiProblem(422, 'commentRequired', { errors: [{ path: 'comment', code: 'commentRequired', message: 'comment' }] })
}

/** One decision, put to the ticket's workflow, which judges it again. */
async function decide(
  deps: AppDeps,
  caller: Caller,
  record: ApprovalRecord,
  body: DecisionBody,
  via: ApprovalVia,
  key: string,
): Promise<{ sequence: number }> {
  const variables = { decision: body.decision, decisionComment: body.comment }
  const command = { actor: caller.actor, key, payload: { waitId: record.waitId, variables, via } }
  const { sequence } = await deps.commander.execute(record.ticketId, 'completeTask', command)
  return { sequence }
}

/** The person and the question that a link stands for. The link itself is the right: no sign-in. */
async function openLink(deps: AppDeps, token: string) {
  const link = readApprovalToken(deps.config.secret, token)
  const caller = link && (await loadCaller(deps.db, link.personId, 'session', deps.clock()))
  const record = link && caller && (await findApproval(deps.db, link.ticketId, link.waitId))
  if (!link || !caller || !record) throw new ApiProblem(404, 'approvalLinkInvalid')
  return { link, caller, record, isExpired: link.expiresAt <= deps.clock() }
}

async function invitation(deps: AppDeps, token: string, locale: Locale): Promise<z.infer<typeof ApprovalInvitation>> {
  const { caller, record, isExpired } = await openLink(deps, token)
  const row = await approvalRow(deps.db, record, await namesIn(deps.db, [record]), caller.actor, locale)
  const states = { withdrawn: 'withdrawn', approved: 'decided', rejected: 'decided', abstained: 'decided' } as const
  const open = isExpired ? 'expired' : row.mayDecide ? 'open' : 'notYours'
  return {
    state: record.state === 'pending' ? open : states[record.state],
    locale: caller.person.locale,
    personName: caller.person.name,
    // an old link says what became of the question, no more than that
    approval: record.state === 'pending' && open !== 'open' ? null : { ...row, ...(open === 'open' ? {} : { description: '' }) },
  }
}

export const approvalRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: '/approvals',
    access: 'anyone',
    tag: 'Approvals',
    summary: 'What one is asked to approve, or has decided',
    description:
      '`asked`: pending, by name, through a group, or as a delegate. `decided`: decided by oneself, or by a delegate in one’s place.',
    query: PageQuery.extend({ view: z.enum(['asked', 'decided']).default('asked') }),
    response: Page(ApprovalRow),
    handle: async ({ deps, query, caller, locale }) => {
      const offset = query.cursor ? readCursor(query.cursor, z.tuple([z.int().min(0).max(1_000_000)]))[0] : 0
      const isAsked = query.view === 'asked'
      const id = caller.actor.id
      const where = isAsked
        ? sql`a.state = 'pending' and ${askedOf(caller.actor)}`
        : sql`a.state <> 'pending' and (a.decided_by_id = ${id} or a.decided_for_id = ${id})`
      const order = isAsked ? sql`coalesce(a.due_at, 'infinity'), a.opened_at, a.wait_id` : sql`a.ended_at desc, a.wait_id`
      const records = await selectApprovals(deps.db, where, order, query.limit + 1, offset)
      const names = await namesIn(deps.db, records)
      const rows = await Promise.all(records.map((record) => approvalRow(deps.db, record, names, caller.actor, locale)))
      return pageOf(
        rows,
        query.limit,
        (row) => row,
        () => writeCursor(offset + query.limit),
      )
    },
  }),
  defineRoute({
    method: 'post',
    path: '/approvals/{ticketId}/{waitId}',
    access: 'anyone',
    tag: 'Approvals',
    summary: 'Approve, reject (with a comment) or abstain',
    params: z.object({ ticketId: z.uuid(), waitId: z.string().min(1).max(100) }),
    body: DecisionBody,
    response: Done,
    problems: decisionProblems,
    handle: async ({ deps, params, body, caller, commandKey }) => {
      const record = await findApproval(deps.db, params.ticketId, params.waitId)
      checkOpen(record, body)
      return decide(deps, caller, record, body, viaOf(caller), commandKey)
    },
  }),
  defineRoute({
    method: 'get',
    path: '/tickets/{id}/approvals',
    access: 'anyone',
    tag: 'Approvals',
    summary: 'Who was asked to approve, when, and what they said',
    params: TicketParams,
    response: Page(ApprovalView),
    problems: { 404: ['ticketNotFound'] },
    handle: async ({ deps, params, caller }) => {
      const ticket = await findTicket(deps.db, params.id, caller.actor)
      const records = await selectApprovals(deps.db, sql`a.ticket_id = ${ticket.id}::uuid`, sql`a.opened_at, a.wait_id`)
      const names = await namesIn(deps.db, records)
      return { items: records.map((record) => approvalView(record, names)), nextCursor: null, total: records.length }
    },
  }),
  defineRoute({
    method: 'get',
    path: '/approval-links/{token}',
    access: 'public',
    tag: 'Approvals',
    summary: 'What a mail link asks; looking at it decides nothing',
    params: LinkParams,
    response: ApprovalInvitation,
    problems: { 404: ['approvalLinkInvalid'] },
    handle: ({ deps, params, locale }) => invitation(deps, params.token, locale),
  }),
  defineRoute({
    method: 'post',
    path: '/approval-links/{token}',
    access: 'public',
    tag: 'Approvals',
    summary: 'Decide by a mail link, once',
    params: LinkParams,
    body: DecisionBody,
    response: Done,
    problems: { ...decisionProblems, 404: ['approvalLinkInvalid'], 410: ['approvalLinkExpired'] },
    handle: async ({ deps, params, body, commandKey }) => {
      const { caller, record, isExpired } = await openLink(deps, params.token)
      checkOpen(record, body)
      if (isExpired) throw new ApiProblem(410, 'approvalLinkExpired')
      return decide(deps, caller, record, body, 'mailLink', commandKey)
    },
  }),
]
