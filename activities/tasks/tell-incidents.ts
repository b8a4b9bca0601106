import { systemActor } from '#schema/role'
import type { Db } from '../store/database.ts'
import { addMessage } from '../store/message/messages.ts'
import { orderCommand } from '../store/ticket/ticket-commands.ts'
import { linksOf } from '../store/ticket/ticket-links.ts'
import { hopeless, type TaskHandler } from './task.ts'

const kinds = ['workaround', 'resolution'] as const
type News = (typeof kinds)[number]

interface Told {
  number: string
  title: string
  knownErrorNumber: string
  workaround: string
  resolution: string
}
const lead: Record<'fr' | 'en', Record<News, (told: Told) => string>> = {
  fr: {
    workaround: ({ number, title, knownErrorNumber, workaround }) =>
      `${number} « ${title} » : erreur connue publiée (${knownErrorNumber}).\n\n${workaround ? `Solution de contournement :\n${workaround}` : 'Pas encore de solution de contournement.'}`,
    resolution: ({ number, title, resolution }) => `${number} « ${title} » est résolu.\n\n${resolution}`,
  },
  en: {
    workaround: ({ number, title, knownErrorNumber, workaround }) =>
      `${number} "${title}": known error published (${knownErrorNumber}).\n\n${workaround ? `Workaround:\n${workaround}` : 'No workaround yet.'}`,
    resolution: ({ number, title, resolution }) => `${number} "${title}" is resolved.\n\n${resolution}`,
  },
}

/** The language of who works on the incident; the desk's own where nobody does. */
async function localeOf(db: Db, ticketId: string): Promise<'fr' | 'en'> {
  const row = await db
    .selectFrom('ticket')
    .innerJoin('person', 'person.id', 'ticket.assigneeId')
    .select('person.locale')
    .where('ticket.id', '=', ticketId)
    .executeTakeFirst()
  return row?.locale === 'en' ? 'en' : 'fr'
}

const over = ['closed', 'canceled']

/**
 * Task type `tellIncidents`: an internal note in every open incident that is caused by this problem. Header `news`: workaround or resolution. Each
 * incident is told once: the note's Message-ID is made of the call's key.
 */
export const tellIncidents: TaskHandler = {
  async run(call, { db, signal }) {
    const news = kinds.find((each) => each === call.headers.news)
    if (!news)
      throw hopeless('missingHeader', `expected a header 'news' of ${kinds.join(', ')} at ${call.elementId}: add it in the diagram`)
    const ticket = await db
      .selectFrom('ticket')
      .select(['number', 'title', 'resolution'])
      .where('id', '=', call.ticketId)
      .executeTakeFirstOrThrow()
    const { workaround, knownErrorNumber, resolution } = call.input
    const told: Told = {
      number: ticket.number,
      title: ticket.title,
      workaround: String(workaround ?? ''),
      knownErrorNumber: String(knownErrorNumber ?? ''),
      resolution: String(resolution ?? ticket.resolution ?? ''),
    }
    const incidents = (await linksOf(db, call.ticketId, 'causedBy')).filter(
      ({ direction, other }) => direction === 'in' && other.kind === 'incident' && !over.includes(other.status),
    )
    for (const { other } of incidents) {
      signal.throwIfAborted()
      const text = lead[await localeOf(db, other.id)][news](told)
      await db.transaction().execute(async (trx) => {
        const at = Date.now()
        const said = { visibility: 'internal', direction: 'out', channel: 'api' } as const
        const note = {
          ...said,
          ticketId: other.id,
          at,
          authorId: systemActor.id,
          text,
          messageId: `<${call.idempotencyKey}/${other.id}@problem>`,
        }
        const { id: messageId, sha256, isNew } = await addMessage(trx, { ...note, isRecorded: true })
        if (!isNew) return
        const payload = { messageId, ...said, sha256 }
        await orderCommand(trx, { ticketId: other.id, name: 'addMessage', payload, actor: systemActor, key: `tell/${messageId}`, at })
      })
    }
    return { incidentsTold: incidents.length }
  },
}
