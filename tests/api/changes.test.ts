import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestDesk, testDesk } from './desk.ts'

let desk: TestDesk
type Call = Awaited<ReturnType<TestDesk['as']>>
let agent: Call
let owner: Call
let requester: Call
let ciId: string
let parentId: string

const day = 86_400_000
const iso = (ms: number) => new Date(ms).toISOString()
const wall = (ms: number) => iso(ms).slice(0, 16)
const places = (answer: { json: { errors?: { path: string; code: string }[] } }) =>
  (answer.json.errors ?? []).map(({ path, code }) => `${path} ${code}`)

const addItem = async (code: string): Promise<string> => {
  const values = { code, name: code, class: 'application', status: 'live', environment: 'production', criticality: 'high' }
  await desk.database.db
    .insertInto('configurationItem')
    .values({ id: code, ...values })
    .execute()
  return code
}

beforeAll(async () => {
  desk = await testDesk()
  agent = await desk.as('agent')
  owner = await desk.as('processOwner')
  requester = await desk.as('requester')
  ciId = await addItem('erp-app')
  parentId = await addItem('erp-server')
  await desk.database.db.insertInto('ciRelation').values({ id: 'r1', fromId: ciId, kind: 'runsOn', toId: parentId }).execute()
})
afterAll(() => desk.close())

const soon = () => Date.now() + 2 * day
const window = (parts: object = {}) => ({
  kind: 'blackout',
  name: 'Gel',
  timeZone: 'UTC',
  startsAt: wall(Date.now() + 30 * day),
  endsAt: wall(Date.now() + 33 * day),
  scope: { type: 'everything' },
  ...parts,
})
const template = (parts: object = {}) => ({ name: `Routine ${Math.random()}`, steps: ['Faire'], backoutPlan: 'Défaire', ...parts })
const raise = (by: Call, body: object) => by('/changes', { body: { type: 'normal', title: 'Mettre à jour', ...body } })

describe('raising a change', () => {
  it('opens a ticket of its own process, with its plan, once for a key', async () => {
    const body = {
      type: 'normal',
      title: 'ERP 12',
      service: 'erp',
      ciIds: [ciId],
      plannedStart: iso(soon()),
      plannedEnd: iso(soon() + 3_600_000),
    }
    const [first, again] = [
      await agent('/changes', { body, headers: { 'idempotency-key': 'k1' } }),
      await agent('/changes', { body, headers: { 'idempotency-key': 'k1' } }),
    ]
    expect([first.status, first.json.number]).toEqual([201, expect.stringMatching(/^CHG-\d{6}$/)])
    expect(again.json).toEqual(first.json)
    const shown = (await agent(`/changes/${first.json.number}`)).json
    expect(shown).toMatchObject({
      type: 'normal',
      cis: [{ id: ciId }],
      plannedStart: body.plannedStart,
      conflicts: [],
      risk: null,
      mayEditPlan: true,
    })
    expect((await agent(`/tickets/${first.json.number}`)).json).toMatchObject({ kind: 'change', processId: 'change-normal', status: 'new' })
  })
  it.each([
    [{ plannedStart: iso(Date.now() - day), plannedEnd: iso(soon()) }, ['plannedStart change.inThePast']],
    [{ plannedStart: iso(soon()), plannedEnd: iso(soon() - 1000) }, ['plannedEnd change.endsBeforeStart']],
    [{ plannedStart: iso(soon()) }, ['plannedEnd change.planIncomplete']],
    [{ ciIds: [`no`] }, ['ciIds.0 change.ciNotFound']],
    [{ implementerId: 'nobody', groupId: 'none' }, ['implementerId change.personNotFound', 'groupId change.groupNotFound']],
    [{ dependsOn: ['x'] }, ['dependsOn.0 change.changeNotFound']],
    [{ type: 'standard' }, ['templateId change.templateNeeded']],
    [{ type: 'standard', templateId: 'none' }, ['templateId change.templateNotFound']],
  ])('refuses %j at its field', async (body, expected) => {
    const answer = await raise(agent, body)
    expect([answer.status, places(answer)]).toEqual([422, expected])
    expect(answer.json.errors[0].message).not.toMatch(/^change\./)
  })
  it('lets an emergency lie in the past, but only staff raise one', async () => {
    const past = { type: 'emergency', plannedStart: iso(Date.now() - day), plannedEnd: iso(Date.now() - day + 60_000) }
    expect((await raise(agent, past)).status).toBe(201)
    expect((await raise(requester, { type: 'emergency' })).json.code).toBe('notPermitted')
    expect((await raise(requester, {})).status).toBe(201)
  })
})

