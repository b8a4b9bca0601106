import { sql } from 'kysely'
import { z } from 'zod'
import { Role } from '#schema/role'
import { GroupView, Page, PersonView } from '#schema/view'
import { addPerson, findPersonByEmail } from '../../activities/store/record/people.ts'
import { ApiProblem } from '../problem.ts'
import { readOptions } from '../read/options.ts'
import { PageQuery, pageOf, readCursor, writeCursor } from '../read/page.ts'
import { type Call, defineRoute, type Route } from '../route.ts'

const PersonBody = z.strictObject({
  name: z.string().trim().min(1).max(200),
  email: z
    .email()
    .max(254)
    .transform((e) => e.toLowerCase()),
  password: z.string().min(7).max(200).optional().describe('Absent: the person writes by mail and cannot sign in'),
  locale: z.enum(['fr', 'en']).default('fr'),
  roles: z.array(Role).min(1).default(['requester']),
  groups: z.array(z.string().max(100)).max(50).default([]),
  isVip: z.boolean().default(false),
})

async function createPerson({ deps, body, caller }: Call<undefined, undefined, typeof PersonBody>): Promise<PersonView> {
  const known = await deps.db.selectFrom('supportGroup').select('id').execute()
  const unknown = body.groups.filter((id) => !known.some((g) => g.id === id))
  if (unknown.length > 0)
    throw new ApiProblem(422, 'groupNotFound', {
      params: { id: unknown[0] ?? '' },
      errors: unknown.map((id) => ({ path: `groups.${body.groups.indexOf(id)}`, code: 'groupNotFound', message: id })),
    })
  const { password, ...fields } = body
  if (await findPersonByEmail(deps.db, body.email)) throw emailTaken(body.email)
  const passwordHash = password ? await deps.identity.hashPassword(password) : null
  try {
    const id = await addPerson(deps.db, { ...fields, passwordHash }, caller.actor.id, deps.clock())
    return { id, ...fields }
  } catch (error) {
    if ((error as { code?: string }).code === uniqueViolation) throw emailTaken(body.email)
    throw error
  }
}

/** PostgreSQL: another call added the same address in between, or an inactive person has it. */
const uniqueViolation = '23505'
const emailTaken = (email: string) =>
  new ApiProblem(409, 'emailTaken', { params: { email }, errors: [{ path: 'email', code: 'emailTaken', message: email }] })

export const peopleRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: '/people',
    access: ['agent', 'processOwner', 'auditor', 'administrator'],
    tag: 'People',
    summary: 'Find people by name or address',
    query: PageQuery.extend({ q: z.string().max(200).default('') }),
    response: Page(PersonView),
    handle: async ({ deps, query }) => {
      const after = query.cursor ? readCursor(query.cursor, z.tuple([z.string(), z.string()])) : null
      const digits = query.q.replace(/\D/g, '')
      const like = `%${query.q.trim().replace(/[\\%_]/g, (c) => `\\${c}`)}%`
      const { rows } = await sql<
        Omit<PersonView, 'groups'> & { groups: string[] | null }
      >`select p.id, p.name, p.email, p.locale, p.roles, p.is_vip, (select array_agg(m.group_id order by m.group_id) from group_member m where m.person_id = p.id) as groups
        from person p where p.is_active and (unaccent(p.name) ilike unaccent(${like}) or p.email ilike ${like} or (length(${digits}) >= 4 and regexp_replace(coalesce(p.phone, ''), '[^0-9]', '', 'g') like ${`%${digits.replace(/^0/, '')}%`})) and ${after ? sql`(p.name, p.id) > (${after[0]}, ${after[1]})` : sql`true`} order by p.name, p.id limit ${query.limit + 1}`.execute(
        deps.db,
      )
      return pageOf(
        rows,
        query.limit,
        (p) => ({ ...p, groups: p.groups ?? [] }),
        (p) => writeCursor(p.name, p.id),
      )
    },
  }),
  defineRoute({
    method: 'post',
    path: '/people',
    access: ['administrator'],
    tag: 'People',
    summary: 'Add a person',
    body: PersonBody,
    status: 201,
    response: PersonView,
    problems: { 409: ['emailTaken'], 422: ['groupNotFound'] },
    handle: createPerson,
  }),
  defineRoute({
    method: 'get',
    path: '/groups',
    access: ['agent', 'processOwner', 'auditor', 'administrator'],
    tag: 'People',
    summary: 'Groups with their members',
    query: z.object({ limit: z.coerce.number().optional() }),
    response: Page(GroupView),
    handle: async ({ deps }) => {
      const { rows } = await sql<
        z.infer<typeof GroupView>
      >`select g.id, g.name, coalesce(jsonb_agg(jsonb_build_object('id', p.id, 'name', p.name) order by p.name) filter (where p.id is not null), '[]') as members
        from support_group g left join group_member m on m.group_id = g.id left join person p on p.id = m.person_id and p.is_active group by g.id, g.name order by g.name`.execute(
        deps.db,
      )
      return { items: rows, nextCursor: null, total: rows.length }
    },
  }),
  defineRoute({
    method: 'get',
    path: '/options',
    access: 'anyone',
    tag: 'People',
    summary: 'Services and categories to choose from',
    response: z.object({
      services: z.array(z.object({ value: z.string(), label: z.string() })),
      categories: z.array(z.object({ value: z.string(), label: z.string() })),
    }),
    handle: ({ deps, locale }) => readOptions(deps.db, locale),
  }),
]
