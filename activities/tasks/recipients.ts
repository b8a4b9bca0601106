import { sql } from 'kysely'
import { onCallAt } from '#domain/on-call'
import type { Json, Variables } from '#schema/json'
import type { Db } from '../store/database.ts'
import { onCallInput } from '../store/record/on-call.ts'
import { watchersOf } from '../store/ticket/watchers.ts'

/**
 * Whom a diagram may notify: header `to` of a notify task. `person`: whom the task's input `recipients` names (a person's id or mail address,
 * or a list of them), worked out by FEEL in the diagram.
 */
export const audiences = ['requester', 'assignee', 'group', 'manager', 'approver', 'watchers', 'onCall', 'person'] as const
export type Audience = (typeof audiences)[number]
export const isAudience = (name: string | undefined): name is Audience => audiences.some((audience) => audience === name)

/** The group whose members are told when a hierarchical escalation is drawn. */
const managersGroup = 'managers'

export interface Recipient {
  /** Person's id; the address, for somebody outside the register. */
  id: string
  name: string
  email: string
  locale: 'fr' | 'en'
}

export interface NotifiedTicket {
  number: string
  title: string
  status: string
  kind: string
  priority: number | null
  resolution: string | null
  requesterId: string
  assigneeId: string | null
  assigneeName: string | null
  groupId: string | null
  groupName: string | null
  deskName: string | null
}

export async function ticketToNotify(db: Db, ticketId: string): Promise<NotifiedTicket> {
  return db
    .selectFrom('ticket')
    .leftJoin('person', 'person.id', 'ticket.assigneeId')
    .leftJoin('supportGroup', 'supportGroup.id', 'ticket.groupId')
    .leftJoin('desk', 'desk.id', 'ticket.deskId')
    .select([
      'ticket.number',
      'ticket.title',
      'ticket.status',
      'ticket.kind',
      'ticket.priority',
      'ticket.resolution',
      'ticket.requesterId',
      'ticket.assigneeId',
      'ticket.groupId',
    ])
    .select(['person.name as assigneeName', 'supportGroup.name as groupName', 'desk.nameFr as deskName'])
    .where('ticket.id', '=', ticketId)
    .executeTakeFirstOrThrow()
}

export interface Addressed {
  ticketId: string
  ticket: NotifiedTicket
  /** What the task was given. */
  input: Variables
}

/** People behind an audience, by id, each once; inactive ones too: the log then says why they get nothing. Nobody, when the ticket has no assignee or group yet. */
export async function recipientsOf(db: Db, audience: Audience, addressed: Addressed): Promise<Recipient[]> {
  const { ticketId, ticket, input } = addressed
  switch (audience) {
    case 'requester':
      return people(db, [ticket.requesterId])
    case 'assignee':
      return people(db, ticket.assigneeId === null ? [] : [ticket.assigneeId])
    case 'group':
      return ticket.groupId === null ? [] : members(db, ticket.groupId)
    case 'manager':
      return members(db, managersGroup)
    case 'approver':
      return people(db, await approversOf(db, ticketId, input))
    case 'watchers':
      return people(db, await watchingNow(db, ticketId, ticket))
    case 'onCall':
      return people(db, await onCallOf(db, ticket, input))
    case 'person':
      return people(db, textsIn(input.recipients ?? null))
  }
}

/** Texts in a text or a list; what is none is left out. */
const textsIn = (value: Json): string[] =>
  (Array.isArray(value) ? value : [value]).filter((item): item is string => typeof item === 'string' && item.trim() !== '')

const personColumns = ['person.id', 'person.name', 'person.email', 'person.locale'] as const
const recipient = <R extends { locale: string }>(row: R): R & { locale: 'fr' | 'en' } => ({
  ...row,
  locale: row.locale === 'en' ? 'en' : 'fr',
})

/** By id or mail address; an address that nobody of the register has is written to as it is. */
async function people(db: Db, names: readonly string[]): Promise<Recipient[]> {
  if (names.length === 0) return []
  const lower = names.map((name) => name.toLowerCase())
  const rows = await db
    .selectFrom('person')
    .select(personColumns)
    .where((eb) => eb.or([eb('person.id', 'in', [...names]), eb(sql`lower(person.email)`, 'in', lower)]))
    .orderBy('person.id')
    .execute()
  const strangers = names.filter(
    (name) => name.includes('@') && !rows.some((row) => row.id === name || row.email.toLowerCase() === name.toLowerCase()),
  )
  return [...rows.map(recipient), ...[...new Set(strangers)].map((email) => ({ id: email, name: '', email, locale: 'fr' as const }))]
}

async function members(db: Db, groupId: string): Promise<Recipient[]> {
  const rows = await db
    .selectFrom('person')
    .innerJoin('groupMember', 'groupMember.personId', 'person.id')
    .select(personColumns)
    .where('groupMember.groupId', '=', groupId)
    .orderBy('person.id')
    .execute()
  return rows.map(recipient)
}

/** Whom the task names (`approver`, `approvers`), else whoever has an open approval on the ticket. */
async function approversOf(db: Db, ticketId: string, input: Variables): Promise<string[]> {
  const named = [...textsIn(input.approver ?? null), ...textsIn(input.approvers ?? null)]
  if (named.length > 0) return [...new Set(named)]
  const rows = await db
    .selectFrom('task')
    .select('assigneeId')
    .where('ticketId', '=', ticketId)
    .where('state', '=', 'open')
    .where('formId', '=', 'approval')
    .where('assigneeId', 'is not', null)
    .execute()
  return [...new Set(rows.map(({ assigneeId }) => assigneeId as string))]
}

/** Who watches the ticket; the requester and the assignee hear of it otherwise. */
async function watchingNow(db: Db, ticketId: string, ticket: NotifiedTicket): Promise<string[]> {
  const watchers = await watchersOf(db, ticketId)
  return watchers
    .filter(({ personId }) => personId === null || (personId !== ticket.requesterId && personId !== ticket.assigneeId))
    .map(({ personId, address }) => personId ?? address)
}

/**
 * Who is on call now by the rotations of a group, overrides and absences considered: everybody of the first level that has somebody. The group is the one that the
 * task names (`onCallGroup`), else the ticket's. People whom the task names (`onCall`) go before the rotations; where nobody is on call, the group's members
 * hear of it: somebody always does.
 */
async function onCallOf(db: Db, ticket: NotifiedTicket, input: Variables, at = Date.now()): Promise<string[]> {
  const named = textsIn(input.onCall ?? null)
  if (named.length > 0) return named
  const groupId = textsIn(input.onCallGroup ?? null)[0] ?? ticket.groupId
  if (groupId === null) return []
  const shifts = onCallAt(groupId, await onCallInput(db, { from: at, to: at + 1 }, groupId), at)
  const called = shifts.filter(({ level }) => level === shifts[0]?.level).map(({ personId }) => personId)
  return called.length > 0 ? [...new Set(called)] : (await members(db, groupId)).map(({ id }) => id)
}
