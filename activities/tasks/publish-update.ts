import { sql } from 'kysely'
import type { Variables } from '#schema/json'
import type { Db } from '../store/database.ts'
import { queueMail } from '../store/message/mail.ts'
import { type Recipient, recipientsOf, ticketToNotify } from './recipients.ts'
import { render } from './render.ts'
import { hopeless, type TaskHandler } from './task.ts'

/** What the level of a communication is called in the mail. */
const levelWords: Record<string, { fr: string; en: string }> = {
  investigating: { fr: 'Nous cherchons la cause.', en: 'We are looking for the cause.' },
  identified: { fr: 'La cause est connue.', en: 'The cause is known.' },
  monitoring: { fr: 'Rétabli, sous surveillance.', en: 'Restored, under observation.' },
  restored: { fr: 'Le service est rétabli.', en: 'The service is restored.' },
  downgrade: { fr: 'La suite se fait ticket par ticket.', en: 'From here on, ticket by ticket.' },
}

/** Requesters of the incidents that hang on the major one, whatever their state: they want to know how it ends. */
async function affected(db: Db, ticketId: string): Promise<Recipient[]> {
  const { rows } = await sql<Recipient>`select distinct person.id, person.name, person.email, person.locale
    from ticket_link l join ticket child on child.id = l.from_id join person on person.id = child.requester_id
    where l.to_id = ${ticketId}::uuid and l.kind = 'childOf' and l.unlinked_at is null and person.is_active and child.status <> 'canceled' order by person.id`.execute(
    db,
  )
  return rows
}

const textOf = (input: Variables, name: string): string => (typeof input[name] === 'string' ? (input[name] as string) : '')

/**
 * Task type `publish-update`: sends a major incident's communication to everybody concerned, each in his language: the requesters of its children and
 * its watchers, one mail a person. (The status page reads the communication from the ledger.) Variables `updateFr`, `updateEn`, `publicTitleFr`, `publicTitleEn`.
 */
export const publishUpdate: TaskHandler = {
  async run(call, { db, publicUrl, signal }) {
    const { input } = call
    const texts = { fr: textOf(input, 'updateFr'), en: textOf(input, 'updateEn') }
    if (texts.fr === '' || texts.en === '')
      throw hopeless(
        'missingUpdate',
        `expected updateFr and updateEn at ${call.elementId}, found an empty one: set the variable, then retry`,
      )
    const titles = { fr: textOf(input, 'publicTitleFr'), en: textOf(input, 'publicTitleEn') }
    const level = levelWords[textOf(input, 'restoreOutcome') || textOf(input, 'updateLevel')]
    const ticket = await ticketToNotify(db, call.ticketId)
    const { number, title } = ticket
    const watchers = await recipientsOf(db, 'watchers', { ticketId: call.ticketId, ticket, input })
    const people = [...(await affected(db, call.ticketId)), ...watchers]
    for (const { id, name, email, locale } of new Map(people.map((person) => [person.email, person])).values()) {
      signal.throwIfAborted()
      const publicTitle = titles[locale] || title
      const values = {
        number,
        title: publicTitle,
        publicTitle,
        recipientName: name,
        updateText: texts[locale],
        levelText: level?.[locale] ?? '',
      }
      const mail = await render(db, 'major-update', locale, { ...values, ticketUrl: `${publicUrl}/status` })
      const idempotencyKey = `${call.idempotencyKey}/${id}`
      await queueMail(db, { idempotencyKey, ticketId: call.ticketId, template: 'major-update', locale, recipient: email, ...mail })
    }
    return {}
  },
}
