/** The demonstration shows everything in every state. What there is to show is read from the diagrams and the nouns, not listed here. */
import { readdirSync, readFileSync } from 'node:fs'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CampaignState, GrantState } from '#schema/access'
import { ApprovalDecision } from '#schema/approval'
import { ChangeOutcome, ChangeType, MeetingState, TemplateState, WindowKind } from '#schema/change'
import { KnownErrorState } from '#schema/known-error'
import { nounList } from '#schema/nouns'
import type { Disposition } from '#schema/interaction'
import { correlateOnce } from '../../activities/correlator.ts'
import { driveChangeDemo } from '../../activities/demo-changes.ts'
import { driveDemo } from '../../activities/demo-live.ts'
import { driveRequests } from '../../activities/demo-requests.ts'
import { startWaitingIntakes } from '../../activities/intake-starter.ts'
import { loadDemoContacts } from '../../activities/store/demo/contacts.ts'
import { loadDemoHistory } from '../../activities/store/demo/history.ts'
import { loadDemoRegister } from '../../activities/store/demo/register.ts'
import { loadDemoRequests } from '../../activities/store/demo/requests.ts'
import { seed } from '../../activities/store/seed.ts'
import type { Model } from '../../workflows/engine/model.ts'
import { compileProcess } from '../../workflows/engine/compile/index.ts'
import { createDesk, type Desk } from './desk.ts'

let desk: Desk
const problems: string[] = []

beforeAll(async () => {
  desk = await createDesk()
  for (const table of ['groupMember', 'supportGroup', 'person'] as const) await desk.db.deleteFrom(table).execute()
  await seed(desk.db)
  await loadDemoRegister(desk.db)
  await loadDemoHistory(desk.db, Date.now(), 200)
  await loadDemoRequests(desk.db, Date.now(), 60)
  await loadDemoContacts(desk.db, Date.now(), 60)
  await desk.startWorker()
  const rounds = setInterval(() => void correlateOnce(desk.db, desk.client).then(() => startWaitingIntakes(desk.db, desk.client)), 500)
  try {
    const live = await driveDemo(desk.db, desk.client)
    const changes = await driveChangeDemo(desk.db, desk.client)
    problems.push(...live.problems, ...changes.problems, ...(await driveRequests(desk.db, desk.client)))
    // what was begun on its own: contracts, licences, campaigns, changes that are made within seconds
    await new Promise((resolve) => setTimeout(resolve, 12_000))
  } finally {
    clearInterval(rounds)
  }
}, 300_000)
afterAll(() => desk?.close(), 60_000)

const waits = new Set(['userTask', 'receiveTask', 'callActivity', 'subProcess', 'eventBasedGateway', 'intermediateCatchEvent', 'endEvent'])

/** The statuses of a diagram that a ticket can stand in: it waits, or has ended, before another step gives it the next. */
function restingStatuses({ elements, flows }: Model): string[] {
  const after = (id: string) => Object.values(flows).flatMap(({ sourceId, targetId }) => (sourceId === id ? [targetId] : []))
  const rests = (id: string, seen: Set<string>): boolean => {
    const element = elements[id]
    if (!element || seen.has(id)) return false
    seen.add(id)
    if (waits.has(element.type)) return true
    return after(id).some((next) => elements[next]?.attributes?.status === undefined && rests(next, seen))
  }
  return Object.values(elements).flatMap(({ id, attributes }) =>
    attributes?.status !== undefined && rests(id, new Set()) ? [attributes.status] : [],
  )
}

/** Each process that drives tickets, with the statuses that they can stand in. */
async function drawnStatuses(): Promise<string[]> {
  const folder = new URL('../../definitions/processes/', import.meta.url)
  const drawn = new Set<string>()
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.bpmn'))) {
    const compiled = await compileProcess(readFileSync(new URL(name, folder), 'utf8'))
    if (!compiled.ok) throw new Error(`expected ${name} to compile`)
    const { processId, attributes } = compiled.value
    if (attributes.ticketKind !== undefined) for (const status of restingStatuses(compiled.value)) drawn.add(`${processId} ${status}`)
  }
  return [...drawn].sort()
}
const distinct = async (query: ReturnType<typeof sql<{ value: string }>>): Promise<string[]> =>
  (await query.execute(desk.db)).rows.map(({ value }) => value)
const missing = (wanted: readonly string[], found: readonly string[]) => wanted.filter((one) => !found.includes(one))

