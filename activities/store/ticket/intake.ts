import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { deskTypes } from '#domain/desk-type'
import type { Desk } from '#schema/desk'
import type { Fact } from '#schema/fact'
import type { Variables } from '#schema/json'
import { type ChannelId, numberPrefix, TicketFields, type TicketKind, TicketOpening } from '#schema/ticket'
import type { InstanceInput } from '../../../workflows/protocol.ts'
import { type Db, inTransaction, instant, json, type Trx } from '../database.ts'
import { type Composed, composeBundle } from '../definition/definitions.ts'
import { coverageOf } from '../record/coverage.ts'
import { customerOf } from '../record/customers.ts'
import { admit } from '../record/desks.ts'
import { appendFacts } from '../facts.ts'
import { addInteraction, addMessage, linkInteraction, type NewInteraction, type NewMessage } from '../message/messages.ts'

export interface NewTicket {
  kind: TicketKind
  channel: ChannelId
  /** Who took it in: the requester himself, an agent, or `system`. */
  openedById: string
  fields: TicketOpening['fields']
  /** Values of the form beyond the ticket's own fields. */
  extra?: Variables
  /** The interaction to link: one that exists, by id, or one to store in the same transaction. */
  interactionId?: string
  interaction?: NewInteraction
  /** First message of the conversation, stored and recorded (`messageAdded`) in the same transaction. */
  message?: Omit<NewMessage, 'ticketId' | 'interactionId' | 'isRecorded'>
  /** Decided beforehand where a repetition must not open a second one; made here when absent. */
  ticketId?: string
  /** The desk that it comes to; the default one when absent. */
  deskId?: string | null
  /** Begins at a triggered start event; absent: at the none start event. */
  start?: InstanceInput['start']
  /** The process that the ticket lives on; the ticket's kind when absent. */
  processId?: string
  /** What the process's call activities will name, where expressions name it. */
  calls?: readonly string[]
  /** UTC epoch ms; now when absent. */
  at?: number
  /** Compressed time, for demonstrations. */
  clock?: InstanceInput['clock']
}

export interface OpenedTicket {
  ticketId: string
  number: string
  interactionId: string | null
  /** Last fact of the stream. */
  sequence: number
}

/**
 * The next number of its kind, such as INC-000123; a process may number its tickets apart (`guichet:numberPrefix`). Gap-free: it is taken back when
 * the transaction is.
 */
export async function nextNumber(trx: Trx, kind: TicketKind, prefix: string = numberPrefix[kind]): Promise<string> {
  const row = await trx
    .insertInto('counter')
    .values({ name: prefix, value: 1 })
    .onConflict((on) => on.column('name').doUpdateSet({ value: sql<number>`counter.value + 1` }))
    .returning('value')
    .executeTakeFirstOrThrow()
  return `${prefix}-${String(row.value).padStart(6, '0')}`
}

/** What tables and service levels may ask of the requester and the service. Said where it is true: a table reads an absent value as no. */
async function aboutRequester(trx: Trx, requesterId: string, serviceCode: string | null): Promise<Variables> {
  const person = await trx
    .selectFrom('person')
    .leftJoin('site', 'site.id', 'person.siteId')
    .select(['person.isVip', 'person.email', 'site.calendarId'])
    .where('person.id', '=', requesterId)
    .executeTakeFirst()
  const service =
    serviceCode === null
      ? undefined
      : await trx.selectFrom('service').select('calendarId').where('code', '=', serviceCode).executeTakeFirst()
  const customer = person ? await customerOf(trx, person.email) : undefined
  return {
    ...(person?.isVip ? { requesterIsVip: true } : {}),
    ...(customer ? { customerId: customer.id, supportLevel: customer.supportLevel } : {}),
    // For policies that take the requester's hours, or the service's.
    ...(person?.calendarId ? { siteCalendarId: person.calendarId } : {}),
    ...(service?.calendarId ? { serviceCalendarId: service.calendarId } : {}),
  }
}

