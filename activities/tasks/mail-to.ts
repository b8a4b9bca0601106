import type { Db } from '../store/database.ts'
import { queueMail } from '../store/message/mail.ts'
import { render } from './render.ts'
import { ticketToNotify } from './recipients.ts'

/** Mails people by name, each once under the key, in his language. `ticketId` null: about no ticket. */
export async function mailTo(
  db: Db,
  people: readonly string[],
  mail: {
    key: string
    template: string
    ticketId: string | null
    values: (locale: 'fr' | 'en', personId: string) => Record<string, unknown>
  },
): Promise<void> {
  if (people.length === 0) return
  const ticket = mail.ticketId === null ? {} : await ticketToNotify(db, mail.ticketId)
  const rows = await db
    .selectFrom('person')
    .select(['id', 'name', 'email', 'locale'])
    .where('id', 'in', [...people])
    .where('isActive', '=', true)
    .orderBy('id')
    .execute()
  for (const { id, name, email, locale: language } of rows) {
    const locale = language === 'en' ? 'en' : 'fr'
    const { subject, text, html } = await render(db, mail.template, locale, { ...ticket, recipientName: name, ...mail.values(locale, id) })
    await queueMail(db, {
      idempotencyKey: `${mail.key}/${id}`,
      ticketId: mail.ticketId,
      template: mail.template,
      locale,
      recipient: email,
      subject,
      text,
      html,
    })
  }
}

/** A date as it is written in a mail. */
export const dateWords = (at: Date, locale: 'fr' | 'en'): string =>
  new Intl.DateTimeFormat(locale === 'fr' ? 'fr-FR' : 'en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: 'Europe/Paris' }).format(
    at,
  )
