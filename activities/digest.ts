/**
 * Mails that wait for a person's digest go out as one when it is due. One transaction takes them, writes the digest and marks them: a worker that
 * is killed anywhere in it has done nothing, and the next round does it whole. Two workers share the work by row locks.
 */
import type { Db, Trx } from './store/database.ts'
import { pause } from './intake-starter.ts'
import { queueMail } from './store/message/mail.ts'
import { render } from './tasks/render.ts'

const roundMs = 15_000
/** Mails shown in one digest; the next round takes the rest. */
const maxMails = 200
const excerptLength = 400

/** Whose digest is due, locked until the transaction ends. */
async function takeDuePerson(trx: Trx, now: Date): Promise<{ id: string; name: string; email: string; locale: string } | undefined> {
  return trx
    .selectFrom('person')
    .select(['id', 'name', 'email', 'locale'])
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('mailOut')
          .select('mailOut.id')
          .whereRef('mailOut.personId', '=', 'person.id')
          .where('mailOut.state', '=', 'collected')
          .where('mailOut.digestDueAt', '<=', now),
      ),
    )
    .orderBy('id')
    .limit(1)
    .forNoKeyUpdate()
    .skipLocked()
    .executeTakeFirst()
}

/** The first lines of a mail's own words: without greeting and links. */
const excerptOf = (text: string): string =>
  text
    .split('\n')
    .filter((line) => line.trim() !== '' && !/^(bonjour|hello)\b/i.test(line) && !/https?:\/\//.test(line))
    .join(' ')
    .slice(0, excerptLength)

async function sendDigest(trx: Trx, publicUrl: string, now: Date): Promise<boolean> {
  const person = await takeDuePerson(trx, now)
  if (!person) return false
  const mails = await trx
    .selectFrom('mailOut')
    .leftJoin('ticket', 'ticket.id', 'mailOut.ticketId')
    .select(['mailOut.id', 'mailOut.subject', 'mailOut.text', 'mailOut.createdAt', 'ticket.number', 'ticket.title'])
    .where('mailOut.personId', '=', person.id)
    .where('mailOut.state', '=', 'collected')
    .where('mailOut.digestDueAt', '<=', now)
    .orderBy('mailOut.createdAt')
    .orderBy('mailOut.id')
    .limit(maxMails)
    .execute()
  const first = mails[0]
  if (!first) return false
  const locale = person.locale === 'en' ? 'en' : 'fr'
  const mail = await render(trx, 'digest', locale, {
    recipientName: person.name,
    mailCount: mails.length,
    mails: mails.map((m) => ({
      subject: m.subject,
      number: m.number,
      title: m.title,
      excerpt: excerptOf(m.text),
      ticketUrl: m.number ? `${publicUrl}/tickets/${m.number}` : null,
    })),
  })
  const key = `digest/${first.id}`
  await queueMail(trx, {
    idempotencyKey: key,
    ticketId: null,
    template: 'digest',
    locale,
    recipient: person.email,
    subject: mail.subject,
    text: mail.text,
    html: mail.html,
    isAsked: true,
    at: now.getTime(),
  })
  const digest = await trx.selectFrom('mailOut').select('id').where('idempotencyKey', '=', key).executeTakeFirstOrThrow()
  await trx
    .updateTable('mailOut')
    .set({ state: 'suppressed', reasonCode: 'digest', digestId: digest.id })
    .where(
      'id',
      'in',
      mails.map(({ id }) => id),
    )
    .execute()
  return true
}

/** Sends every digest that is due at `now`. @returns how many */
export async function sendDueDigests(db: Db, publicUrl: string, now = Date.now()): Promise<number> {
  for (let sent = 0; ; sent += 1) {
    const isMore = await db.transaction().execute((trx) => sendDigest(trx, publicUrl, new Date(now)))
    if (!isMore) return sent
  }
}

/** Rounds until `signal` is aborted. */
export async function runDigestLoop(db: Db, publicUrl: string, signal: AbortSignal, onError: (error: unknown) => void): Promise<void> {
  while (!signal.aborted) {
    await sendDueDigests(db, publicUrl).catch(onError)
    await pause(roundMs, signal)
  }
}
