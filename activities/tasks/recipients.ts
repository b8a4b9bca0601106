import type { Db } from '../store/database.ts'

/** Whom a diagram may notify: header `to` of a notify task. */
export const audiences = ['requester', 'assignee', 'group', 'manager'] as const
export type Audience = (typeof audiences)[number]
export const isAudience = (name: string | undefined): name is Audience => audiences.some((audience) => audience === name)

/** The group whose members are told when a hierarchical escalation is drawn. */
const managersGroup = 'managers'

export interface Recipient {
  id: string
  name: string
  email: string
  locale: 'fr' | 'en'
}

export interface NotifiedTicket {
  number: string
  title: string
  status: string
  priority: number | null
  resolution: string | null
  requesterId: string
  assigneeId: string | null
  assigneeName: string | null
  groupId: string | null
  groupName: string | null
}

export async function ticketToNotify(db: Db, ticketId: string): Promise<NotifiedTicket> {
  return db
    .selectFrom('ticket')
    .leftJoin('person', 'person.id', 'ticket.assigneeId')
    .leftJoin('supportGroup', 'supportGroup.id', 'ticket.groupId')
    .select([
      'ticket.number',
      'ticket.title',
      'ticket.status',
      'ticket.priority',
      'ticket.resolution',
      'ticket.requesterId',
      'ticket.assigneeId',
      'ticket.groupId',
    ])
    .select(['person.name as assigneeName', 'supportGroup.name as groupName'])
    .where('ticket.id', '=', ticketId)
    .executeTakeFirstOrThrow()
}

/** Active people behind an audience, by id. Nobody, when the ticket has no assignee or group yet. */
export async function recipientsOf(db: Db, audience: Audience, ticket: NotifiedTicket): Promise<Recipient[]> {
  const people = db
    .selectFrom('person')
    .select(['person.id', 'person.name', 'person.email', 'person.locale'])
    .where('person.isActive', '=', true)
    .orderBy('person.id')
  const groupId = audience === 'group' ? ticket.groupId : audience === 'manager' ? managersGroup : null
  const personId = audience === 'requester' ? ticket.requesterId : audience === 'assignee' ? ticket.assigneeId : null
  const rows =
    groupId !== null
      ? await people.innerJoin('groupMember', 'groupMember.personId', 'person.id').where('groupMember.groupId', '=', groupId).execute()
      : personId !== null
        ? await people.where('person.id', '=', personId).execute()
        : []
  return rows.map((row) => ({ ...row, locale: row.locale === 'en' ? 'en' : 'fr' }))
}
