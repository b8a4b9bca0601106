import { createTransport, type Transporter } from 'nodemailer'
import { sql } from 'kysely'
import type { Logger } from 'pino'
import type { Db, Trx } from '../../store/database.ts'
import { pause } from '../../intake-starter.ts'
import { footerOf, type MailLinks } from './footer.ts'

export interface SenderSetup {
  db: Db
  /** smtp:// or smtps:// address; null: the sink, mail counts as sent and is read in the UI. */
  smtpUrl: string | null
  mailAddress: string
  senderName?: string
  /** Absent: mails say nothing about how to get fewer of them. */
  links?: MailLinks
  clock: () => number
  log: Logger
}

const batch = 20
const idleMs = 1_000
/** 30 s, 1 min, 2 min, ... about four hours in all; then it has failed. */
const firstRetryMs = 30_000
const maxAttempts = 9
const maxReferences = 20

interface Waiting {
  id: string
  ticketId: string | null
  recipient: string
  subject: string
  text: string
  html: string | null
  messageId: string
  inReplyTo: string | null
  mailReferences: string[]
  attempts: number
  ticketNumber: string | null
  /** The ticket's desk writes from its own address, under its own name. */
  deskAddress: string | null
  deskName: string | null
  personId: string | null
  template: string
  locale: string
  isMandatory: boolean
}

/**
 * The mail whose next attempt is due; locked, so that two processes do not send the same. While a mail waits, `sent_at` holds its last attempt;
 * the n-th retry comes `first * 2^(n - 1)` after it.
 */
async function takeDue(trx: Trx, now: Date): Promise<Waiting[]> {
  const { rows } =
    await sql<Waiting>`select mail_out.id, mail_out.ticket_id, mail_out.recipient, mail_out.subject, mail_out.text, mail_out.html, mail_out.message_id, mail_out.in_reply_to, mail_out.mail_references, mail_out.attempts, mail_out.person_id, mail_out.template, mail_out.locale, mail_out.is_mandatory, ticket.number as ticket_number, desk.mail_addresses[1] as desk_address, case mail_out.locale when 'en' then desk.name_en else desk.name_fr end as desk_name
    from mail_out left join ticket on ticket.id = mail_out.ticket_id left join desk on desk.id = ticket.desk_id
    where mail_out.state = 'pending' and (mail_out.attempts = 0 or mail_out.sent_at + make_interval(secs => ${firstRetryMs / 1000} * power(2, mail_out.attempts - 1)) <= ${now})
    order by mail_out.created_at limit 1 for update of mail_out skip locked`.execute(trx)
  return rows
}

/** The conversation so far with this recipient: their mail program then shows one thread. */
async function threadOf(trx: Trx, mail: Waiting): Promise<{ inReplyTo: string | null; references: string[] }> {
  if (!mail.ticketId) return { inReplyTo: mail.inReplyTo, references: mail.mailReferences }
  const { rows } = await sql<{ messageId: string; isIn: boolean }>`select message_id, is_in from (
      select message_id, at, true as is_in from message where ticket_id = ${mail.ticketId} and message_id is not null and visibility = 'public'
      union all select message_id, sent_at, false from mail_out where ticket_id = ${mail.ticketId} and recipient = ${mail.recipient} and state = 'sent') thread order by at`.execute(
    trx,
  )
  const references = rows.map((r) => r.messageId).slice(-maxReferences)
  if (references.length === 0) return { inReplyTo: mail.inReplyTo, references: mail.mailReferences }
  return { inReplyTo: rows.findLast((r) => r.isIn)?.messageId ?? references.at(-1) ?? null, references }
}

/** 5xx (but for a greylisting server's slips) will not change; anything else may. */
const isFinal = (error: unknown): boolean => {
  const code = (error as { responseCode?: number }).responseCode
  return code !== undefined && code >= 500 && code < 600
}

/** The mail with its last lines (how to get fewer of these), and the headers that say the same to programs. */
function finished(setup: SenderSetup, mail: Waiting): { text: string; html: string | null; headers: Record<string, string> } {
  const footer = setup.links ? footerOf(setup.links, mail) : null
  const { text, html } = mail
  if (!footer) return { text, html, headers: {} }
  // added once: a mail that is tried again has them
  const isNew = !text.endsWith(footer.text)
  return {
    text: isNew ? `${text}${footer.text}` : text,
    html: html === null || !isNew ? html : `${html}${footer.html}`,
    headers: footer.headers,
  }
}

