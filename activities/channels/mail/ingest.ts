/**
 * A mail becomes an interaction, and then a message of a ticket or a new ticket. All of it is committed to PostgreSQL before the sender's
 * server hears "250": Temporal may be away. Idempotent on Message-ID.
 */
import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { type Actor, systemActor } from '#schema/role'
import type { Command, Updates } from '../../../workflows/protocol.ts'
import { type Db, inTransaction, json, type Trx } from '../../store/database.ts'
import { type NewTicket, openTicket } from '../../store/ticket/intake.ts'
import { noteDelivery } from '../../store/request/delivery.ts'
import { addInteraction, addMessage, findTicketByReferences } from '../../store/message/messages.ts'
import { addPerson, actorOf, findPersonByEmail } from '../../store/record/people.ts'
import { linkTickets } from '../../store/ticket/ticket-links.ts'
import { watchTicket } from '../../store/ticket/watchers.ts'
import type { PersonView } from '#schema/view'
import { type AutomaticKind, automaticKind } from './automatic.ts'
import { readDeliveryReport } from './dsn.ts'
import { bareSubject, type ParsedMail, parseMail, subjectToken } from './parse.ts'
import { DeskRefused, deskOfMail } from '../../store/record/desks.ts'
import { deskClosedToMail, emptyMail, RefusedMail, senderlessMail, unreadableMail } from './reject.ts'

export interface IngestSetup {
  db: Db
  /** The desk's own address: mail from it is a loop. */
  mailAddress: string
  clock: () => number
  /** All that the desks are written to at; read for each mail. */
  ownAddresses?: readonly string[]
}
export interface Envelope {
  /** MAIL FROM; empty for the null return path. */
  returnPath: string | null
}
export type Ingested =
  | { outcome: 'opened'; ticketId: string; number: string; interactionId: string | null }
  | { outcome: 'appended'; ticketId: string; messageId: string }
  | { outcome: 'recorded'; kind: AutomaticKind | 'flood'; ticketId: string | null }
  | { outcome: 'duplicate' }

/** A sender who opens more tickets than this in the window is a machine that does not say so. */
const floodLimit = 10
const floodWindowMs = 10 * 60_000
const noText = '(message sans texte / no text)'

interface Target {
  id: string
  number: string
  requesterId: string
  isEnded: boolean
}

/** @throws {RefusedMail} with the reason to give to the sender's server */
export async function ingestMail(given: IngestSetup, raw: Buffer, envelope: Envelope): Promise<Ingested> {
  const setup = { ...given, ownAddresses: await ownAddresses(given) }
  const mail = await parseMail(raw).catch((error: Error) => {
    throw new RefusedMail(unreadableMail(error.message))
  })
  const kind = automaticKind(
    { headers: mail.headers, returnPath: envelope.returnPath, from: mail.from?.address ?? null },
    setup.ownAddresses,
  )
  if (!mail.from && kind === null) throw new RefusedMail(senderlessMail)
  if (mail.text === '' && mail.html === null && mail.subject === '' && mail.attachments.length === 0) throw new RefusedMail(emptyMail)
  if (await isKnown(setup.db, mail)) return { outcome: 'duplicate' }
  const target = await findTarget(setup.db, mail)
  if (kind !== null || !mail.from) return record(setup, mail, kind ?? 'autoReply', target)
  const person = await senderOf(setup, mail)
  if (target && !target.isEnded && (await maySpeak(setup.db, target, person, mail))) return append(setup, mail, person, target)
  if (await isFlooding(setup, person)) return record(setup, mail, 'flood', null)
  return open(setup, mail, person, target)
}

async function ownAddresses({ db, mailAddress }: IngestSetup): Promise<string[]> {
  const rows = await db.selectFrom('desk').select('mailAddresses').execute()
  return [mailAddress.toLowerCase(), ...rows.flatMap((row) => row.mailAddresses)]
}

async function isKnown(db: Db, mail: ParsedMail): Promise<boolean> {
  const [message, interaction] = await Promise.all([
    db.selectFrom('message').select('id').where('messageId', '=', mail.messageId).executeTakeFirst(),
    db.selectFrom('interaction').select('id').where('messageId', '=', mail.messageId).executeTakeFirst(),
  ])
  return message !== undefined || interaction !== undefined
}

