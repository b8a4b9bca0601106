import { sql } from 'kysely'
import { z } from 'zod'
import { RecurrenceRule, RecurrenceRuleDraft, RecurrenceRuleView, RehearsalView } from '#schema/recurrence'
import { Page } from '#schema/view'
import { rehearseRule } from '../../activities/store/ticket/problem-proposals.ts'
import { recurrenceRules, saveRecurrenceRule } from '../../activities/store/ticket/recurrence-rules.ts'
import type { Db } from '../deps.ts'
import { idOfKey } from '../id-of-key.ts'
import { ApiProblem } from '../problem.ts'
import { briefTickets } from '../read/brief-ticket.ts'
import { defineRoute, type Route } from '../route.ts'

const dayMs = 86_400_000
const readers = ['agent', 'processOwner', 'auditor', 'administrator'] as const
const writers = ['processOwner', 'administrator'] as const
const tag = 'Problems'
/** The answer lists the youngest. */
const mostListed = 50

async function ruleViews(db: Db): Promise<RecurrenceRuleView[]> {
  const [rules, { rows }] = await Promise.all([
    recurrenceRules(db),
    sql<{
      ruleId: string
      count: number
    }>`select rule_id, count(*)::int as count from problem_proposal where state = 'open' group by rule_id`.execute(db),
  ])
  const open = new Map(rows.map(({ ruleId, count }) => [ruleId, count]))
  return rules.map((rule) => ({ ...rule, openProposals: open.get(rule.id) ?? 0 }))
}

/** What values are called: configuration items have names, the rest are options, which the reader's list names. */
async function labelsOf(db: Db, field: RecurrenceRule['field'], values: readonly string[]): Promise<Map<string, string>> {
  if (field !== 'ciId' || values.length === 0) return new Map()
  const rows = await db
    .selectFrom('configurationItem')
    .select(['id', 'name'])
    .where('id', 'in', [...values])
    .execute()
  return new Map(rows.map(({ id, name }) => [id, name]))
}

const Trial = RecurrenceRule.pick({ field: true, least: true, days: true }).extend({ pastDays: z.int().min(1).max(730).default(90) })

async function tryOut(db: Db, { pastDays, ...rule }: z.infer<typeof Trial>, now: number): Promise<RehearsalView> {
  const from = now - pastDays * dayMs
  const { considered, proposals } = await rehearseRule(db, rule, from)
  const shown = proposals.slice(-mostListed).reverse()
  const [tickets, labels] = await Promise.all([
    briefTickets(db, [...new Set(shown.flatMap(({ ticketIds }) => ticketIds))]),
    labelsOf(
      db,
      rule.field,
      shown.map(({ value }) => value),
    ),
  ])
  return {
    from: new Date(from).toISOString(),
    to: new Date(now).toISOString(),
    considered,
    total: proposals.length,
    proposals: shown.map(({ value, ticketIds, lastAt }) => ({
      at: new Date(lastAt).toISOString(),
      value,
      label: labels.get(value) ?? value,
      incidents: ticketIds.flatMap((id) => tickets.get(id) ?? []),
    })),
  }
}

export const recurrenceRuleRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: '/recurrence-rules',
    access: readers,
    tag,
    summary: 'Rules by which problems are proposed',
    response: Page(RecurrenceRuleView),
    handle: async ({ deps }) => ({ items: await ruleViews(deps.db), nextCursor: null }),
  }),
  defineRoute({
    method: 'post',
    path: '/recurrence-rules',
    access: writers,
    tag,
    summary: 'Add or change a rule',
    description: 'Without an id: a new one. With the version that was edited, a change by somebody else meanwhile is not overwritten.',
    body: RecurrenceRuleDraft,
    response: RecurrenceRuleView,
    problems: { 409: ['ruleConflict'], 422: ['ruleRepeated'] },
    handle: async ({ deps, body, caller, commandKey, locale }) => {
      const { version, id = `rule-${idOfKey(commandKey, 'rule')}`, ...rest } = body
      const saved = await saveRecurrenceRule(deps.db, { id, ...rest }, caller.actor.id, deps.clock(), version)
      if (!saved.ok && saved.reason === 'conflict') throw new ApiProblem(409, 'ruleConflict')
      if (!saved.ok)
        throw new ApiProblem(422, 'ruleRepeated', {
          params: { name: saved.name[locale] },
          errors: [{ path: 'least', code: 'ruleRepeated', message: saved.name[locale] }],
        })
      return (await ruleViews(deps.db)).find((rule) => rule.id === id)
    },
  }),
  defineRoute({
    method: 'post',
    path: '/recurrence-rules/try',
    access: readers,
    tag,
    summary: 'What a rule would have proposed in the past; nothing is saved',
    body: Trial,
    response: RehearsalView,
    handle: ({ deps, body }) => tryOut(deps.db, body, deps.clock()),
  }),
]
