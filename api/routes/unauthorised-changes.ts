import { sql } from 'kysely'
import { z } from 'zod'
import { openChange } from '../../activities/store/change/open.ts'
import { type ChangeRow, plannedChange, relationsOf } from '../../activities/store/change/world.ts'
import { neighboursOf } from '#domain/change/scope'
import type { AppDeps } from '../deps.ts'
import { idOfKey } from '../id-of-key.ts'
import { codeWords } from '../problem.ts'
import { type Call, defineRoute, type Route } from '../route.ts'
import { refuse } from './change-references.ts'

const Detected = z.strictObject({
  ci: z.string().min(1).max(200).describe('Id, code or name of the configuration item that was seen to change'),
  detectedAt: z.iso.datetime({ offset: true }).optional().describe('When it was changed; now when absent'),
  source: z.string().trim().min(1).max(200).describe('The tool that saw it'),
  detail: z.string().trim().max(20_000).default(''),
})
const Answer = z.object({
  isAuthorised: z.boolean(),
  /** The change that allowed it, or the emergency that was opened. */
  ticketId: z.string(),
  number: z.string(),
})

/** Minutes by which work may begin early or end late and still be that change's. */
const graceMs = 15 * 60_000

/** A change of this item, or of one next to it, that was being made at that time. */
async function permitOf(deps: AppDeps, ciId: string, at: number): Promise<ChangeRow | undefined> {
  const near = [ciId, ...neighboursOf([ciId], await relationsOf(deps.db))]
  const { rows } = await sql<ChangeRow>`
    select c.* from change_record c join instance on instance.ticket_id = c.id
    where c.ci_ids && ${near}::text[] and not coalesce(c.is_unauthorised, false) and c.status <> 'canceled'
      and exists (select from fact f where f.stream_id = c.id::text and f.type = 'elementActivated' and f.element_id = 'implement')
    order by c.planned_start desc nulls last`.execute(deps.db)
  return rows.find((row) => {
    const { span } = plannedChange(row)
    const isOpen = !row.isEnded && !row.isImplemented
    if (span === null) return isOpen
    return at >= span.from - graceMs && (at <= span.to + graceMs || isOpen)
  })
}

/** An item that is seen to change once more while its emergency is open belongs to that one. */
const knownEmergency = async (deps: AppDeps, ciId: string): Promise<{ id: string; number: string } | undefined> =>
  (
    await sql<{
      id: string
      number: string
    }>`select id, number from change_record where is_unauthorised and not is_ended and status not in ('closed', 'canceled')
      and ci_ids && ${[ciId]}::text[] order by opened_at limit 1`.execute(deps.db)
  ).rows[0]

async function detect(call: Call<undefined, undefined, typeof Detected>): Promise<z.infer<typeof Answer>> {
  const { deps, body, caller, locale, commandKey } = call
  const ci = await deps.db
    .selectFrom('configurationItem')
    .select(['id', 'name', 'groupId', 'serviceId'])
    .where('archivedAt', 'is', null)
    .where((eb) => eb.or([eb('id', '=', body.ci), eb('code', '=', body.ci), eb('name', '=', body.ci)]))
    .executeTakeFirst()
  if (!ci) throw refuse([{ path: 'ci', code: 'ciNotFound', name: body.ci }])
  const now = deps.clock()
  const at = body.detectedAt === undefined ? now : Date.parse(body.detectedAt)
  if (at > now + graceMs) throw refuse([{ path: 'detectedAt', code: 'inTheFuture' }])
  const permit = await permitOf(deps, ci.id, at)
  if (permit) return { isAuthorised: true, ticketId: permit.id, number: permit.number }
  const ticketId = idOfKey(commandKey, 'ticket')
  const known =
    (await knownEmergency(deps, ci.id)) ??
    (await deps.db.selectFrom('ticket').select(['id', 'number']).where('id', '=', ticketId).executeTakeFirst())
  if (known) return { isAuthorised: false, ticketId: known.id, number: known.number }
  const service = ci.serviceId
    ? await deps.db.selectFrom('service').select('code').where('id', '=', ci.serviceId).executeTakeFirst()
    : undefined
  const words = codeWords('change.unauthorisedTitle', locale, { name: ci.name }) ?? ci.name
  const opened = await openChange(deps.db, {
    type: 'emergency',
    isUnauthorised: true,
    ticketId,
    ciIds: [ci.id],
    at: now,
    channel: 'webhook',
    openedById: caller.actor.id,
    plannedStart: new Date(at).toISOString(),
    plannedEnd: new Date(Math.max(at + 60_000, at)).toISOString(),
    fields: {
      title: words.slice(0, 200),
      description: `${body.source}: ${body.detail || words}`,
      requesterId: caller.actor.id,
      groupId: ci.groupId ?? 'change-managers',
      service: service?.code ?? null,
    },
  })
  deps.kickIntake()
  return { isAuthorised: false, ticketId: opened.ticketId, number: opened.number }
}

export const unauthorisedChangeRoutes: readonly Route[] = [
  defineRoute({
    method: 'post',
    path: '/changes/detected',
    access: ['agent', 'administrator'],
    tag: 'Changes',
    summary: 'A monitoring tool saw an item change',
    description:
      'When a change of the item, or of one next to it, was being made at that time, that change is named. Otherwise an emergency change is opened for its retroactive record, once for each item while it is open.',
    body: Detected,
    response: Answer,
    problems: { 422: ['changeRefused'] },
    handle: detect,
  }),
]
