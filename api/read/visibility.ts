import { type RawBuilder, type SqlBool, sql } from 'kysely'
import { desksOf } from '#domain/desk-type'
import type { Desk } from '#schema/desk'
import type { Actor, Role } from '#schema/role'
import type { Notice } from '../events.ts'

const staffRoles: readonly Role[] = ['agent', 'auditor', 'processOwner', 'administrator']
/** Works at the desk: sees every ticket and internal notes. Everybody else is a requester and sees his own. */
export const isStaff = (actor: Actor): boolean => actor.roles.some((r) => staffRoles.includes(r))

/** Agents see the desks that they work at; those who answer for the whole see all of them. */
export const canSeeAllDesks = (actor: Actor): boolean => actor.roles.some((r) => ['auditor', 'processOwner', 'administrator'].includes(r))

/** Is the record's desk (a column; null: the default one) one that the actor works at? As `desksOf` in workflows/domain/desk-type.ts says. */
export const ofOwnDesks = (actor: Actor, column: string): RawBuilder<SqlBool> =>
  canSeeAllDesks(actor)
    ? sql<SqlBool>`true`
    : sql<SqlBool>`(not exists (select from desk) or exists (select from desk where desk.id = coalesce(${sql.ref(column)}, (select id from desk standard where standard.is_default))
        and (desk.group_ids && ${actor.groups}::text[] or (desk.is_default and not exists (select from desk other where other.group_ids && ${actor.groups}::text[])))))`

/** As `visibleTickets`, for a record that names its ticket: `c.id` and the like. */
export const ofVisibleTicket = (actor: Actor, ticketId: string): RawBuilder<SqlBool> =>
  sql<SqlBool>`exists (select from ticket where ticket.id = ${sql.ref(ticketId)} and ${visibleTickets(actor)})`

/** Which tickets the actor may see, as a condition on table `ticket`: an agent those of his desks, everybody his own. */
export const visibleTickets = (actor: Actor): RawBuilder<SqlBool> =>
  isStaff(actor)
    ? sql<SqlBool>`(${ofOwnDesks(actor, 'ticket.desk_id')} or ticket.requester_id = ${actor.id} or ticket.assignee_id = ${actor.id})`
    : sql<SqlBool>`ticket.requester_id = ${actor.id}`

type Address = Pick<Notice, 'requesterId' | 'assigneeId' | 'deskId'>

/** As `visibleTickets`, for what is told live. The desks are those at the time of asking. */
export function hearsOf(actor: Actor, desks: readonly Pick<Desk, 'id' | 'groupIds' | 'isDefault'>[]): (ticket: Address) => boolean {
  const isOwn = ({ requesterId, assigneeId }: Address): boolean => requesterId === actor.id || (isStaff(actor) && assigneeId === actor.id)
  if (!isStaff(actor)) return isOwn
  if (canSeeAllDesks(actor) || desks.length === 0) return () => true
  const own = desksOf(actor.groups, desks)
  const standard = desks.find(({ isDefault }) => isDefault)?.id ?? ''
  return (ticket) => isOwn(ticket) || own.includes(ticket.deskId ?? standard)
}
