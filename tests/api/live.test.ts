/** The API process itself, over HTTP and SMTP, with a worker behind it: report, claim, answer, complete, confirm, survey. */
import { randomBytes } from 'node:crypto'
import { mkdtempSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createTransport } from 'nodemailer'
import pino from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { seedDesks, seedPeople } from '../../activities/store/seed.ts'
import { openTicket as openInStore } from '../../activities/store/ticket/intake.ts'
import { surveyToken } from '../../activities/tasks/survey-link.ts'
import { installRuntime, type RunningWorker, startWorker } from '../../activities/worker.ts'
import { cachedWorkflowBundle } from '../../activities/workflow-bundle.ts'
import { type ApiConfig, readConfig } from '../../api/config.ts'
import { type RunningApi, startApi } from '../../api/server.ts'
import { type FreshDatabase, freshDatabase, servers } from '../setup/database.ts'
import { demo } from './desk.ts'
import { deploySmall } from './small-process.ts'

const log = pino({ level: process.env['LOG_LEVEL'] ?? 'silent' })
let database: FreshDatabase
let env: Record<string, string>
let config: ApiConfig
let api: RunningApi
let worker: RunningWorker

beforeAll(async () => {
  database = await freshDatabase()
  await seedPeople(database.db)
  await deploySmall(database.db)
  env = {
    DATABASE_URL: database.url,
    TEMPORAL_ADDRESS: servers().temporalAddress,
    GUICHET_TASK_QUEUE: `test-${randomBytes(6).toString('hex')}`,
    GUICHET_DATA: mkdtempSync(join(tmpdir(), 'guichet-test-')),
    PORT: '0',
    SMTP_PORT: '0',
    GUICHET_PUBLIC_URL: 'http://desk.test',
  }
  process.env['GUICHET_TASK_QUEUE'] = env['GUICHET_TASK_QUEUE']
  config = readConfig(env, '/nonexistent')
  installRuntime(log)
  api = await startApi(config, env, log)
  worker = await startWorker({
    db: database.db,
    env,
    log,
    workflowBundle: await cachedWorkflowBundle(join(tmpdir(), 'guichet-test-bundles')),
  })
}, 120_000)
afterAll(async () => {
  await api?.stop()
  await worker?.stop()
  await database?.drop()
}, 60_000)