describe('the plan', () => {
  it('shows conflicts while it is edited, with their words, and finds the next free slot after them', async () => {
    const from = Math.ceil((Date.now() + 5 * day) / 1_800_000) * 1_800_000
    const other = await raise(agent, { ciIds: [parentId], plannedStart: iso(from), plannedEnd: iso(from + 3_600_000) })
    const plan = { ciIds: [ciId] }
    const check = await agent('/changes/conflicts', { body: { ...plan, from: iso(from + 1_800_000), to: iso(from + 5_400_000) } })
    expect(check.json.conflicts).toMatchObject([
      { kind: 'relatedCi', isBlocking: false, ciIds: [parentId], change: { number: other.json.number } },
    ])
    const next = await agent('/changes/next-slot', { body: { ...plan, durationMinutes: 60, from: iso(from) } })
    expect(next.json.slot).toEqual({ from: iso(from + 3_600_000), to: iso(from + 7_200_000) })
  })
  it('stands on the calendar with its conflicts, between the windows', async () => {
    const [from, to] = [Date.now(), Date.now() + 40 * day]
    expect((await owner('/change-windows', { body: window() })).status).toBe(201)
    const { json } = await agent(`/change-calendar?from=${iso(from)}&to=${iso(to)}`)
    expect(json.changes.length).toBeGreaterThanOrEqual(2)
    expect(json.occurrences).toMatchObject([{ kind: 'blackout', name: 'Gel', isEverything: true }])
    const tooLong = await agent(`/change-calendar?from=${iso(from)}&to=${iso(from + 63 * day)}`)
    expect(places(tooLong)).toEqual(['query.to change.spanTooLong'])
  })
  it('is not that of another kind of ticket', async () => {
    const { json } = await requester('/interactions', { body: { subject: 'No sound', body: 'since noon' } })
    expect((await agent(`/changes/${json.number}`)).json.code).toBe('notAChange')
  })
})

describe('windows', () => {
  it.each([
    [{ endsAt: wall(Date.now() + 29 * day) }, ['endsAt change.endsBeforeStart']],
    [{ startsAt: wall(Date.now() - day), endsAt: wall(Date.now() + 365 * day) }, ['endsAt change.noFreeMoment']],
    [{ startsAt: wall(Date.now() - 3 * day), endsAt: wall(Date.now() - 2 * day) }, ['endsAt change.windowIsOver']],
    [{ rule: 'FREQ=HOURLY' }, ['rule change.unreadableRule']],
    [{ timeZone: 'Moon/Base' }, ['timeZone change.unknownTimeZone']],
    [{ scope: { type: 'services', services: [] } }, ['scope.services too_small']],
  ])('refuse %j at its field', async (parts, expected) => {
    const answer = await owner('/change-windows', { body: window(parts) })
    expect([answer.status, places(answer)]).toEqual([422, expected])
  })
  it('are edited by one at a time, and every change is a fact', async () => {
    const { json: made } = await owner('/change-windows', { body: window({ kind: 'maintenance', rule: 'FREQ=WEEKLY' }) })
    const { id, version, next: _, ...draft } = made
    const edit = (name: string) => owner(`/change-windows/${id}`, { method: 'PATCH', body: { ...draft, name, version } })
    expect((await edit('Samedi')).status).toBe(200)
    expect((await edit('Dimanche')).json.code).toBe('changeRecordConflict')
    expect((await owner(`/change-windows/${id}`, { method: 'DELETE' })).status).toBe(204)
    expect((await owner(`/change-windows/${id}`, { method: 'DELETE' })).json.code).toBe('changeRecordNotFound')
    const facts = await desk.database.db.selectFrom('fact').select('body').where('streamId', '=', `changeWindow/${id}`).execute()
    expect(facts.map(({ body }) => (body as { field: string }).field).filter((field) => field === 'name')).toHaveLength(3)
  })
})