async function sendOne(
  trx: Trx,
  transport: Transporter | null,
  setup: SenderSetup,
  mail: Waiting,
): Promise<'sent' | 'failed' | 'pending' | 'suppressed'> {
  const update = (values: Partial<MailChange>) =>
    trx
      .updateTable('mailOut')
      .set({ ...values, sentAt: new Date(setup.clock()), attempts: mail.attempts + 1 })
      .where('id', '=', mail.id)
      .execute()
  if (mail.recipient.toLowerCase() === setup.mailAddress.toLowerCase()) {
    await update({ state: 'suppressed', reasonCode: 'ownAddress' })
    return 'suppressed'
  }
  const thread = await threadOf(trx, mail)
  const { text, html, headers } = finished(setup, mail)
  const sent = { text, html, inReplyTo: thread.inReplyTo, mailReferences: thread.references }
  try {
    await transport?.sendMail({
      from: { name: mail.deskName ?? setup.senderName ?? 'Guichet', address: mail.deskAddress ?? setup.mailAddress },
      to: mail.recipient,
      subject: mail.subject,
      text,
      ...(html ? { html } : {}),
      messageId: mail.messageId,
      ...(thread.inReplyTo ? { inReplyTo: thread.inReplyTo } : {}),
      references: thread.references,
      // answered by no machine that keeps RFC 3834; recognised by us if it comes back
      headers: {
        'Auto-Submitted': 'auto-generated',
        'X-Auto-Response-Suppress': 'All',
        ...headers,
        ...(mail.ticketNumber ? { 'X-Guichet-Ticket': mail.ticketNumber } : {}),
      },
    })
    await update({ ...sent, state: 'sent', reason: null, reasonCode: null })
    return 'sent'
  } catch (error) {
    const state = isFinal(error) || mail.attempts + 1 >= maxAttempts ? 'failed' : 'pending'
    const reason = (error instanceof Error ? error.message : String(error)).slice(0, 1_000)
    await update({ ...sent, state, reason, reasonCode: 'smtp' })
    return state
  }
}

interface MailChange {
  state: 'sent' | 'failed' | 'pending' | 'suppressed'
  reason: string | null
  reasonCode: string | null
  text: string
  html: string | null
  inReplyTo: string | null
  mailReferences: string[]
}

export const openTransport = (smtpUrl: string | null): Transporter | null =>
  smtpUrl === null
    ? null
    : (createTransport(smtpUrl, { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 30_000 } as object) as Transporter)

/**
 * Sends what is due, once. A crash between the server's "250" and our commit sends a mail twice, under the same Message-ID,
 * which receiving servers know for one.
 */
export async function sendDueMail(
  setup: SenderSetup,
  transport: Transporter | null,
): Promise<{ sent: number; failed: number; waiting: number }> {
  const done = { sent: 0, failed: 0, waiting: 0 }
  for (let taken = 0; taken < batch; taken += 1) {
    // a transaction each: what was sent stays marked, whatever happens to the next
    const state = await setup.db.transaction().execute(async (trx) => {
      const [mail] = await takeDue(trx, new Date(setup.clock()))
      return mail ? sendOne(trx, transport, setup, mail) : null
    })
    if (state === null) break
    if (state !== 'suppressed') done[state === 'pending' ? 'waiting' : state] += 1
  }
  return done
}

/** Sends until `signal` is aborted. */
export async function runSender(setup: SenderSetup, signal: AbortSignal): Promise<void> {
  const transport = openTransport(setup.smtpUrl)
  while (!signal.aborted) {
    const done = await sendDueMail(setup, transport).catch((error: unknown) => {
      setup.log.error({ err: error }, 'mail round failed')
      return { sent: 0, failed: 0, waiting: 0 }
    })
    if (done.failed + done.waiting > 0) setup.log.warn(done, 'some mail could not be sent')
    if (done.sent < batch) await pause(idleMs, signal)
  }
  transport?.close()
}
