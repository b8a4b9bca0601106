import { z } from 'zod'
import { NotificationMode, NotificationPreferences, notificationEvents } from '#schema/notification'
import { isMandatory } from '#domain/notification'
import { splitTemplate } from '#domain/template'
import { readUnsubscribeToken } from '../../activities/channels/mail/unsubscribe-link.ts'
import { getPreferences, setMode, setPreferences } from '../../activities/store/message/notification-preferences.ts'
import type { Caller, Db } from '../deps.ts'
import { ApiProblem, type Locale } from '../problem.ts'
import { isStaff } from '../read/visibility.ts'
import { defineRoute, type Route } from '../route.ts'

const EventView = z.object({
  id: z.string(),
  name: z.string(),
  to: z.enum(['requester', 'staff']),
  isMandatory: z.boolean(),
  mode: NotificationMode,
})
const PreferencesView = z.object({ timeZone: z.string(), dailyAt: z.string(), address: z.string(), events: z.array(EventView) })
const TokenParams = z.object({ token: z.string().min(10).max(1_000) })
const UnsubscribeView = z.object({
  event: z.string(),
  name: z.string(),
  locale: z.enum(['fr', 'en']),
  isMandatory: z.boolean(),
  isSubscribed: z.boolean(),
})

const eventName = (id: string, locale: Locale): string => notificationEvents.find((event) => event.id === id)?.name[locale] ?? id

/** The process owner's own templates, beside the events that come with the program; not what is no event (digests). */
async function ownEvents(db: Db): Promise<{ id: string; isMarked: boolean }[]> {
  const rows = await db
    .selectFrom('definition')
    .distinctOn('id')
    .select(['id', 'source'])
    .where('kind', '=', 'template')
    .orderBy('id')
    .orderBy('version', 'desc')
    .execute()
  const found = new Map<string, boolean>()
  for (const { id, source } of rows) {
    const name = id.slice(id.indexOf('/') + 1)
    if (name !== 'digest' && !notificationEvents.some((event) => event.id === name))
      found.set(name, (found.get(name) ?? false) || splitTemplate(source).isMandatory)
  }
  return [...found].map(([id, isMarked]) => ({ id, isMarked }))
}

async function preferencesOf(db: Db, caller: Caller, locale: Locale): Promise<z.infer<typeof PreferencesView>> {
  const preferences = await getPreferences(db, caller.actor.id)
  const staff = isStaff(caller.actor)
  const shipped = notificationEvents.filter((event) => staff || event.to === 'requester')
  const own = staff
    ? (await ownEvents(db)).map(({ id, isMarked }) => ({ id, to: 'staff' as const, isMandatory: isMandatory(id, isMarked) }))
    : []
  return {
    timeZone: preferences.timeZone,
    dailyAt: preferences.dailyAt,
    address: caller.person.email,
    events: [...shipped, ...own].map(({ id, to, isMandatory: must }) => ({
      id,
      to,
      name: eventName(id, locale),
      isMandatory: must || isMandatory(id),
      mode: must || isMandatory(id) ? ('immediate' as const) : (preferences.modes[id] ?? 'immediate'),
    })),
  }
}

const ChangeBody = z.strictObject({
  timeZone: NotificationPreferences.shape.timeZone.optional(),
  dailyAt: NotificationPreferences.shape.dailyAt.optional(),
  modes: NotificationPreferences.shape.modes.default({}),
})

async function changePreferences(db: Db, caller: Caller, body: z.output<typeof ChangeBody>, at: number): Promise<void> {
  const before = await getPreferences(db, caller.actor.id)
  const marked = new Set((await ownEvents(db)).filter(({ isMarked }) => isMarked).map(({ id }) => id))
  const refused = Object.entries(body.modes).filter(([event, mode]) => mode !== 'immediate' && isMandatory(event, marked.has(event)))
  if (refused.length > 0)
    throw new ApiProblem(422, 'mandatoryNotification', {
      params: { event: refused[0]?.[0] ?? '' },
      errors: refused.map(([event]) => ({ path: `modes.${event}`, code: 'mandatoryNotification', message: event })),
    })
  const { timeZone = before.timeZone, dailyAt = before.dailyAt } = body
  await setPreferences(db, caller.actor.id, { timeZone, dailyAt, modes: { ...before.modes, ...body.modes } }, caller.actor.id, at)
}

