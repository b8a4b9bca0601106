import { z } from 'zod'
import { channelRefusal, desksOf } from '#domain/desk-type'
import type { Desk } from '#schema/desk'
import { getDesk, listDesks } from '../../activities/store/record/desks.ts'
import { callNext, leaveQueue, queueState, takeNumber, waitOf } from '../../activities/store/contact/walk-in.ts'
import type { AppDeps } from '../deps.ts'
import { deskProblem } from '../desk-problem.ts'
import { readKioskToken } from '../kiosk-link.ts'
import { ApiProblem } from '../problem.ts'
import { InteractionRow, readInteraction } from '../read/interaction-rows.ts'
import { canSeeAllDesks } from '../read/visibility.ts'
import { type Call, defineRoute, type Route } from '../route.ts'

const TokenParams = z.object({ token: z.string().min(3).max(200) })
const VisitParams = TokenParams.extend({ id: z.uuid() })
const Instant = z.iso.datetime()
const KioskView = z.object({
  desk: z.object({ fr: z.string(), en: z.string() }),
  waiting: z.int(),
  /** For whoever takes a number now. */
  estimatedWaitMs: z.number(),
  called: z.array(z.object({ number: z.string(), at: Instant })),
})
const VisitView = z.object({
  id: z.string(),
  number: z.string(),
  state: z.enum(['waiting', 'called', 'left']),
  /** 1: the next to be called; 0: called, or gone. */
  position: z.int(),
  estimatedWaitMs: z.number(),
})
const QueueView = z.object({
  waiting: z.array(
    z.object({
      id: z.string(),
      number: z.string(),
      subject: z.string(),
      since: Instant,
      personName: z.string().nullable(),
      estimatedWaitMs: z.number(),
    }),
  ),
  called: z.array(z.object({ number: z.string(), at: Instant })),
  meanVisitMs: z.number().nullable(),
})
const DeskParams = z.object({ id: z.string().max(40) })

/** The link is the right: no sign-in at a tablet in the hall. */
async function deskOfKiosk(deps: AppDeps, token: string): Promise<Desk> {
  const deskId = readKioskToken(deps.config.secret, token)
  const desk = deskId ? await getDesk(deps.db, deskId) : undefined
  if (!desk || channelRefusal(desk, 'walkIn')) throw new ApiProblem(404, 'kioskLinkInvalid')
  return desk
}

const called = (rows: { number: string; at: Date }[]) => rows.map(({ number, at }) => ({ number, at: at.toISOString() }))

async function visitOf(deps: AppDeps, desk: Desk, id: string): Promise<z.infer<typeof VisitView>> {
  const row = await deps.db
    .selectFrom('interaction')
    .select(['ticketCall', 'answeredAt', 'abandonedAt'])
    .where('id', '=', id)
    .where('deskId', '=', desk.id)
    .where('channel', '=', 'walkIn')
    .executeTakeFirst()
  if (!row?.ticketCall) throw new ApiProblem(404, 'interactionNotFound')
  const state = await queueState(deps.db, desk.id, deps.clock())
  const position = state.waiting.findIndex((waiting) => waiting.id === id) + 1
  return {
    id,
    number: row.ticketCall,
    state: row.abandonedAt ? 'left' : row.answeredAt ? 'called' : 'waiting',
    position,
    estimatedWaitMs: position === 0 ? 0 : waitOf(state, position),
  }
}

/** The agent's own desk, which receives visitors. */
async function deskOfAgent({
  deps,
  params,
  caller,
  locale,
}: Pick<Call<typeof DeskParams, undefined, undefined>, 'deps' | 'params' | 'caller' | 'locale'>): Promise<Desk> {
  const desks = await listDesks(deps.db)
  const desk = desks.find(({ id }) => id === params.id)
  if (!desk) throw new ApiProblem(404, 'deskNotFound', { params: { id: params.id } })
  if (!canSeeAllDesks(caller.actor) && !desksOf(caller.actor.groups, desks).includes(desk.id))
    throw new ApiProblem(403, 'notOfThisDesk', { params: { desk: desk.name[locale] } })
  return desk
}