/** By In-Reply-To and References (which cannot be guessed), then by the number in the subject (which can). */
async function findTarget(db: Db, mail: ParsedMail): Promise<(Target & { isByReference: boolean }) | null> {
  const ids = [...new Set([...(mail.inReplyTo ? [mail.inReplyTo] : []), ...mail.references])]
  const byReference = await findTicketByReferences(db, ids)
  const token = subjectToken(mail.subject)
  if (!byReference && !token) return null
  const row = await db
    .selectFrom('ticket')
    .leftJoin('instance', 'instance.ticketId', 'ticket.id')
    .select(['ticket.id', 'ticket.number', 'ticket.requesterId', 'instance.isEnded'])
    .where((eb) => (byReference ? eb('ticket.id', '=', byReference) : eb('ticket.number', '=', token ?? '')))
    .executeTakeFirst()
  return row
    ? { id: row.id, number: row.number, requesterId: row.requesterId, isEnded: row.isEnded ?? true, isByReference: byReference !== null }
    : null
}

/** The number alone is no secret: only who is part of the conversation joins it by number. */
async function maySpeak(db: Db, target: Target & { isByReference: boolean }, person: PersonView, mail: ParsedMail): Promise<boolean> {
  if (target.isByReference || target.requesterId === person.id || person.roles.includes('agent')) return true
  const watched = await sql`select from ticket_watcher where ticket_id = ${target.id} and address = ${mail.from?.address ?? ''}
      union all select from interaction where ticket_id = ${target.id} and extra->'watchers' ? ${mail.from?.address ?? ''}`.execute(db)
  return watched.rows.length > 0
}

/** Who writes; somebody new is taken into the register as a requester, without an account. */
async function senderOf(setup: IngestSetup, mail: ParsedMail): Promise<PersonView> {
  const { address, name } = mail.from as { address: string; name: string }
  const known = await findPersonByEmail(setup.db, address)
  if (known) return known
  try {
    const id = await addPerson(
      setup.db,
      { name: name.slice(0, 200), email: address, locale: mail.language ?? 'fr', roles: ['requester'] },
      systemActor.id,
      setup.clock(),
    )
    return { id, name, email: address, locale: mail.language ?? 'fr', roles: ['requester'], groups: [], isVip: false }
  } catch (error) {
    const raced = await findPersonByEmail(setup.db, address) // two mails of a newcomer at once
    if (raced) return raced
    throw error
  }
}

/** People in To and Cc beside the desk, by address: they may answer by number, and are shown on the interaction. */
const watchersOf = (setup: IngestSetup, mail: ParsedMail): string[] =>
  [...new Set([...mail.to, ...mail.cc].map((a) => a.address))]
    .filter((a) => !setup.ownAddresses?.includes(a) && a !== mail.from?.address)
    .slice(0, 50)

const interactionOf = (setup: IngestSetup, mail: ParsedMail, personId: string | null) => ({
  channel: 'mail',
  personId,
  address: mail.from?.address ?? null,
  subject: mail.subject || '(—)',
  body: mail.text,
  receivedAt: setup.clock(),
  messageId: mail.messageId,
  rawSha256: mail.sha256,
  extra: { watchers: watchersOf(setup, mail) } as Record<string, unknown>,
})
const messageOf = (setup: IngestSetup, mail: ParsedMail, personId: string) => ({
  at: setup.clock(),
  authorId: personId,
  authorAddress: mail.from?.address ?? null,
  channel: 'mail' as const,
  text: mail.text || mail.subject || noText,
  html: mail.html,
  messageId: mail.messageId,
  inReplyTo: mail.inReplyTo,
  references: mail.references,
  attachments: mail.attachments,
})

/** One mail at a time per Message-ID: the second of two deliveries waits and finds it known. */
const claimMessageId = (trx: Trx, messageId: string) => sql`select pg_advisory_xact_lock(hashtextextended(${messageId}, 0))`.execute(trx)