describe('templates', () => {
  it.each([
    [{ steps: [] }, ['steps change.noSteps']],
    [{ backoutPlan: '' }, ['backoutPlan change.noBackoutPlan']],
    [{ risk: 4 }, ['risk change.tooRiskyForTemplate']],
  ])('refuse %j at its field', async (parts, expected) => {
    const answer = await owner('/change-templates', { body: template(parts) })
    expect([answer.status, places(answer)]).toEqual([422, expected])
  })
  it('in use are not deleted; withdrawn ones open nothing; a revision puts them back', async () => {
    const { json: made } = await owner('/change-templates', { body: template({ name: 'Redémarrer' }) })
    expect(places(await owner('/change-templates', { body: template({ name: 'redémarrer' }) }))).toEqual(['name change.nameTaken'])
    const standard = { type: 'standard', templateId: made.id, title: 'Ce soir' }
    const opened = await raise(requester, standard)
    expect((await agent(`/changes/${opened.json.number}`)).json).toMatchObject({
      templateName: 'Redémarrer',
      implementationPlan: '1. Faire',
      risk: 1,
    })
    const inUse = await owner(`/change-templates/${made.id}`, { method: 'DELETE' })
    expect([inUse.status, inUse.json.code, inUse.json.detail]).toEqual([409, 'templateInUse', expect.stringContaining('1 open')])
    expect((await owner(`/change-templates/${made.id}/withdraw`, { body: { reason: 'Essai' } })).status).toBe(204)
    expect((await raise(agent, standard)).json.code).toBe('templateWithdrawn')
    const body = { ...template({ name: 'Redémarrer mieux' }), version: 99 }
    expect((await owner(`/change-templates/${made.id}`, { method: 'PATCH', body })).json.code).toBe('changeRecordConflict')
    const { version } = (await owner('/change-templates')).json.items.find((each: { id: string }) => each.id === made.id)
    expect((await owner(`/change-templates/${made.id}`, { method: 'PATCH', body: { ...body, version } })).json.state).toBe('active')
    expect((await raise(agent, standard)).status).toBe(201)
  })
})

describe('the board', () => {
  const meeting = (parts: object = {}) => ({
    title: 'CAB',
    startsAt: iso(soon()),
    endsAt: iso(soon() + 3_600_000),
    chairId: 'priya',
    memberIds: ['priya', 'helene', 'mei'],
    quorum: 2,
    ...parts,
  })
  it.each([
    [{ quorum: 4 }, ['quorum change.quorumTooLarge']],
    [{ chairId: 'alex' }, ['chairId change.chairNotMember']],
    [{ endsAt: iso(soon() - day) }, ['endsAt change.endsBeforeStart']],
    [{ memberIds: ['priya', 'ghost'] }, ['memberIds change.personNotFound']],
  ])('refuses %j at its field', async (parts, expected) => {
    const answer = await owner('/cab-meetings', { body: meeting(parts) })
    expect([answer.status, places(answer)]).toEqual([422, expected])
  })
  it('says who may decide, and is over when it is held', async () => {
    const { json: made } = await owner('/cab-meetings', { body: meeting() })
    expect([made.mayDecide, (await agent(`/cab-meetings/${made.id}`)).json.mayDecide]).toEqual([true, false])
    const said = { ticketId: '00000000-0000-4000-8000-000000000000', decision: 'approved', minutes: 'Oui.', attendeeIds: ['priya', 'mei'] }
    expect((await agent(`/cab-meetings/${made.id}/decisions`, { body: said })).json.code).toBe('notChair')
    expect((await owner(`/cab-meetings/${made.id}/decisions`, { body: said })).json.code).toBe('notWaitingForBoard')
    expect((await agent(`/cab-meetings/${made.id}/conclude`, { body: { state: 'canceled' } })).json.code).toBe('notChair')
    const stranger = await owner(`/cab-meetings/${made.id}/conclude`, { body: { state: 'held', attendeeIds: ['alex'] } })
    expect(places(stranger)).toEqual(['attendeeIds change.notMember'])
    const held = await owner(`/cab-meetings/${made.id}/conclude`, {
      body: { state: 'held', attendeeIds: ['priya', 'mei'], notes: 'Rien.' },
    })
    expect(held.json).toMatchObject({ state: 'held', attendees: [{ id: 'priya' }, { id: 'mei' }], notes: 'Rien.' })
    expect((await owner(`/cab-meetings/${made.id}/decisions`, { body: said })).json.code).toBe('meetingOver')
  })
})

