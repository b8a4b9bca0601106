/** Bad input: each gets a clear problem that names place and remedy. Temporal is away here, on purpose. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { markDemoLoaded } from '../../activities/store/demo/history.ts'
import { Problem } from '../../definitions/schema/problem.ts'
import { type Answer, type TestDesk, testDesk } from './desk.ts'
import { deploySmall, smallForm, smallProcess } from './small-process.ts'

let desk: TestDesk
type Call = Awaited<ReturnType<TestDesk['as']>>
let requester: Call
let agent: Call
let owner: Call
beforeAll(async () => {
  // nothing listens on port 1
  desk = await testDesk({ hasDefinitions: false, temporalAddress: '127.0.0.1:1', commandTimeoutMs: 700 })
  await deploySmall(desk.deps.db)
  ;[requester, agent, owner] = await Promise.all([desk.as('requester'), desk.as('agent'), desk.as('processOwner')])
})
afterAll(() => desk.close())

const isProblem = (answer: Answer, status: number, code: string) => {
  expect([answer.status, answer.json?.code]).toEqual([status, code])
  expect(answer.headers.get('content-type')).toContain('application/problem+json')
  expect(Problem.safeParse(answer.json).success).toBe(true)
}
const report = async (subject = 'Printer is dead') => (await requester('/interactions', { body: { subject, body: 'It smells.' } })).json

describe('input', () => {
  it('that is not JSON', async () =>
    isProblem(
      await requester('/interactions', { body: '{"subject":', headers: { 'content-type': 'application/json' } }),
      400,
      'malformedJson',
    ))
  it('of another type', async () =>
    isProblem(
      await requester('/interactions', { body: 'subject=x', headers: { 'content-type': 'application/x-www-form-urlencoded' } }),
      415,
      'unsupportedMediaType',
    ))
  it('with unknown and missing fields, each named', async () => {
    const answer = await requester('/interactions', { body: { subjct: 'typo' } })
    isProblem(answer, 422, 'invalidCall')
    expect(answer.json.errors.map((e: { path: string }) => e.path).sort()).toEqual(['subjct', 'subject'])
  })
  it('with an unknown form field', async () => {
    const answer = await requester('/interactions', {
      body: { subject: 'x', form: { id: 'small-form', values: { resolution: 'r', colour: 'blue' } } },
    })
    isProblem(answer, 422, 'invalidForm')
    expect(answer.json.errors).toMatchObject([{ path: 'form.values.colour', code: 'unknownField' }])
    expect(answer.json.remedy).toBeTruthy()
  })
  it('in French for a French reader', async () => {
    const answer = await desk.call('/tickets', { headers: { 'accept-language': 'fr-FR,fr;q=0.9,en;q=0.8' } })
    expect(answer.json.title).toBe('Connexion requise')
    expect(answer.headers.get('content-language')).toBe('fr')
  })
  it('in the words of a French reader at each place as well', async () => {
    const call = (body: unknown) => requester('/interactions', { body, headers: { 'accept-language': 'fr' } })
    const answer = await call({ subject: 7 })
    isProblem(answer, 422, 'invalidCall')
    expect(answer.json.errors).toMatchObject([{ path: 'subject', message: expect.stringContaining('attendu') }])
    const unknown = await desk
      .as('agent')
      .then((as) => as('/interactions', { body: { subject: 'x', requesterId: 'nobody' }, headers: { 'accept-language': 'fr' } }))
    expect(unknown.json.errors).toMatchObject([{ path: 'requesterId', message: expect.stringMatching(/inconnue ou inactive/) }])
  })
  it('naming a form that is not deployed', async () =>
    isProblem(await requester('/interactions', { body: { subject: 'x', form: { id: 'nope', values: {} } } }), 422, 'formNotFound'))
  it('larger than a call may be', async () =>
    isProblem(await requester('/interactions', { body: { subject: 'x', body: 'x'.repeat(2_000_000) } }), 413, 'tooLarge'))
  it('on behalf of another, by a requester', async () =>
    isProblem(await requester('/interactions', { body: { subject: 'x', requesterId: 'alex' } }), 403, 'notPermitted'))
  it('at an address that leads nowhere', async () => isProblem(await requester('/nothing/here'), 404, 'notFound'))
})

describe('a file of 50 MB', () => {
  const upload = async (bytes: number, headers: Record<string, string> = {}) => {
    const form = new FormData()
    form.append('file', new File([new Uint8Array(bytes)], 'dump.bin'))
    return requester('/attachments', { method: 'POST', body: form, headers })
  }
  it('is refused, with the limit and what to do', async () => {
    const answer = await upload(50 * 1024 * 1024)
    isProblem(answer, 413, 'tooLarge')
    expect(answer.json.detail + answer.json.remedy).toMatch(/25.*MB.*(lien|link)/s)
  })
  it('while one of 1 MB is taken, and belongs to nobody until it is sent', async () => {
    const answer = await upload(1024 * 1024)
    expect([answer.status, answer.json.bytes]).toEqual([201, 1024 * 1024])
    isProblem(await requester(`/attachments/${answer.json.id}`), 404, 'attachmentNotFound')
  })
})

describe('a definition', () => {
  const deploy = (source: string, baseVersion = 1) =>
    owner('/definitions/process/incident', { body: { source, note: 'test', baseVersion } })
  it('that is not BPMN is refused with the place', async () => {
    const answer = await deploy('<bpmn:definitions><oops')
    isProblem(answer, 422, 'invalidDefinition')
    expect(answer.json.errors.length).toBeGreaterThan(0)
  })
  it('with an unsupported element is refused at that element', async () => {
    const source = smallProcess().replace('<bpmn:userTask id="work"', '<bpmn:complexGateway id="odd" /><bpmn:userTask id="work"')
    const answer = await deploy(source)
    isProblem(answer, 422, 'invalidDefinition')
    expect(answer.json.errors.map((e: { elementId: string }) => e.elementId)).toContain('odd')
  })
  it('with FEEL that does not parse is refused at its element', async () => {
    const answer = await owner('/definitions/process/check', {
      body: { source: smallProcess().replace('candidateGroups="service-desk"', 'candidateGroups="=if then"') },
    })
    expect(answer.status).toBe(200)
    expect(answer.json.diagnostics).toMatchObject([{ elementId: 'work', severity: 'error' }])
  })
  it('made from a version that is not the latest is refused as stale; the right one deploys', async () => {
    expect((await deploy(smallProcess('Second'))).json.version).toBe(2)
    isProblem(await deploy(smallProcess('Third')), 409, 'staleVersion')
    expect((await owner('/definitions/process/incident')).json.versions.map((v: { version: number }) => v.version)).toEqual([2, 1])
  })
  it('that is no form JSON is refused', async () =>
    isProblem(
      await owner('/definitions/form/small-form', { body: { source: smallForm.replace('"textarea"', '"hologram"'), baseVersion: 1 } }),
      422,
      'invalidDefinition',
    ))
})

describe('while the process engine is away', () => {
  it('a report is taken in', async () => {
    const answer = await requester('/interactions', { body: { subject: 'No network', body: 'At all.' } })
    expect(answer.status).toBe(201)
    expect(answer.json.number).toMatch(/^INC-\d{6}$/)
    const waiting = await desk.deps.db
      .selectFrom('intake')
      .select('startedAt')
      .where('ticketId', '=', answer.json.ticketId)
      .executeTakeFirstOrThrow()
    expect(waiting.startedAt).toBeNull()
    expect((await requester(`/tickets/${answer.json.number}`)).json).toMatchObject({
      title: 'No network',
      status: 'new',
      requester: { id: 'camille' },
    })
  })
  it('a command is refused soon, with the remedy, and leaves nothing behind', async () => {
    const { ticketId } = await report()
    const started = performance.now()
    const answer = await requester(`/tickets/${ticketId}/messages`, { body: { text: 'hello?' } })
    isProblem(answer, 503, 'workflowUnavailable')
    expect(performance.now() - started).toBeLessThan(5_000)
    expect(answer.headers.get('retry-after')).toBeTruthy()
    expect((await requester(`/tickets/${ticketId}/messages`)).json.items.map((m: { text: string }) => m.text)).toEqual(['It smells.'])
  })
  it('health says so', async () =>
    expect((await desk.call('/health')).json).toMatchObject({ status: 'degraded', database: 'up', engine: 'down' }))
  it('and offers people for a try only where the demonstration is loaded', async () => {
    expect((await desk.call('/health')).json).toMatchObject({ demo: false })
    expect((await desk.call('/health')).json.demoUsers).toBeUndefined()
    await markDemoLoaded(desk.deps.db, 'live', 0)
    const { demo, demoUsers } = (await desk.call('/health')).json
    expect(demo).toBe(true)
    expect(demoUsers).toContainEqual({ email: 'camille@example.org', name: expect.any(String), roles: ['requester'] })
  })
})

describe('another person’s ticket', () => {
  it('is not there for a requester, and is for an agent', async () => {
    const { number } = (await agent('/interactions', { body: { subject: 'Mine' } })).json
    isProblem(await requester(`/tickets/${number}`), 404, 'ticketNotFound')
    isProblem(await requester(`/tickets/${number}/messages`), 404, 'ticketNotFound')
    isProblem(await requester(`/tickets/${number}/diagram`), 404, 'ticketNotFound')
    const { number: other } = await report()
    expect((await agent(`/tickets/${other}`)).status).toBe(200)
  })
})

describe('Idempotency-Key', () => {
  const once = (subject: string, key: string) => requester('/interactions', { body: { subject }, headers: { 'idempotency-key': key } })
  it('makes the same call again one ticket', async () => {
    const [first, again] = [await once('Once', 'k1'), await once('Once', 'k1')]
    expect(again.json).toEqual(first.json)
    expect([again.status, again.headers.get('idempotent-replayed')]).toEqual([201, 'true'])
  })
  it('even for two calls at once: one is done, the other is told to wait', async () => {
    const answers = await Promise.all([once('Twice', 'k2'), once('Twice', 'k2')])
    const made = new Set(answers.filter((a) => a.status === 201).map((a) => a.json.ticketId))
    expect(made.size).toBe(1)
    expect((await desk.deps.db.selectFrom('ticket').select('id').where('title', '=', 'Twice').execute()).length).toBe(1)
  })
  it('refuses a different call under the same key', async () => {
    await once('A', 'k3')
    isProblem(await once('B', 'k3'), 422, 'idempotencyMismatch')
  })
  it('belongs to the caller alone', async () => {
    const mine = await once('C', 'k4')
    const his = await agent('/interactions', { body: { subject: 'C' }, headers: { 'idempotency-key': 'k4' } })
    expect(his.json.ticketId).not.toBe(mine.json.ticketId)
  })
  it('is free again after a refusal', async () => {
    expect((await once('', 'k5')).status).toBe(422)
    expect((await once('Now right', 'k5')).status).toBe(201)
  })
})

describe('pages', () => {
  it.each(['opened', '-opened', 'priority', 'updated', 'due', 'number'])(
    'by %s hold every ticket once, and the cursor is checked',
    async (sort) => {
      while ((await requester('/tickets?limit=1')).json.total < 7) await report(`Page ${sort}`)
      const total = (await requester('/tickets?limit=1')).json.total
      const seen: string[] = []
      let cursor: string | null = ''
      while (cursor !== null) {
        const page: Answer = await requester(`/tickets?limit=3&sort=${sort}${cursor ? `&cursor=${cursor}` : ''}`)
        expect(page.status).toBe(200)
        seen.push(...page.json.items.map((t: { id: string }) => t.id))
        cursor = page.json.nextCursor
      }
      expect(new Set(seen).size).toBe(seen.length)
      expect(seen.length).toBe(total)
      isProblem(await requester('/tickets?cursor=abc'), 422, 'invalidCursor')
    },
  )
  it('have a size with a limit', async () => isProblem(await requester('/tickets?limit=100000'), 422, 'invalidCall'))
  it('of people, interactions and the ledger turn too', async () => {
    const turn = async (call: Call, path: string) => {
      const first = await call(`${path}?limit=2`)
      expect(first.status).toBe(200)
      const second = await call(`${path}?limit=2&cursor=${first.json.nextCursor}`)
      expect(second.json.items.length).toBeGreaterThan(0)
      expect(JSON.stringify(first.json.items)).not.toContain(JSON.stringify(second.json.items[0]))
    }
    await turn(agent, '/people')
    await turn(agent, '/interactions')
    await turn(await desk.as('auditor'), '/ledger/facts')
  })
  it('are searched in French with accents and stems, and by number', async () => {
    const { number } = await report('Les imprimantes du deuxième étage sont bloquées')
    const found = async (q: string) =>
      (await requester(`/tickets?q=${encodeURIComponent(q)}`)).json.items.map((t: { number: string }) => t.number)
    expect(await found('imprimante bloquée')).toEqual([number])
    expect(await found(number)).toEqual([number])
    expect(await found('xylophone')).toEqual([])
  })
})

describe('the description', () => {
  it('is OpenAPI 3.1, names every route and resolves every reference', async () => {
    const answer = await desk.call('/openapi.json')
    expect(answer.json.openapi).toBe('3.1.0')
    expect(Object.keys(answer.json.paths).length).toBeGreaterThan(30)
    for (const [, name] of answer.text.matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g))
      expect(answer.json.components.schemas).toHaveProperty([name as string])
    expect(answer.text).not.toContain('#/$defs')
    expect(answer.json.paths['/api/v1/tickets/{id}'].get.responses[200].content['application/json'].schema.properties.number).toEqual({
      type: 'string',
    })
  })
  it('has a page that loads nothing from elsewhere', async () => {
    const page = await desk.call('/docs')
    expect(page.text).not.toMatch(/https?:\/\//)
    for (const [, path] of page.text.matchAll(/(?:src|href)="([^"]+)"/g))
      expect([path, (await desk.call(path as string)).status]).toEqual([path, 200])
  })
})
