/** The customer's own workers, on the real server: a service task of a type of theirs is fetched, done, given back or refused. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { offerJob } from '../../activities/store/job/jobs.ts'
import { ext, file, flow, path } from '../engine/play.ts'
import { until } from '../runtime/desk.ts'
import { type House, openHouse } from '../runtime/house.ts'
import type { Answer } from './desk.ts'

let house: House
let key = ''

/** Mailbox made for `person`; a full server goes to `ask`, a withdrawn order to the end. */
const process = (id: string, type: string) =>
  file(`<error id="full" name="full" errorCode="full"/><message id="${id}-m" name="${id}-withdrawn"/>
<process id="${id}" isExecutable="true"><startEvent id="start"/>
<serviceTask id="make" name="Make the mailbox">${ext(`<zeebe:taskDefinition type="${type}" retries="2"/><zeebe:taskHeaders><zeebe:header key="domain" value="example.org"/></zeebe:taskHeaders><zeebe:ioMapping><zeebe:input source="=person" target="who"/><zeebe:output source="=address" target="mailbox"/></zeebe:ioMapping>`)}</serviceTask>
<boundaryEvent id="isFull" attachedToRef="make"><errorEventDefinition errorRef="full"/></boundaryEvent>
<boundaryEvent id="withdrawn" attachedToRef="make"><messageEventDefinition messageRef="${id}-m"/></boundaryEvent>
<userTask id="ask" name="Ask for room"/><endEvent id="end"/><endEvent id="gone"/>
${path('start', 'make', 'end')}${flow('isFull', 'ask')}${flow('withdrawn', 'gone')}</process>`)

/** Calls as the worker program does: by its key. */
const worker = (at: string, body: unknown): Promise<Answer> => house.call(at, { body, headers: { authorization: `Bearer ${key}` } })
const fetched = async (type: string, name = 'one', more: object = {}): Promise<Answer['json'][]> =>
  (await worker('/jobs/fetch', { type, worker: name, most: 10, waitMs: 10_000, ...more })).json.items
const begin = async (processId: string, variables: object = { person: 'Camille', salary: 3_000 }): Promise<string> => {
  const admin = house.by('admin')
  const { json } = await admin(`/processes/${processId}/start`, { body: { variables } })
  await house.turn()
  return json.instanceId
}
const instance = (id: string) =>
  house.database.db
    .selectFrom('instance')
    .select(['isEnded', 'variables', 'stalls', 'active'])
    .where('ticketId', '=', id)
    .executeTakeFirstOrThrow()
const listed = async (instanceId: string): Promise<Answer['json']> =>
  (await house.by('admin')('/jobs?limit=200')).json.items.find((job: { instanceId: string }) => job.instanceId === instanceId)

beforeAll(async () => {
  house = await openHouse()
  const admin = house.by('admin')
  const person = await admin('/people', { body: { name: 'Directory worker', email: 'worker@example.org', roles: ['worker'] } })
  key = (await admin('/api-keys', { body: { name: 'directory', personId: person.json.id } })).json.key
  for (const id of ['mailbox', 'mailbox-pair', 'mailbox-retry', 'mailbox-error', 'mailbox-gone']) await house.deploy(id, process(id, id))
}, 120_000)
afterAll(() => house?.stop(), 60_000)

