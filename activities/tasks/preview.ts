/** What a template would look like, with a ticket's own values or with an example's. */
import type { Variables } from '#schema/json'
import { type Db, isUuid } from '../store/database.ts'
import { getDefinition } from '../store/definition/definitions.ts'
import { unknownVariables } from '../store/definition/template-check.ts'
import { ticketToNotify } from './recipients.ts'
import { type RenderedMail, renderSource } from './render.ts'

export type Language = 'fr' | 'en'
export interface Preview extends RenderedMail {
  unknown: { name: string; line: number }[]
}
export interface PreviewAsked {
  /** The template's name, without its language. */
  name: string
  /** Being edited: instead of the deployed one of its language. */
  draft?: { locale: Language; source: string }
  /** Id or number; absent: an example. */
  ticket?: string
  publicUrl: string
}

const example: Record<Language, Record<string, unknown>> = {
  fr: {
    number: 'INC-000123',
    title: 'Imprimante du 3e étage hors service',
    description: 'Plus rien ne sort depuis ce matin.',
    status: 'inProgress',
    kind: 'incident',
    channel: 'portal',
    priority: 3,
    impact: 2,
    urgency: 2,
    category: 'printing',
    service: 'printing',
    groupName: 'Poste de travail (N2)',
    deskName: 'Centre de services IT',
    assigneeName: 'Sofia Marques',
    requesterName: 'Camille Laurent',
    recipientName: 'Camille Laurent',
    authorName: 'Alex Morel',
    messageText: 'Pouvez-vous redémarrer l’imprimante et me dire ce qu’affiche l’écran ?',
    question: 'Quel message l’imprimante affiche-t-elle ?',
    reason: 'Le problème est revenu.',
    resolution: 'Le bac 2 était bloqué ; il a été remplacé.',
    sla: { metricName: 'Résolution', percent: 75 },
  },
  en: {
    number: 'INC-000123',
    title: 'Printer on the 3rd floor out of order',
    description: 'Nothing comes out since this morning.',
    status: 'inProgress',
    kind: 'incident',
    channel: 'portal',
    priority: 3,
    impact: 2,
    urgency: 2,
    category: 'printing',
    service: 'printing',
    groupName: 'Workplace (L2)',
    deskName: 'IT service desk',
    assigneeName: 'Sofia Marques',
    requesterName: 'Sarah Whitfield',
    recipientName: 'Sarah Whitfield',
    authorName: 'Alex Morel',
    messageText: 'Could you restart the printer and tell me what its screen says?',
    question: 'Which message does the printer show?',
    reason: 'The problem is back.',
    resolution: 'Tray 2 was stuck; it has been replaced.',
    sla: { metricName: 'Resolution', percent: 75 },
  },
}

/** The ticket's values; undefined: there is no such ticket. */
async function ticketValues(db: Db, idOrNumber: string, publicUrl: string): Promise<Record<string, unknown> | undefined> {
  const row = await db
    .selectFrom('ticket')
    .leftJoin('instance', 'instance.ticketId', 'ticket.id')
    .leftJoin('person', 'person.id', 'ticket.requesterId')
    .select(['ticket.id', 'instance.variables', 'person.name as recipientName'])
    .where((eb) => (isUuid(idOrNumber) ? eb('ticket.id', '=', idOrNumber) : eb('ticket.number', '=', idOrNumber.toUpperCase())))
    .executeTakeFirst()
  if (!row) return undefined
  const ticket = await ticketToNotify(db, row.id)
  return {
    ...(row.variables as Variables | null),
    ...ticket,
    recipientName: row.recipientName ?? '',
    ticketUrl: `${publicUrl}/tickets/${ticket.number}`,
  }
}

export class UnknownTicket extends Error {}

/** Both languages; null where the template has no version in one. @throws UnknownTicket; Error when a source cannot be rendered */
export async function previewTemplate(db: Db, asked: PreviewAsked): Promise<Record<Language, Preview | null>> {
  const own = asked.ticket === undefined ? null : await ticketValues(db, asked.ticket, asked.publicUrl)
  if (own === undefined) throw new UnknownTicket()
  const one = async (locale: Language): Promise<Preview | null> => {
    const source =
      asked.draft?.locale === locale ? asked.draft.source : (await getDefinition(db, 'template', `${locale}/${asked.name}`))?.source
    if (source === undefined) return null
    const links = { ticketUrl: `${asked.publicUrl}/tickets/INC-000123`, surveyUrl: `${asked.publicUrl}/survey/example` }
    const sample = { ...links, ...example[locale], mailCount: 2, mails: sampleMails(locale, asked.publicUrl) }
    // a ticket lacks what only the task is given (a question, the author of a reply): the example stands in
    const values = { ...sample, ...own }
    return { ...renderSource(source, values), unknown: await unknownVariables(db, source) }
  }
  const [fr, en] = await Promise.all([one('fr'), one('en')])
  return { fr, en }
}

const sampleMails = (locale: Language, publicUrl: string) =>
  [1, 2].map((n) => ({
    subject: locale === 'fr' ? `[INC-00012${n}] Échéance proche` : `[INC-00012${n}] Target at risk`,
    number: `INC-00012${n}`,
    title: String(example[locale].title),
    excerpt: String(example[locale].messageText),
    ticketUrl: `${publicUrl}/tickets/INC-00012${n}`,
  }))
