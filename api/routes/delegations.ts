import { sql } from 'kysely'
import { z } from 'zod'
import type { DelegationProblem } from '#domain/delegation'
import { DelegationBody, DelegationView } from '#schema/delegation'
import type { Actor } from '#schema/role'
import { Page, PersonRef } from '#schema/view'
import { addDelegation, DelegationRefused, revokeDelegation } from '../../activities/store/approval/delegations.ts'
import { getPerson } from '../../activities/store/record/people.ts'
import type { AppDeps } from '../deps.ts'
import { ApiProblem } from '../problem.ts'
import { PageQuery, pageOf, readCursor, writeCursor } from '../read/page.ts'
import { defineRoute, type Route } from '../route.ts'

interface Row {
  id: string
  personId: string
  personName: string
  delegateId: string | null
  delegateName: string | null
  scope: 'all' | 'group' | 'subject'
  value: string | null
  startsAt: Date
  endsAt: Date
  reason: string
  revokedAt: Date | null
}

/** Who sees and keeps the delegations of others. */
const keepsAll = (actor: Actor): boolean => actor.roles.some((role) => role === 'administrator' || role === 'processOwner')

const columns = sql`d.id, d.person_id, person.name as person_name, d.delegate_id, delegate.name as delegate_name, d.scope, d.value, d.starts_at, d.ends_at, d.reason, d.revoked_at
  from delegation d join person on person.id = d.person_id left join person delegate on delegate.id = d.delegate_id`

function view(row: Row, actor: Actor, now: number): DelegationView {
  const isOver = row.endsAt.getTime() <= now
  const state = row.revokedAt ? 'revoked' : isOver ? 'over' : row.startsAt.getTime() <= now ? 'active' : 'planned'
  const isLive = state === 'active' || state === 'planned'
  return {
    id: row.id,
    person: { id: row.personId, name: row.personName },
    delegate: row.delegateId === null ? null : { id: row.delegateId, name: row.delegateName ?? row.delegateId },
    scope: row.scope,
    value: row.value,
    startsAt: row.startsAt.toISOString(),
    endsAt: row.endsAt.toISOString(),
    reason: row.reason,
    state,
    mayRevoke: isLive && (row.personId === actor.id || keepsAll(actor)),
  }
}

async function viewOf(deps: AppDeps, id: string, actor: Actor): Promise<{ row: Row; shown: DelegationView } | null> {
  const { rows } = await sql<Row>`select ${columns} where d.id = ${id}::uuid`.execute(deps.db)
  const row = rows[0]
  return row ? { row, shown: view(row, actor, deps.clock()) } : null
}

/** The refusal at its field; a circle is named person by person. */
async function refused(deps: AppDeps, problems: readonly DelegationProblem[]): Promise<ApiProblem> {
  const first = problems[0] as DelegationProblem
  const through = 'through' in first ? (first.through ?? []) : []
  const people = await deps.db
    .selectFrom('person')
    .select(['id', 'name'])
    .where('id', 'in', [...through, ''])
    .execute()
  const words = through.map((id) => people.find((person) => person.id === id)?.name ?? id).join(' → ')
  return new ApiProblem(422, first.code, {
    params: { through: words },
    errors: problems.map(({ code, path }) => ({ path, code, message: code })),
  })
}

async function checkPeople(deps: AppDeps, places: [path: string, id: string | null][]): Promise<void> {
  for (const [path, id] of places) {
    if (id === null || (await getPerson(deps.db, id))) continue
    throw new ApiProblem(422, 'personNotFound', { params: { id }, errors: [{ path, code: 'personNotFound', message: id }] })
  }
}