/** Whom and what an unsubscribe link is about. */
async function openLink(db: Db, secret: string, token: string) {
  const link = readUnsubscribeToken(secret, token)
  const person = link && (await db.selectFrom('person').select(['id', 'locale']).where('id', '=', link.personId).executeTakeFirst())
  if (!link || !person) throw new ApiProblem(404, 'unsubscribeLinkInvalid')
  const locale: Locale = person.locale === 'en' ? 'en' : 'fr'
  const marked = (await ownEvents(db)).some(({ id, isMarked }) => id === link.event && isMarked)
  const preferences = await getPreferences(db, link.personId)
  return {
    ...link,
    locale,
    isMandatory: isMandatory(link.event, marked),
    mode: preferences.modes[link.event] ?? 'immediate',
  }
}

type Opened = Awaited<ReturnType<typeof openLink>>
const unsubscribeView = (opened: Opened, isSubscribed: boolean): z.infer<typeof UnsubscribeView> => ({
  event: opened.event,
  name: eventName(opened.event, opened.locale),
  locale: opened.locale,
  isMandatory: opened.isMandatory,
  isSubscribed,
})

export const notificationRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: '/me/notifications',
    access: 'anyone',
    tag: 'Notifications',
    summary: 'What I am told by mail, and when',
    response: PreferencesView,
    handle: ({ deps, caller, locale }) => preferencesOf(deps.db, caller, locale),
  }),
  defineRoute({
    method: 'post',
    path: '/me/notifications',
    access: 'anyone',
    tag: 'Notifications',
    summary: 'Change what I am told',
    description: 'By event: at once, in an hourly or a daily mail, or never. What waits for a digest already follows the change.',
    body: ChangeBody,
    response: PreferencesView,
    problems: { 422: ['mandatoryNotification'] },
    handle: async ({ deps, caller, body, locale }) => {
      await changePreferences(deps.db, caller, body, deps.clock())
      return preferencesOf(deps.db, caller, locale)
    },
  }),
  defineRoute({
    method: 'get',
    path: '/unsubscribe/{token}',
    access: 'public',
    tag: 'Notifications',
    summary: 'What an unsubscribe link is about; changes nothing',
    params: TokenParams,
    response: UnsubscribeView,
    problems: { 404: ['unsubscribeLinkInvalid'] },
    handle: async ({ deps, params }) => {
      const opened = await openLink(deps.db, deps.config.secret, params.token)
      return unsubscribeView(opened, opened.mode !== 'never')
    },
  }),
  defineRoute({
    method: 'post',
    path: '/unsubscribe/{token}',
    access: 'public',
    tag: 'Notifications',
    summary: 'Unsubscribe by the link of a mail (RFC 8058), or come back with `subscribe=1`',
    params: TokenParams,
    query: z.object({ subscribe: z.enum(['0', '1']).default('0') }),
    rawBody: { mediaType: 'application/x-www-form-urlencoded', description: '`List-Unsubscribe=One-Click`, as mail programs send it' },
    response: UnsubscribeView,
    problems: { 404: ['unsubscribeLinkInvalid'], 409: ['mandatoryNotification'] },
    handle: async ({ deps, params, query }) => {
      const opened = await openLink(deps.db, deps.config.secret, params.token)
      if (opened.isMandatory)
        throw new ApiProblem(409, 'mandatoryNotification', { params: { event: eventName(opened.event, opened.locale) } })
      const isSubscribed = query.subscribe === '1'
      const mode = isSubscribed ? 'immediate' : 'never'
      if (mode !== opened.mode) await setMode(deps.db, opened.personId, opened.event, mode, opened.personId, deps.clock())
      return unsubscribeView(opened, isSubscribed)
    },
  }),
]