describe('a planned meeting', () => {
  const draft = (parts: object = {}) => ({
    title: 'CAB',
    startsAt: iso(soon()),
    endsAt: iso(soon() + 3_600_000),
    chairId: 'alex',
    memberIds: ['alex', 'helene', 'mei'],
    quorum: 2,
    ...parts,
  })
  /** Two changes as their workflows would say that they wait for the board. */
  const waiting = async (): Promise<string[]> => {
    const ids: string[] = []
    for (const title of ['Première', 'Seconde']) {
      const { ticketId } = (await raise(owner, { title })).json
      const values = {
        processId: 'change-normal',
        processVersion: 1,
        bundleHash: 'x',
        active: JSON.stringify([{ elementId: 'cabApproval' }]),
      }
      await desk.database.db
        .insertInto('instance')
        .values({ ticketId, ...values })
        .onConflict((on) => on.column('ticketId').doUpdateSet({ active: values.active }))
        .execute()
      ids.push(ticketId)
    }
    return ids
  }
  const agenda = (json: { agenda: { ticketId: string }[] }, ids: string[]) =>
    json.agenda.map(({ ticketId }) => ticketId).filter((id) => ids.includes(id))

  it('is edited by its chair or a process owner, at its version; the quorum is held against the members', async () => {
    const { json: made } = await owner('/cab-meetings', { body: draft() })
    const edit = (by: Call, parts: object = {}) =>
      by(`/cab-meetings/${made.id}`, { method: 'PATCH', body: { ...draft(), version: made.version, ...parts } })
    expect(places(await edit(owner, { memberIds: ['alex', 'mei'], quorum: 3 }))).toEqual(['quorum change.quorumTooLarge'])
    expect(places(await edit(owner, { memberIds: ['helene', 'mei'] }))).toEqual(['chairId change.chairNotMember'])
    const chaired = await edit(agent, { title: 'CAB extraordinaire', notes: 'À relire.' })
    expect(chaired.json).toMatchObject({ title: 'CAB extraordinaire', notes: 'À relire.', mayEdit: true })
    expect((await edit(owner)).json.code).toBe('changeRecordConflict')
    const { json: other } = await owner('/cab-meetings', { body: draft({ chairId: 'mei' }) })
    expect(other.mayEdit).toBe(true)
    expect((await agent(`/cab-meetings/${other.id}`, { method: 'PATCH', body: { ...draft(), version: 1 } })).json.code).toBe('notChair')
  })
  it('takes its agenda in the order set for it', async () => {
    const ids = await waiting()
    const { json: made } = await owner('/cab-meetings', { body: draft() })
    const order = async (agendaOrder: string[], version: number) =>
      (await agent(`/cab-meetings/${made.id}`, { method: 'PATCH', body: { ...draft(), version, agendaOrder } })).json
    const first = await order(ids, made.version)
    expect(agenda(first, ids)).toEqual(ids)
    const second = await order(ids.toReversed(), first.version)
    expect(agenda(second, ids)).toEqual(ids.toReversed())
    // an edit of something else keeps it
    const body = { ...draft({ location: 'Salle 2' }), version: second.version }
    expect(agenda((await agent(`/cab-meetings/${made.id}`, { method: 'PATCH', body })).json, ids)).toEqual(ids.toReversed())
  })
  it('keeps its minutes open to its chair until it is closed', async () => {
    const [ticketId = ''] = await waiting()
    const { json: made } = await owner('/cab-meetings', { body: draft() })
    const mend = (by: Call, minutes = 'Accordé, la nuit seulement.') =>
      by(`/cab-meetings/${made.id}/minutes`, { method: 'PATCH', body: { ticketId, minutes } })
    expect((await mend(agent)).status).toBe(404)
    const said = { meetingId: made.id, ticketId, decision: 'approved', minutes: 'Acordé', decidedBy: 'alex', decidedAt: new Date() }
    await desk.database.db.insertInto('cabDecision').values(said).execute()
    expect((await mend(owner)).json.code).toBe('notChair')
    expect((await mend(agent, ' ')).json.errors).toMatchObject([{ path: 'minutes' }])
    const { json } = await mend(agent)
    expect(json.agenda.find((item: { ticketId: string }) => item.ticketId === ticketId)).toMatchObject({
      decision: 'approved',
      minutes: 'Accordé, la nuit seulement.',
    })
    await agent(`/cab-meetings/${made.id}/conclude`, { body: { state: 'held', attendeeIds: ['alex', 'mei'] } })
    expect((await mend(agent)).json.code).toBe('meetingOver')
  })
})