const cookies = new Map<string, string>()
async function http(who: keyof typeof demo | null, path: string, body?: unknown, headers: Record<string, string> = {}) {
  if (who && !cookies.has(who)) {
    const answer = await fetch(`${api.url}/api/auth/sign-in/email`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: api.url },
      body: JSON.stringify({ email: demo[who], password: 'guichet' }),
    })
    cookies.set(
      who,
      answer.headers
        .getSetCookie()
        .map((c) => c.split(';')[0])
        .join('; '),
    )
  }
  const response = await fetch(`${api.url}/api/v1${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      'accept-language': 'en',
      ...(who ? { cookie: cookies.get(who) ?? '' } : {}),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  return {
    status: response.status,
    headers: response.headers,
    text,
    // biome-ignore lint/suspicious/noExplicitAny: answers are looked at, not computed with
    json: (/json/.test(response.headers.get('content-type') ?? '') && text ? JSON.parse(text) : null) as any,
  }
}
// biome-ignore lint/suspicious/noExplicitAny: as above
async function until(path: string, isSo: (json: any) => boolean, who: keyof typeof demo = 'agent') {
  for (let n = 0; n < 150; n += 1) {
    const answer = await http(who, path)
    if (answer.status === 200 && isSo(answer.json)) return answer.json
    await new Promise((done) => setTimeout(done, 100))
  }
  throw new Error(`expected ${path} to become so within 15 s: ${isSo}; found ${(await http(who, path)).text.slice(0, 1_500)}`)
}
const openTicket = async (subject = 'Screen is dark') => {
  const { ticketId } = (await http('requester', '/interactions', { subject, body: 'Since today.' })).json
  return until(`/tickets/${ticketId}`, (t) => t.tasks.length > 0)
}
const listenTo = async (who: keyof typeof demo, headers: Record<string, string> = {}) => {
  await http(who, '/session')
  const stop = new AbortController()
  const response = await fetch(`${api.url}/api/v1/events`, { headers: { cookie: cookies.get(who) ?? '', ...headers }, signal: stop.signal })
  let text = ''
  void (async () => {
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) text += Buffer.from(chunk).toString()
  })().catch(() => {})
  return { text: () => text, stop: () => stop.abort(), status: response.status }
}

describe('an incident', () => {
  it('lives from report to survey; each sees what is his', async () => {
    const [agentEvents, requesterEvents] = [await listenTo('agent'), await listenTo('requester')]
    const ticket = await openTicket()
    const { id, number } = ticket
    const waitId = ticket.tasks[0].waitId
    expect(ticket.tasks[0]).toMatchObject({
      elementId: 'work',
      name: 'Do the work',
      form: { id: 'small-form' },
      mayClaim: true,
      mayComplete: true,
      candidateGroups: [{ id: 'service-desk' }],
    })

    // not the requester's to do
    expect((await http('requester', `/tickets/${id}/tasks/${waitId}/complete`, { values: { resolution: 'me' } })).status).toBe(403)
    expect((await http('requester', `/tickets/${id}`)).json).toMatchObject({ tasks: [], variables: {}, decisions: [] })

    const claimed = await http('agent', `/tickets/${id}/tasks/${waitId}/claim`, {})
    expect(claimed.status).toBe(200)
    // reads its own write
    expect((await http('agent', `/tickets/${id}`)).json.tasks[0].assignee).toEqual({ id: 'alex', name: 'Alex Morel' })

    expect((await http('requester', `/tickets/${id}/messages`, { text: 'Any news?' })).status).toBe(201)
    expect((await http('agent', `/tickets/${id}/messages`, { text: 'Looking at it.' })).status).toBe(201)
    expect((await http('agent', `/tickets/${id}/messages`, { text: 'He unplugged it.', visibility: 'internal' })).status).toBe(201)
    const texts = async (who: keyof typeof demo) =>
      (await http(who, `/tickets/${id}/messages`)).json.items.map((m: { text: string }) => m.text)
    expect(await texts('agent')).toEqual(['Since today.', 'Any news?', 'Looking at it.', 'He unplugged it.'])
    expect(await texts('requester')).toEqual(['Since today.', 'Any news?', 'Looking at it.'])
    const mails = (await http('administrator', '/mail')).json.items.filter((m: { ticketId: string }) => m.ticketId === id)
    expect(mails).toMatchObject([{ to: demo.requester, template: 'agent-reply' }])

    const unknown = await http('agent', `/tickets/${id}/tasks/${waitId}/complete`, { values: { resolution: 'x', colour: 'blue' } })
    expect([unknown.status, unknown.json.code, unknown.json.errors[0].path]).toEqual([422, 'invalidForm', 'values.colour'])
    const key = { 'idempotency-key': 'complete-1' }
    const done = await http(
      'agent',
      `/tickets/${id}/tasks/${waitId}/complete`,
      { values: { resolution: 'Plugged in.', impact: 3, room: '12' } },
      key,
    )
    expect(done.status).toBe(200)
    const again = await http(
      'agent',
      `/tickets/${id}/tasks/${waitId}/complete`,
      { values: { resolution: 'Plugged in.', impact: 3, room: '12' } },
      key,
    )
    expect(again.json).toEqual(done.json)
    const stale = await http('agent', `/tickets/${id}/tasks/${waitId}/complete`, { values: { resolution: 'Again.' } })
    expect([stale.status, stale.json.code]).toEqual([409, 'staleTask'])

    expect((await http('agent', `/tickets/${id}`)).json).toMatchObject({
      status: 'resolved',
      resolution: 'Plugged in.',
      impact: 3,
      tasks: [],
      variables: { room: '12' },
    })
    const resolved = (await http('requester', `/tickets/${id}`)).json
    expect(resolved.actions).toContain('confirm')
    const reopened = await http('requester', `/tickets/${id}/actions/reopen`, { reason: 'no' })
    expect([reopened.status, reopened.json.code]).toEqual([409, 'notCorrelated'])
    expect((await http('requester', `/tickets/${id}/actions/confirm`, {})).status).toBe(200)
    expect((await http('requester', `/tickets/${id}`)).json).toMatchObject({ status: 'closed', actions: ['answerSurvey', 'reopen'] })
    const late = await http('requester', `/tickets/${id}/messages`, { text: 'And another thing' })
    expect([late.status, late.json.code]).toEqual([409, 'instanceEnded'])

    await until(`/tickets/${id}`, () => agentEvents.text().includes(id) && requesterEvents.text().includes(number))
    agentEvents.stop()
    requesterEvents.stop()
  }, 60_000)

  it('shows its diagram from its facts, and exports its history', async () => {
    const { id, number, tasks } = await openTicket('Diagram')
    const before = (await http('requester', `/tickets/${id}/diagram`)).json
    expect(before.elements).toContainEqual(expect.objectContaining({ elementId: 'work', tokens: 1, passed: 0, state: 'active' }))
    await http('agent', `/tickets/${id}/tasks/${tasks[0].waitId}/complete`, { values: { resolution: 'r' } })
    const after = (await http('agent', `/tickets/${id}/diagram`)).json
    expect(after.elements).toContainEqual(expect.objectContaining({ elementId: 'work', tokens: 0, passed: 1, state: 'passed' }))
    expect(after.flows).toContainEqual({ flowId: 'f2', taken: 1 })
    expect(after.xml).toContain('Do the work')
    const facts = (await http('auditor', `/tickets/${number}/facts?limit=200`)).json.items
    expect(facts.map((f: { sequence: number }) => f.sequence)).toEqual(facts.map((_: unknown, i: number) => i + 1))
    expect(facts).toContainEqual(
      expect.objectContaining({ type: 'taskCompleted', elementName: 'Do the work', actor: { id: 'alex', name: 'Alex Morel' } }),
    )
    const csv = await http('auditor', `/tickets/${number}/export?format=csv`)
    expect(csv.headers.get('content-disposition')).toContain(`${number}.csv`)
    expect(csv.text.trim().split('\n').length).toBe(facts.length + 1)
    expect(JSON.parse((await http('auditor', `/tickets/${number}/export?format=json`)).text).facts.length).toBe(facts.length)
    expect((await http('auditor', '/ledger/verify')).json).toMatchObject({ isIntact: true, breaks: [] })
  }, 60_000)

  it('is answered for by a survey link without sign-in, once', async () => {
    const { id, tasks, number } = await openTicket('Survey')
    await http('agent', `/tickets/${id}/tasks/${tasks[0].waitId}/complete`, { values: { resolution: 'r' } })
    await http('requester', `/tickets/${id}/actions/confirm`, {})
    const token = surveyToken(config.secret, { ticketId: id, personId: 'camille', expiresAt: Date.now() + 60_000 })
    expect((await http(null, `/survey/${token}`)).json).toMatchObject({ number, survey: null })
    expect((await http(null, `/survey/${token.slice(0, -2)}xx`)).status).toBe(404)
    expect((await http(null, `/survey/${token}`, { score: 9 })).status).toBe(422)
    expect((await http(null, `/survey/${token}`, { score: 5, comment: 'Merci' })).status).toBe(200)
    expect((await http(null, `/survey/${token}`, { score: 1, comment: 'again' })).json.code).toBe('surveyAlreadyAnswered')
    expect((await http('agent', `/tickets/${id}`)).json.survey).toEqual({ score: 5, comment: 'Merci' })
  }, 60_000)

  it('reported and answered by mail reaches the workflow', async () => {
    const transport = createTransport({ host: '127.0.0.1', port: api.smtpPort ?? 0, ignoreTLS: true })
    const send = (mail: object) => transport.sendMail({ from: 'Camille <camille@example.org>', to: 'support@guichet.localhost', ...mail })
    await send({ subject: 'By mail', text: 'Hello.', messageId: '<first@client.example>' })
    const list = await until('/tickets?q=%22By%20mail%22', (page) => page.items.length === 1)
    const id = list.items[0].id
    await until(`/tickets/${id}`, (t) => t.tasks.length === 1)
    await send({ subject: 'Re: By mail', text: 'More.', inReplyTo: '<first@client.example>' })
    await until(
      `/tickets/${id}/facts?limit=200`,
      (page) => page.items.filter((f: { type: string }) => f.type === 'messageAdded').length === 2,
    )
    transport.close()
  }, 60_000)
})

describe('event streams', () => {
  it('keep what is not a requester’s own from him, and tell who comes back to read again', async () => {
    const events = await listenTo('requester', { 'last-event-id': '17' })
    const { ticketId } = (await http('agent', '/interactions', { subject: 'Not Camille’s' })).json
    await until(`/tickets/${ticketId}`, (t) => t.tasks.length === 1)
    const own = await openTicket('Camille’s')
    await until(`/tickets/${own.id}`, () => events.text().includes(own.id))
    expect(events.text()).toContain('event: resync')
    expect(events.text()).not.toContain(ticketId)
    events.stop()
  }, 60_000)
  it('stream to an agent what his desks have, and nothing of another desk', async () => {
    await seedDesks(database.db)
    const answer = await fetch(`${api.url}/api/auth/sign-in/email`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: api.url },
      body: JSON.stringify({ email: 'nadia@example.org', password: 'guichet' }),
    })
    const cookie = answer.headers
      .getSetCookie()
      .map((c) => c.split(';')[0])
      .join('; ')
    const [own, other] = [await listenTo('agent'), await listenTo('agent', { cookie })]
    const ticket = await openTicket('The IT desk’s')
    await until(`/tickets/${ticket.id}`, () => own.text().includes(ticket.id))
    // a notice that she may hear comes later: what came before it has been told, or never will be
    const fields = { title: 'A customer’s', requesterId: 'martin-boulangerie' }
    await openInStore(database.db, {
      kind: 'incident',
      processId: 'incident',
      channel: 'phone',
      openedById: 'nadia',
      deskId: 'customers',
      fields,
    })
    for (let n = 0; n < 100 && !other.text().includes('"deskId":"customers"'); n += 1) await new Promise((done) => setTimeout(done, 50))
    expect(other.text()).toContain('"deskId":"customers"')
    expect(other.text()).not.toContain(ticket.id)
    expect(own.text()).not.toContain('"deskId":"customers"')
    own.stop()
    other.stop()
  }, 60_000)
})

describe('the process', () => {
  it('says which port is taken', async () => {
    const squatter = createServer()
    const port = await new Promise<number>((done) =>
      squatter.listen(0, '127.0.0.1', () => done((squatter.address() as { port: number }).port)),
    )
    await expect(startApi({ ...config, port }, env, log)).rejects.toThrow(`Port ${port} is taken`)
    await expect(startApi({ ...config, smtpPort: port }, env, log)).rejects.toThrow(`SMTP port ${port} is taken`)
    await new Promise((done) => squatter.close(done))
  }, 60_000)
})