/** A desk other than the default one has its own people: its first group takes what comes in. */
const atDesk = (desk: Desk, fields: TicketOpening['fields']): TicketOpening['fields'] => ({
  ...fields,
  deskId: desk.id,
  deskType: desk.type,
  ...(desk.isDefault || fields.groupId || !desk.groupIds[0] ? {} : { groupId: desk.groupIds[0] }),
})

const admitted = (db: Db | Trx, { deskId, kind, channel, fields, extra }: NewTicket): Promise<Desk | undefined> =>
  admit(db, deskId ?? fields.deskId, { kind, channel, values: { ...extra, ...fields } })

/**
 * Opens a ticket: number, interaction, opening facts, projections and the waiting intake, in one transaction. Needs no
 * Temporal: the workflow is started from the intake afterwards, exactly once, by whoever sees it first.
 * @param alongside done in the same transaction: links and watchers of the new ticket
 * @throws DeskRefused when the desk does not do that; ZodError when a field is not what the schema says; UnknownDefinition when no such process is deployed.
 */
export async function openTicket(
  db: Db,
  ticket: NewTicket,
  alongside?: (trx: Trx, opened: OpenedTicket) => Promise<unknown>,
): Promise<OpenedTicket> {
  const desk = await admitted(db, ticket)
  const processId = ticket.processId ?? (desk ? deskTypes[desk.type].processes[ticket.kind] : undefined) ?? ticket.kind
  const composed = await composeBundle(db, processId, ticket.calls)
  return inTransaction(db, async (trx) => {
    const opened = await openTicketOn(trx, ticket, composed)
    await alongside?.(trx, opened)
    return opened
  })
}

/** The same within a transaction that does more, on what was composed before it. */
export function openTicketOn(db: Db | Trx, ticket: NewTicket, { hash, bundle, version }: Composed): Promise<OpenedTicket> {
  const at = ticket.at ?? Date.now()
  const ticketId = ticket.ticketId ?? randomUUID()
  return inTransaction(db, async (trx) => {
    const desk = await admitted(trx, ticket)
    const number = await nextNumber(trx, ticket.kind, bundle.process.attributes.numberPrefix)
    const interactionId =
      ticket.interactionId ??
      (ticket.interaction ? await addInteraction(trx, { ...ticket.interaction, ticketId, disposition: 'ticket' }) : null)
    if (ticket.interactionId) await linkInteraction(trx, ticket.interactionId, ticketId)
    const opening = TicketOpening.parse({
      ticketId,
      number,
      kind: ticket.kind,
      channel: ticket.channel,
      interactionId,
      openedById: ticket.openedById,
      fields: TicketFields.partial()
        .required({ title: true, requesterId: true })
        .parse(desk ? atDesk(desk, ticket.fields) : ticket.fields),
      extra: {
        ...(await aboutRequester(trx, ticket.fields.requesterId, ticket.fields.service ?? null)),
        ...(ticket.fields.ciId ? await coverageOf(trx, ticket.fields.ciId, at) : {}),
        ...ticket.extra,
      },
    })
    const facts: Fact[] = [{ type: 'ticketOpened', at, opening }]
    if (ticket.message) {
      const message = { ...ticket.message, ticketId, interactionId, isRecorded: true }
      const { id: messageId, sha256 } = await addMessage(trx, message)
      const { visibility, direction, authorId, channel } = message
      facts.push({ type: 'messageAdded', at, messageId, visibility, direction, authorId, channel, sha256 })
    }
    await trx
      .insertInto('instance')
      .values({ ticketId, processId: bundle.process.processId, processVersion: version, bundleHash: hash })
      .execute()
    const { sequence } = await appendFacts(
      trx,
      ticketId,
      1,
      facts.map((fact) => ({ actorId: ticket.openedById, fact })),
    )
    const input: InstanceInput = {
      ticketId,
      processId: bundle.process.processId,
      processVersion: version,
      bundleHash: hash,
      opening,
      openedAt: at,
      sequence,
      ...(ticket.clock && { clock: ticket.clock }),
      ...(ticket.start && { start: ticket.start }),
    }
    await trx
      .insertInto('intake')
      .values({ ticketId, input: json(input), createdAt: instant(Date.now()) })
      .execute()
    return { ticketId, number, interactionId, sequence }
  })
}