describe('changes that wait for one another', () => {
  it('are refused when they close a circle, with the numbers on the way', async () => {
    const raised = async (title: string, dependsOn: string[] = []) => (await raise(agent, { title, dependsOn })).json
    const first = await raised('Réseau')
    const second = await raised('Serveurs', [first.ticketId])
    const third = await raised('Application', [second.ticketId])
    const edit = (dependsOn: string[]) => agent(`/changes/${first.number}/plan`, { method: 'PATCH', body: { dependsOn } })
    const round = await edit([third.ticketId])
    expect([round.status, places(round)]).toEqual([422, ['dependsOn change.dependsInCircle']])
    expect(round.json.errors[0].message).toContain(`${third.number} → ${second.number} → ${first.number}`)
    expect(places(await edit([first.ticketId]))).toEqual(['dependsOn change.dependsOnItself'])
    expect(places(await edit(['ghost']))).toEqual(['dependsOn.0 change.changeNotFound'])
  })
})

describe('what monitoring saw change', () => {
  const detected = (parts: object = {}) => agent('/changes/detected', { body: { ci: 'erp-app', source: 'tripwire', ...parts } })
  it('opens one emergency for its retroactive record, while that is open', async () => {
    const first = await detected()
    expect(first.json).toMatchObject({ isAuthorised: false, number: expect.stringMatching(/^CHG/) })
    expect((await detected({ detail: 'again' })).json).toEqual(first.json)
    expect((await agent(`/changes/${first.json.number}`)).json).toMatchObject({
      type: 'emergency',
      isUnauthorised: true,
      cis: [{ id: ciId }],
    })
    const listed = (await agent('/changes?view=unauthorised')).json.items
    expect(listed.map((each: { number: string }) => each.number)).toEqual([first.json.number])
  })
  it('names the change that was being made', async () => {
    const { json } = await raise(agent, { ciIds: [parentId], title: 'En cours' })
    const element = {
      type: 'elementActivated',
      at: Date.now(),
      elementId: 'implement',
      key: 'e9',
      elementType: 'userTask',
      parentKey: 'e1',
    }
    const { appendNext } = await import('../../activities/store/facts.ts')
    await appendNext(desk.database.db, json.ticketId, [{ actorId: 'system', fact: element as never }])
    expect((await detected()).json).toEqual({ isAuthorised: true, ticketId: json.ticketId, number: json.number })
  })
  it.each([
    [{ ci: 'nothing' }, ['ci change.ciNotFound']],
    [{ detectedAt: iso(Date.now() + day) }, ['detectedAt change.inTheFuture']],
  ])('refuses %j at its field', async (parts, expected) => expect(places(await detected(parts))).toEqual(expected))
})