async function append(setup: IngestSetup, mail: ParsedMail, person: PersonView, target: Target): Promise<Ingested> {
  return inTransaction(setup.db, async (trx): Promise<Ingested> => {
    await claimMessageId(trx, mail.messageId)
    if (await isKnown(trx as unknown as Db, mail)) return { outcome: 'duplicate' }
    const interactionId = await addInteraction(trx, {
      ...interactionOf(setup, mail, person.id),
      ticketId: target.id,
      disposition: 'ticket',
    })
    // a From line is easily forged: mail of an agent is kept as a note and never speaks for the desk
    const isColleague = person.id !== target.requesterId && person.roles.includes('agent')
    const visibility = isColleague ? ('internal' as const) : ('public' as const)
    const direction = isColleague ? ('out' as const) : ('in' as const)
    const { id, sha256 } = await addMessage(trx, {
      ...messageOf(setup, mail, person.id),
      ticketId: target.id,
      interactionId,
      visibility,
      direction,
    })
    // watchers hold no right on the ticket: the desk itself hands their words in
    const actor: Actor = person.id === target.requesterId || isColleague ? actorOf(person) : systemActor
    const command: Command<Updates['addMessage']> = {
      actor,
      key: `mail:${id}`,
      payload: { messageId: id, visibility, direction, channel: 'mail', sha256 },
    }
    await trx
      .insertInto('commandOutbox')
      .values({ ticketId: target.id, updateName: 'addMessage', command: json(command), createdAt: new Date(setup.clock()) })
      .execute()
    await addWatchers(trx, setup, mail, target.id)
    return { outcome: 'appended', ticketId: target.id, messageId: id }
  })
}

async function open(setup: IngestSetup, mail: ParsedMail, person: PersonView, former: Target | null): Promise<Ingested> {
  const title = bareSubject(mail.subject.replace(/\[[A-Z]{3}-\d{6,}\]/gi, '')) || mail.text.split('\n')[0]?.slice(0, 100) || noText
  const interaction = interactionOf(setup, mail, person.id)
  // the address that was written to chooses the desk
  const desk = await deskOfMail(
    setup.db,
    [...mail.to, ...mail.cc].map(({ address }) => address),
  )
  const ticket: NewTicket = {
    kind: 'incident',
    channel: 'mail',
    deskId: desk?.id ?? null,
    openedById: person.id,
    at: setup.clock(),
    fields: { title, description: mail.text || noText, requesterId: person.id },
    // the answer to a ticket that has ended opens another, which names it
    extra: former ? { followsTicket: former.number } : {},
    interaction: { ...interaction, deskId: desk?.id ?? null },
    message: { ...messageOf(setup, mail, person.id), direction: 'in', visibility: 'public' },
  }
  const opened = await openTicket(setup.db, ticket, async (trx, { ticketId }) => {
    await addWatchers(trx, setup, mail, ticketId)
    if (former === null) return
    const link = { kind: 'related' as const, fromId: ticketId, toId: former.id, actor: systemActor }
    await linkTickets(trx, { ...link, reason: mail.subject, at: setup.clock() })
  }).catch((error: unknown) => {
    throw error instanceof DeskRefused ? new RefusedMail(deskClosedToMail(error.desk.name)) : error
  })
  return { outcome: 'opened', ticketId: opened.ticketId, number: opened.number, interactionId: opened.interactionId }
}

/** Those to whom the mail also went follow the ticket. */
async function addWatchers(db: Db | Trx, setup: IngestSetup, mail: ParsedMail, ticketId: string): Promise<void> {
  for (const address of watchersOf(setup, mail))
    await watchTicket(db, { ticketId, address, reason: 'Cc', actor: systemActor, at: setup.clock() })
}

/** Kept as an interaction that nobody answers; a bounce is noted at the mail it is about. */
async function record(setup: IngestSetup, mail: ParsedMail, kind: AutomaticKind | 'flood', target: Target | null): Promise<Ingested> {
  const person = mail.from ? await findPersonByEmail(setup.db, mail.from.address) : undefined
  const interaction = interactionOf(setup, mail, person?.id ?? null)
  await setup.db
    .insertInto('interaction')
    .values({
      ...interaction,
      id: randomUUID(),
      receivedAt: new Date(interaction.receivedAt),
      disposition: kind,
      ticketId: target?.id ?? null,
      extra: json({ ...interaction.extra, automatic: kind }),
    })
    .execute()
  if (kind === 'bounce') await noteDelivery(setup.db, readDeliveryReport(mail), setup.clock())
  return { outcome: 'recorded', kind, ticketId: target?.id ?? null }
}

async function isFlooding(setup: IngestSetup, person: PersonView): Promise<boolean> {
  const { count } = await setup.db
    .selectFrom('interaction')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('personId', '=', person.id)
    .where('channel', '=', 'mail')
    .where('receivedAt', '>', new Date(setup.clock() - floodWindowMs))
    .executeTakeFirstOrThrow()
  return Number(count) >= floodLimit
}
