import { sql } from 'kysely'
import { z } from 'zod'
import { contactKinds, desksOf, deskTypes } from '#domain/desk-type'
import { Desk } from '#schema/desk'
import type { Actor } from '#schema/role'
import { TicketKind } from '#schema/ticket'
import { getDesk, hasTickets, listDesks, numberForms, saveDesk } from '../../activities/store/record/desks.ts'
import { getDefinition } from '../../activities/store/definition/definitions.ts'
import type { AppDeps, Db } from '../deps.ts'
import { deskTypeNames } from '../desk-problem.ts'
import { kioskToken } from '../kiosk-link.ts'
import { ApiProblem, type Locale, type ProblemPlace } from '../problem.ts'
import { canSeeAllDesks, isStaff, visibleTickets } from '../read/visibility.ts'
import { type Call, defineRoute, type Route } from '../route.ts'

const DeskView = Desk.extend({
  typeName: z.string(),
  /** Do I work there? */
  isMine: z.boolean(),
  hasOnSiteTasks: z.boolean(),
  firstChannel: z.string(),
  /** What a contact may become here. */
  contactKinds: z.array(TicketKind),
  openTickets: z.int(),
  /** Where a tablet at the counter gives out numbers; administrators only. */
  kioskUrl: z.string().nullable(),
})
const DeskBody = Desk.omit({ id: true }).strict()

const at = (path: string, code: string, value: string): ProblemPlace => ({ path, code, message: value })

/** What one field refuses, or null. */
async function problemOf(db: Db, desk: Desk, locale: Locale): Promise<ApiProblem | null> {
  const rule = deskTypes[desk.type]
  const type = deskTypeNames[desk.type][locale]
  const excluded = [
    ...desk.channels
      .filter((c) => rule.excludedChannels.includes(c))
      .map((value) => ({ path: `channels.${desk.channels.indexOf(value)}`, value: String(value) })),
    ...desk.kinds
      .filter((k) => rule.excludedKinds.includes(k))
      .map((value) => ({ path: `kinds.${desk.kinds.indexOf(value)}`, value: String(value) })),
  ]
  const first = excluded[0]
  if (first)
    return new ApiProblem(422, 'deskNotAllowedByType', {
      params: { value: first.value, type },
      errors: excluded.map(({ path, value }) => at(path, 'deskNotAllowedByType', value)),
    })
  const groups = desk.groupIds.length > 0 ? await db.selectFrom('supportGroup').select('id').where('id', 'in', desk.groupIds).execute() : []
  const unknown = desk.groupIds.find((id) => !groups.some((g) => g.id === id))
  if (unknown !== undefined)
    return new ApiProblem(422, 'groupNotFound', {
      params: { id: unknown },
      errors: [at(`groupIds.${desk.groupIds.indexOf(unknown)}`, 'groupNotFound', unknown)],
    })
  if (desk.calendarId !== null && !(await getDefinition(db, 'calendar', desk.calendarId)))
    return new ApiProblem(422, 'calendarNotFound', {
      params: { id: desk.calendarId },
      errors: [at('calendarId', 'calendarNotFound', desk.calendarId)],
    })
  return takenBy(db, desk, locale)
}

/** An address or number leads to one desk only. */
async function takenBy(db: Db, desk: Desk, locale: Locale): Promise<ApiProblem | null> {
  for (const other of await listDesks(db)) {
    if (other.id === desk.id) continue
    const address = desk.mailAddresses.find((a) => other.mailAddresses.includes(a))
    const number = desk.phoneNumbers.find((n) => numberForms(n).some((form) => other.phoneNumbers.includes(form)))
    const value = address ?? number
    if (value === undefined) continue
    const path = address ? `mailAddresses.${desk.mailAddresses.indexOf(address)}` : `phoneNumbers.${desk.phoneNumbers.indexOf(value)}`
    return new ApiProblem(409, 'addressOfOtherDesk', {
      params: { value, desk: other.name[locale] },
      errors: [at(path, 'addressOfOtherDesk', value)],
    })
  }
  return null
}

