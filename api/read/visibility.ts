import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Actor, Role } from '#schema/role'

const staffRoles: readonly Role[] = ['agent', 'auditor', 'processOwner', 'administrator']
/** Works at the desk: sees every ticket and internal notes. Everybody else is a requester and sees his own. */
export const isStaff = (actor: Actor): boolean => actor.roles.some((r) => staffRoles.includes(r))

/** Which tickets the actor may see, as a condition on table `ticket`. */
export const visibleTickets = (actor: Actor): RawBuilder<SqlBool> =>
  isStaff(actor) ? sql<SqlBool>`true` : sql<SqlBool>`ticket.requester_id = ${actor.id}`