export const walkInRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: '/kiosk/{token}',
    access: 'public',
    tag: 'Walk-in',
    summary: 'The kiosk: how many wait, and how long it takes',
    params: TokenParams,
    response: KioskView,
    problems: { 404: ['kioskLinkInvalid'] },
    handle: async ({ deps, params }) => {
      const desk = await deskOfKiosk(deps, params.token)
      const state = await queueState(deps.db, desk.id, deps.clock())
      const waiting = state.waiting.length
      return { desk: desk.name, waiting, estimatedWaitMs: waitOf(state, waiting + 1), called: called(state.called) }
    },
  }),
  defineRoute({
    method: 'post',
    path: '/kiosk/{token}',
    access: 'public',
    tag: 'Walk-in',
    summary: 'Take a number',
    params: TokenParams,
    body: z.strictObject({ name: z.string().trim().max(100).optional(), subject: z.string().trim().max(200).default('') }),
    status: 201,
    response: VisitView,
    problems: { 404: ['kioskLinkInvalid'], 429: ['queueFull'] },
    handle: async ({ deps, params, body, locale }) => {
      const desk = await deskOfKiosk(deps, params.token)
      if ((await queueState(deps.db, desk.id, deps.clock())).waiting.length >= maxWaiting) throw new ApiProblem(429, 'queueFull')
      const subject = body.subject || (locale === 'fr' ? 'Visite à l’accueil' : 'Visit at the counter')
      const { id } = await takeNumber(deps.db, desk, { subject, personId: null, name: body.name || null }, deps.clock())
      return visitOf(deps, desk, id)
    },
  }),
  defineRoute({
    method: 'get',
    path: '/kiosk/{token}/visits/{id}',
    access: 'public',
    tag: 'Walk-in',
    summary: 'My place in the queue',
    params: VisitParams,
    response: VisitView,
    problems: { 404: ['kioskLinkInvalid', 'interactionNotFound'] },
    handle: async ({ deps, params }) => visitOf(deps, await deskOfKiosk(deps, params.token), params.id),
  }),
  defineRoute({
    method: 'post',
    path: '/kiosk/{token}/visits/{id}/leave',
    access: 'public',
    tag: 'Walk-in',
    summary: 'Leave the queue',
    params: VisitParams,
    response: VisitView,
    problems: { 404: ['kioskLinkInvalid', 'interactionNotFound'] },
    handle: async ({ deps, params }) => {
      const desk = await deskOfKiosk(deps, params.token)
      await leaveQueue(deps.db, desk.id, params.id, deps.clock())
      return visitOf(deps, desk, params.id)
    },
  }),
  defineRoute({
    method: 'get',
    path: '/desks/{id}/queue',
    access: ['agent', 'administrator'],
    tag: 'Walk-in',
    summary: 'Who waits at the counter',
    params: DeskParams,
    response: QueueView,
    problems: { 403: ['notOfThisDesk'], 404: ['deskNotFound'] },
    handle: async (call) => {
      const desk = await deskOfAgent(call)
      const state = await queueState(call.deps.db, desk.id, call.deps.clock())
      return {
        waiting: state.waiting.map((row, index) => ({ ...row, since: row.since.toISOString(), estimatedWaitMs: waitOf(state, index + 1) })),
        called: called(state.called),
        meanVisitMs: state.meanVisitMs,
      }
    },
  }),
  defineRoute({
    method: 'post',
    path: '/desks/{id}/call-next',
    access: ['agent', 'administrator'],
    tag: 'Walk-in',
    summary: 'Call the visitor who has waited longest',
    params: DeskParams,
    response: InteractionRow,
    problems: { 403: ['notOfThisDesk'], 404: ['deskNotFound'], 409: ['nobodyWaiting'], 422: ['channelNotOfDeskType'] },
    handle: async (call) => {
      const { deps, caller, locale } = call
      const desk = await deskOfAgent(call)
      const row = await callNext(deps.db, desk.id, caller.actor.id, deps.clock()).catch((error) => {
        throw deskProblem(error, locale)
      })
      if (!row) throw new ApiProblem(409, 'nobodyWaiting')
      return readInteraction(deps.db, row.id, caller.actor)
    },
  }),
]

/** A kiosk that is played with fills no more than this. */
const maxWaiting = 100
