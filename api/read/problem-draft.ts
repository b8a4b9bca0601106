/** What a problem begins with, raised from an incident or from a major incident's review. */
import type { Variables } from '#schema/json'
import type { ProblemDraft } from '#schema/recurrence'
import type { Level } from '#schema/ticket'
import { majorProcessId } from '../../activities/store/ticket/majors.ts'
import { linksOf } from '../../activities/store/ticket/ticket-links.ts'
import type { Db } from '../deps.ts'
import type { Locale } from '../problem.ts'
import { briefTickets } from './brief-ticket.ts'
import { statusUpdatesOf } from './majors.ts'
import type { TicketRecord } from './ticket-view.ts'

const words = {
  fr: {
    title: (title: string) => `Cause de : ${title}`,
    from: (number: string) => `Suite à l’incident majeur ${number}.`,
    timeline: 'Ce qui s’est passé',
    opened: 'incident majeur proposé',
    ended: 'fin de l’incident majeur',
    cause: 'Cause, autant qu’on la connaît',
    actions: 'Actions décidées en revue',
  },
  en: {
    title: (title: string) => `Cause of: ${title}`,
    from: (number: string) => `Following major incident ${number}.`,
    timeline: 'What happened',
    opened: 'major incident proposed',
    ended: 'end of the major incident',
    cause: 'Cause, as far as it is known',
    actions: 'Actions agreed in the review',
  },
} as const

const lineOf = (at: Date, locale: Locale, text: string): string =>
  `${new Intl.DateTimeFormat(locale, { dateStyle: 'short', timeStyle: 'short', timeZone: 'Europe/Paris' }).format(at)} · ${text}`

const said = (variables: Variables | null, name: string): string => {
  const value = variables?.[name]
  return typeof value === 'string' ? value.trim() : ''
}

/** The review's own account where it is written; else what the ledger knows: proposal, communications, end. */
async function timelineOf(db: Db, major: TicketRecord, locale: Locale): Promise<string> {
  const written = said(major.variables, 'reviewTimeline')
  if (written !== '') return written
  const updates = (await statusUpdatesOf(db, [major.id])).get(major.id) ?? []
  return [
    lineOf(major.openedAt, locale, words[locale].opened),
    ...updates.map(({ at, text }) => lineOf(new Date(at), locale, text[locale] || text.fr || text.en)),
    ...(major.resolvedAt ? [lineOf(major.resolvedAt, locale, words[locale].ended)] : []),
  ].join('\n')
}

async function majorDescription(db: Db, major: TicketRecord, locale: Locale): Promise<string> {
  const parts = [
    [words[locale].timeline, await timelineOf(db, major, locale)],
    [words[locale].cause, said(major.variables, 'reviewCause')],
    [words[locale].actions, said(major.variables, 'reviewActions')],
  ]
  const told = parts.filter(([, text]) => text !== '').map(([head, text]) => `${head}\n${text}`)
  return [words[locale].from(major.number), ...told].join('\n\n').slice(0, 20_000)
}

const mostIncidents = 200

export async function readProblemDraft(db: Db, incident: TicketRecord, locale: Locale): Promise<ProblemDraft> {
  const isMajor = incident.processId === majorProcessId
  const children = isMajor ? (await linksOf(db, incident.id, 'childOf')).filter(({ direction }) => direction === 'in') : []
  const under = children.filter(({ other }) => other.kind === 'incident' && other.status !== 'canceled').map(({ other }) => other.id)
  const ids = [incident.id, ...under].slice(0, mostIncidents)
  const known = await briefTickets(db, ids)
  return {
    title: words[locale].title(incident.title).slice(0, 200),
    description: isMajor ? await majorDescription(db, incident, locale) : (incident.description ?? ''),
    impact: (incident.impact ?? 2) as Level,
    urgency: (incident.urgency ?? 2) as Level,
    category: incident.category,
    service: incident.service,
    incidents: ids.flatMap((id) => known.get(id) ?? []),
  }
}