export const delegationRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: '/delegations',
    access: 'anyone',
    tag: 'Approvals',
    summary: 'Who decides for whom, and when',
    description: 'One’s own, given and received; `all` for process owners and administrators.',
    query: PageQuery.extend({ view: z.enum(['mine', 'all']).default('mine') }),
    response: Page(DelegationView),
    handle: async ({ deps, query, caller }) => {
      const isAll = query.view === 'all' && keepsAll(caller.actor)
      const { id } = caller.actor
      const after = query.cursor ? readCursor(query.cursor, z.tuple([z.string(), z.uuid()])) : null
      const { rows } = await sql<Row>`select ${columns} where ${isAll ? sql`true` : sql`(d.person_id = ${id} or d.delegate_id = ${id})`}
        and ${after ? sql`(d.ends_at, d.id) < (${after[0]}::timestamptz, ${after[1]}::uuid)` : sql`true`} order by d.ends_at desc, d.id desc limit ${query.limit + 1}`.execute(
        deps.db,
      )
      return pageOf(
        rows,
        query.limit,
        (row) => view(row, caller.actor, deps.clock()),
        (last) => writeCursor(last.endsAt.toISOString(), last.id),
      )
    },
  }),
  defineRoute({
    method: 'post',
    path: '/delegations',
    access: 'anyone',
    tag: 'Approvals',
    summary: 'Name a delegate for a time, or say that one is away',
    body: DelegationBody,
    status: 201,
    response: DelegationView,
    problems: {
      422: [
        'delegationCycle',
        'chainTooLong',
        'duplicateDelegation',
        'delegateIsSelf',
        'endsBeforeStart',
        'alreadyOver',
        'tooLong',
        'valueMissing',
        'personNotFound',
      ],
    },
    handle: async ({ deps, body, caller }) => {
      const { reason, startsAt, endsAt, personId = caller.actor.id, delegateId, scope, value } = body
      if (personId !== caller.actor.id && !keepsAll(caller.actor)) throw new ApiProblem(403, 'notYourDelegation')
      await checkPeople(deps, [
        ['personId', personId],
        ['delegateId', delegateId],
      ])
      const span = { startsAt: Date.parse(startsAt), endsAt: Date.parse(endsAt) }
      try {
        const made = { personId, delegateId, scope, value: value || null, ...span, reason, createdById: caller.actor.id, at: deps.clock() }
        const id = await addDelegation(deps.db, made)
        return (await viewOf(deps, id, caller.actor))?.shown
      } catch (error) {
        if (error instanceof DelegationRefused) throw await refused(deps, error.problems)
        throw error
      }
    },
  }),
  defineRoute({
    method: 'post',
    path: '/delegations/{id}/revoke',
    access: 'anyone',
    tag: 'Approvals',
    summary: 'End a delegation now',
    params: z.object({ id: z.uuid() }),
    body: z.strictObject({}),
    response: DelegationView,
    problems: { 403: ['notYourDelegation'], 404: ['delegationNotFound'], 409: ['delegationEnded'] },
    handle: async ({ deps, params, caller }) => {
      const found = await viewOf(deps, params.id, caller.actor)
      if (!found) throw new ApiProblem(404, 'delegationNotFound')
      if (found.row.personId !== caller.actor.id && !keepsAll(caller.actor)) throw new ApiProblem(403, 'notYourDelegation')
      if (!found.shown.mayRevoke || !(await revokeDelegation(deps.db, params.id, caller.actor.id, deps.clock())))
        throw new ApiProblem(409, 'delegationEnded')
      return (await viewOf(deps, params.id, caller.actor))?.shown
    },
  }),
  defineRoute({
    method: 'get',
    path: '/colleagues',
    access: 'anyone',
    tag: 'Approvals',
    summary: 'Find somebody to delegate to, by name',
    query: z.object({ q: z.string().trim().max(100).default('') }),
    response: Page(PersonRef),
    handle: async ({ deps, query, caller }) => {
      const like = `%${query.q.replace(/[\\%_]/g, (c) => `\\${c}`)}%`
      const { rows } = await sql<
        z.infer<typeof PersonRef>
      >`select id, name from person where is_active and id <> ${caller.actor.id} and unaccent(name) ilike unaccent(${like}) order by name, id limit 20`.execute(
        deps.db,
      )
      return { items: rows, nextCursor: null }
    },
  }),
]