async function store(
  { deps, caller, locale }: Pick<Call<undefined, undefined, undefined>, 'deps' | 'caller' | 'locale'>,
  desk: Desk,
): Promise<void> {
  const before = await getDesk(deps.db, desk.id)
  if (before && before.type !== desk.type && (await hasTickets(deps.db, desk.id)))
    throw new ApiProblem(409, 'deskTypeFixed', { errors: [at('type', 'deskTypeFixed', desk.type)] })
  const isOnlyDefault = before?.isDefault === true || !(await listDesks(deps.db)).some((other) => other.isDefault)
  if ((isOnlyDefault && !desk.isDefault) || (desk.isDefault && !desk.isActive))
    throw new ApiProblem(422, 'deskNeedsDefault', { errors: [at(desk.isDefault ? 'isActive' : 'isDefault', 'deskNeedsDefault', '')] })
  const problem = await problemOf(deps.db, desk, locale)
  if (problem) throw problem
  await saveDesk(deps.db, desk, caller.actor.id, deps.clock())
}

async function views({ deps, caller, locale }: Pick<Call<undefined, undefined, undefined>, 'deps' | 'caller' | 'locale'>) {
  const desks = await listDesks(deps.db)
  const staff = isStaff(caller.actor)
  const mine = staff ? (canSeeAllDesks(caller.actor) ? desks.map(({ id }) => id) : desksOf(caller.actor.groups, desks)) : []
  const counts = await openCounts(deps, caller.actor)
  const isAdministrator = caller.actor.roles.includes('administrator')
  // a requester chooses among desks; addresses and groups are no business of his
  return desks
    .filter((desk) => staff || desk.isActive)
    .map((desk) => ({
      ...desk,
      ...(staff ? {} : { groupIds: [] }),
      typeName: deskTypeNames[desk.type][locale],
      isMine: mine.includes(desk.id),
      hasOnSiteTasks: deskTypes[desk.type].hasOnSiteTasks,
      firstChannel: deskTypes[desk.type].firstChannel,
      contactKinds: contactKinds(desk.type).filter((kind) => desk.kinds.length === 0 || desk.kinds.includes(kind)),
      openTickets: staff ? (counts.get(desk.id) ?? 0) : 0,
      kioskUrl:
        isAdministrator && !deskTypes[desk.type].excludedChannels.includes('walkIn')
          ? `${deps.config.publicUrl}/kiosk/${kioskToken(deps.config.secret, desk.id)}`
          : null,
    }))
}

/** Open tickets that the actor may see, by desk. */
async function openCounts({ db }: AppDeps, actor: Actor): Promise<Map<string, number>> {
  const { rows } = await sql<{ id: string; count: number }>`
    select coalesce(ticket.desk_id, (select id from desk where is_default)) as id, count(*)::int as count from ticket
    where status in ('new', 'assigned', 'inProgress', 'pending') and ${visibleTickets(actor)} group by 1`.execute(db)
  return new Map(rows.map(({ id, count }) => [id, count]))
}

const problems = {
  409: ['deskTypeFixed', 'addressOfOtherDesk'],
  422: ['deskNotAllowedByType', 'deskNeedsDefault', 'groupNotFound', 'calendarNotFound'],
}

export const deskRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: '/desks',
    access: 'anyone',
    tag: 'Desks',
    summary: 'The desks of this installation, and where I work',
    response: z.object({ items: z.array(DeskView), nextCursor: z.null(), total: z.int() }),
    handle: async (call) => {
      const items = await views(call)
      return { items, nextCursor: null, total: items.length }
    },
  }),
  defineRoute({
    method: 'post',
    path: '/desks',
    access: ['administrator'],
    tag: 'Desks',
    summary: 'Set up a desk',
    body: Desk.strict(),
    status: 201,
    response: Desk,
    problems: { ...problems, 409: [...problems[409], 'deskExists'] },
    handle: async (call) => {
      if (await getDesk(call.deps.db, call.body.id))
        throw new ApiProblem(409, 'deskExists', { params: { id: call.body.id }, errors: [at('id', 'deskExists', call.body.id)] })
      await store(call, call.body)
      return call.body
    },
  }),
  defineRoute({
    method: 'post',
    path: '/desks/{id}',
    access: ['administrator'],
    tag: 'Desks',
    summary: 'Change a desk',
    params: z.object({ id: z.string().max(40) }),
    body: DeskBody,
    response: Desk,
    problems: { ...problems, 404: ['deskNotFound'] },
    handle: async (call) => {
      const { id } = call.params
      if (!(await getDesk(call.deps.db, id))) throw new ApiProblem(404, 'deskNotFound', { params: { id } })
      const desk = { id, ...call.body }
      await store(call, desk)
      return desk
    },
  }),
]