describe('the demonstration', () => {
  test('is driven without a mishap', () => expect(problems).toEqual([]))
  /** The register itself ends these, within days: a record that changes while its owner is asked, or a term that passes. */
  const comesWithTime = [
    'contract-decision canceled',
    'licence-decision canceled',
    'licence-decision closed',
    'licence-overuse closed',
    'licence-reclaim canceled',
    'licence-reclaim closed',
  ]
  test('has a ticket in every status of every diagram', async () => {
    const found = await distinct(
      sql`select distinct i.process_id || ' ' || t.status as value from ticket t join instance i on i.ticket_id = t.id`,
    )
    expect(missing(await drawnStatuses(), [...found, ...comesWithTime])).toEqual([])
  })
  test('has a record in every state that a noun of the register can have', async () => {
    const absent: string[] = []
    for (const noun of nounList)
      for (const [field, declared] of Object.entries(noun.fields)) {
        if (!declared.choices || !['status', 'state', 'decision'].includes(field)) continue
        const found = await distinct(sql`select distinct ${sql.ref(field)} as value from ${sql.table(noun.table)}`)
        absent.push(
          ...missing(
            declared.choices.map(({ value }) => value),
            found,
          ).map((value) => `${noun.id} ${field} ${value}`),
        )
      }
    expect(absent).toEqual([])
  })
  test.each<[string, readonly string[], () => ReturnType<typeof sql<{ value: string }>>]>([
    ['approvals', ['pending', ...ApprovalDecision.options], () => sql`select distinct state as value from approval`],
    ['campaigns', CampaignState.options, () => sql`select distinct state as value from review_campaign`],
    ['rights', GrantState.options, () => sql`select distinct state as value from access_grant`],
    ['known errors', KnownErrorState.options, () => sql`select distinct state as value from known_error`],
    ['problem proposals', ['open'], () => sql`select distinct state as value from problem_proposal`],
    ['change types', ChangeType.options, () => sql`select distinct change_type as value from change_record`],
    ['change outcomes', ChangeOutcome.options, () => sql`select distinct outcome as value from change_record where outcome is not null`],
    ['change windows', WindowKind.options, () => sql`select distinct kind as value from change_window`],
    ['change templates', TemplateState.options, () => sql`select distinct state as value from change_template`],
    ['board meetings', MeetingState.options, () => sql`select distinct state as value from cab_meeting`],
    [
      'contacts',
      ['open', 'answered', 'ticket', 'abandoned'] satisfies Disposition[],
      () => sql`select distinct disposition as value from interaction`,
    ],
  ])('has %s in every state', async (_, wanted, query) => expect(missing(wanted, await distinct(query()))).toEqual([]))
  test.each<[string, () => ReturnType<typeof sql<{ value: string }>>]>([
    [
      'a delegation in force',
      () => sql`select id::text as value from delegation where revoked_at is null and now() between starts_at and ends_at`,
    ],
    [
      'a change that a freeze holds',
      () => sql`select ticket_id::text as value from instance where active @> '[{"elementId":"awaitFreezeEnd"}]'`,
    ],
    ['a change whose plan clashes', () => sql`select ticket_id::text as value from instance where variables ->> 'hasConflict' = 'true'`],
    [
      'a contract near its notice',
      () => sql`select process_id as value from instance where process_id = 'contract-decision' and not is_ended`,
    ],
    [
      'a licence used beyond what was bought',
      () => sql`select process_id as value from instance where process_id = 'licence-overuse' and not is_ended`,
    ],
    ['a seat that nobody uses', () => sql`select process_id as value from instance where process_id = 'licence-reclaim' and not is_ended`],
    [
      'a major incident that runs',
      () =>
        sql`select ticket_id::text as value from instance where process_id = 'major-incident' and active @> '[{"elementId":"communicate"}]' or active @> '[{"elementId":"awaitNext"}]'`,
    ],
    [
      'a major incident to be examined',
      () => sql`select ticket_id::text as value from instance where active @> '[{"elementId":"examine"}]'`,
    ],
    [
      'a major incident under review',
      () =>
        sql`select t.id::text as value from ticket t join instance i on i.ticket_id = t.id where process_id = 'major-incident' and i.active @> '[{"elementId":"review"}]'`,
    ],
    [
      'a candidate that was refused',
      () =>
        sql`select t.id::text as value from ticket t join instance i on i.ticket_id = t.id where process_id = 'major-incident' and t.status = 'canceled'`,
    ],
    ['a breached clock', () => sql`select clock_id as value from clock where state = 'breached' limit 1`],
    ['a paused clock', () => sql`select clock_id as value from clock where state = 'paused' limit 1`],
  ])('has %s', async (_, query) => expect((await distinct(query())).length).toBeGreaterThan(0))
})