describe('a service task of a type that the desk does not do', () => {
  it('deploys with a word that it waits for a worker', async () => {
    const checked = await house.by('priya')('/definitions/process/check', {
      body: { source: process('mailbox-new', 'mailbox') },
    })
    expect(checked.json.diagnostics).toEqual([
      expect.objectContaining({ elementId: 'make', severity: 'warning', code: 'offeredToWorkers' }),
    ])
  })

  it('is fetched with its inputs and headers only, completed once, and the process goes on', async () => {
    const id = await begin('mailbox')
    const [job] = await fetched('mailbox')
    expect(job).toMatchObject({
      instanceId: id,
      elementId: 'make',
      retries: 2,
      state: 'locked',
      worker: 'one',
      headers: { domain: 'example.org' },
    })
    expect(job.variables).toEqual({ who: 'Camille' })
    const done = { worker: 'one', variables: { address: 'camille@example.org' } }
    expect((await worker(`/jobs/${job.id}/complete`, done)).status).toBe(204)
    expect(await instance(id)).toMatchObject({ isEnded: true, variables: { mailbox: 'camille@example.org' } })
    expect(await listed(id)).toMatchObject({ state: 'completed', worker: 'one' })
    expect((await worker(`/jobs/${job.id}/complete`, done)).status, 'the same again').toBe(204)
    expect((await worker(`/jobs/${job.id}/complete`, { ...done, worker: 'two' })).json.code).toBe('jobEnded')
  })

  it('goes to one worker at a time, and to the next when the lock has run out', async () => {
    const ids = [await begin('mailbox-pair'), await begin('mailbox-pair')]
    await until('both to be offered', async () => (await listed(ids[0]!)) && (await listed(ids[1]!)))
    const one = await fetched('mailbox-pair', 'one', { most: 1, lockMs: 1_000 })
    const two = await fetched('mailbox-pair', 'two', { most: 1 })
    expect(new Set([...one, ...two].map((job) => job.instanceId))).toEqual(new Set(ids))
    expect(await fetched('mailbox-pair', 'three', { waitMs: 0 })).toEqual([])
    const types = (await house.by('priya')('/jobs/types')).json.items
    expect(types).toContainEqual(expect.objectContaining({ type: 'mailbox-pair', waiting: 0, locked: 2 }))
    const longer = await worker(`/jobs/${two[0].id}/extend`, { worker: 'two', lockMs: 3_600_000 })
    expect(Date.parse(longer.json.lockedUntil)).toBeGreaterThan(Date.now() + 3_000_000)
    const again = await fetched('mailbox-pair', 'three')
    expect(again.map((job) => job.id)).toEqual([one[0].id])
    expect((await worker(`/jobs/${one[0].id}/complete`, { worker: 'one', variables: {} })).json.code).toBe('jobNotHeld')
  })

  it('is tried again after a failure, and stalls with the reason when no attempt is left; retried by hand it is offered anew', async () => {
    const id = await begin('mailbox-retry')
    const [job] = await fetched('mailbox-retry')
    const failed = await worker(`/jobs/${job.id}/fail`, { worker: 'one', message: 'the server is away' })
    expect(failed.json).toEqual({ retries: 1 })
    expect(await listed(id)).toMatchObject({ state: 'waiting', retries: 1, worker: null, message: 'the server is away' })
    const [second] = await fetched('mailbox-retry')
    expect(second.id).toBe(job.id)
    expect((await worker(`/jobs/${job.id}/fail`, { worker: 'one', message: 'still away' })).json).toEqual({ retries: 0 })
    const { stalls } = await instance(id)
    expect(stalls).toEqual([expect.objectContaining({ elementId: 'make', code: 'jobFailed', message: 'still away' })])
    expect(await listed(id)).toMatchObject({ state: 'failed' })
    const retry = { actor: { id: 'admin', name: 'admin', roles: ['administrator' as const], groups: [] }, key: 'again' }
    await house.deps.commander.execute(id, 'retryStall', {
      ...retry,
      payload: { key: (stalls as { key: string }[])[0]!.key, variables: {} },
    })
    const [third] = await fetched('mailbox-retry', 'two')
    expect(third).toMatchObject({ id: job.id, retries: 2, message: null })
    await worker(`/jobs/${job.id}/complete`, { worker: 'two', variables: { address: 'x@example.org' } })
    expect((await instance(id)).isEnded).toBe(true)
  })

  it('waits for its backoff', async () => {
    await begin('mailbox-retry')
    const [job] = await fetched('mailbox-retry')
    await worker(`/jobs/${job.id}/fail`, { worker: 'one', message: 'busy', backoffMs: 3_600_000, retries: 5 })
    expect(await fetched('mailbox-retry', 'two', { waitMs: 0 })).toEqual([])
  })

  it('raises a BPMN error with variables, caught where it is drawn', async () => {
    const id = await begin('mailbox-error')
    const [job] = await fetched('mailbox-error')
    const raised = await worker(`/jobs/${job.id}/error`, { worker: 'one', errorCode: 'full', variables: { quota: 0 } })
    expect(raised.status).toBe(204)
    const after = await instance(id)
    expect(after.active).toEqual([expect.objectContaining({ elementId: 'ask' })])
    expect(after.variables).toMatchObject({ quota: 0 })
  })

  it('is no job any more when the diagram stops waiting for it, nor is it offered late', async () => {
    const id = await begin('mailbox-gone')
    const [job] = await fetched('mailbox-gone')
    await house.by('admin')('/messages', { body: { name: 'mailbox-gone-withdrawn' } })
    await house.turn()
    await until('the process to end', async () => (await instance(id)).isEnded)
    expect(await listed(id)).toMatchObject({ state: 'canceled' })
    const late = await worker(`/jobs/${job.id}/complete`, { worker: 'one', variables: {} })
    expect([late.status, late.json.code]).toEqual([409, 'jobEnded'])
    const call = { ticketId: id, waitId: 'e99', elementId: 'make', jobType: 'mailbox-late', headers: {}, input: {}, idempotencyKey: 'x' }
    await offerJob(house.database.db, call, Date.now())
    expect(await fetched('mailbox-late', 'one', { waitMs: 0 })).toEqual([])
  })

  it.each<[string, object, string]>([
    ['without a type', { worker: 'one' }, 'type'],
    ['for nobody', { type: 't', worker: ' ' }, 'worker'],
    ['for ever', { type: 't', worker: 'one', lockMs: 1e12 }, 'lockMs'],
  ])('is not fetched %s', async (_name, body, field) => {
    const { status, json } = await worker('/jobs/fetch', body)
    expect([status, json.errors[0].path]).toEqual([422, field])
  })
})
