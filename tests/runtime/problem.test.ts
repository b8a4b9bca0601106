/** Problem management in ITIL words, on the real server: incidents recur, a problem is proposed, known, worked around, changed away, reviewed. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { verifyLedger } from '../../activities/store/ledger.ts'
import { until } from './desk.ts'
import { openTicket } from '../../activities/store/ticket/intake.ts'
import { type House, openHouse } from './house.ts'
import { startQuickly } from './quick.ts'

let house: House
beforeAll(async () => {
  house = await openHouse()
  const rule = {
    id: 'same-category',
    name: { fr: 'Même catégorie', en: 'Same category' },
    field: 'category',
    least: 3,
    days: 7,
    isActive: true,
  }
  expect((await house.by('priya')('/recurrence-rules', { body: rule })).status).toBe(200)
}, 120_000)
afterAll(() => house?.stop(), 60_000)

const incident = (title: string, category: string) =>
  house.open({
    kind: 'incident',
    fields: { title, description: 'La synchronisation échoue chaque matin.', requesterId: 'camille', category, impact: 2, urgency: 2 },
  })
const db = () => house.database.db
const ticketOf = (ticketId: string) => db().selectFrom('ticket').selectAll().where('id', '=', ticketId).executeTakeFirstOrThrow()
const reaches = (ticketId: string, status: string) =>
  until(`the ticket to be ${status}`, async () => (await ticketOf(ticketId)).status === status)
const openAt = (ticketId: string, elementId: string): Promise<string> =>
  until(`an open task at ${elementId}`, async () => {
    await house.turn()
    const row = await db()
      .selectFrom('task')
      .select('waitId')
      .where('ticketId', '=', ticketId)
      .where('elementId', '=', elementId)
      .where('state', '=', 'open')
      .executeTakeFirst()
    return row?.waitId
  })
const work = async (ticketId: string, elementId: string, values: Record<string, unknown>, who = 'lucie') => {
  const waitId = await openAt(ticketId, elementId)
  await house.by(who)(`/tickets/${ticketId}/tasks/${waitId}/claim`, { body: {} })
  const answer = await house.by(who)(`/tickets/${ticketId}/tasks/${waitId}/complete`, { body: { values } })
  expect([elementId, answer.status, answer.text]).toEqual([elementId, 200, expect.any(String)])
}
const categorized = { impact: 1, urgency: 2, category: 'application', groupId: 'applications', categorizeOutcome: 'investigate' }
const investigated = {
  symptoms: 'Synchronisation du CRM en échec à 8 h',
  rootCause: 'Certificat expiré',
  workaround: 'Relancer le service SyncCRM.',
  investigateOutcome: 'knownError',
}
const notesOf = async (ticketId: string): Promise<string[]> =>
  (
    await db()
      .selectFrom('message')
      .select('text')
      .where('ticketId', '=', ticketId)
      .where('visibility', '=', 'internal')
      .orderBy('at')
      .execute()
  ).map(({ text }) => text)
/** Ids of the incidents of the story, and of its problem. */
const story = { incidents: [] as string[], problem: '' }

describe('three incidents of a kind', () => {
  it('propose a problem; two do not', async () => {
    for (const title of ['CRM figé', 'CRM lent']) story.incidents.push((await incident(title, 'application')).ticketId)
    expect((await house.by('alex')('/problem-proposals', { body: {} })).json.made).toBe(0)
    story.incidents.push((await incident('CRM en erreur', 'application')).ticketId)
    expect((await house.by('alex')('/problem-proposals', { body: {} })).json.made).toBe(1)
    expect((await house.by('alex')('/problem-proposals', { body: {} })).json.made).toBe(0)
    const [proposal] = (await house.by('alex')('/problem-proposals')).json.items
    expect(proposal).toMatchObject({ value: 'application', count: 3, state: 'open', rule: { id: 'same-category', least: 3 } })
    const opened = await house.by('lucie')(`/problem-proposals/${proposal.id}/accept`, {
      body: { title: 'Synchronisation du CRM', description: 'Échoue chaque matin.' },
    })
    expect(opened.json.number).toMatch(/^PRB-/)
    expect((await house.by('lucie')(`/problem-proposals/${proposal.id}/dismiss`, { body: { reason: 'trop tard' } })).json.code).toBe(
      'proposalDecided',
    )
    story.problem = opened.json.ticketId
    await house.turn()
    const links = await db()
      .selectFrom('ticketLink')
      .select('fromId')
      .where('toId', '=', story.problem)
      .where('kind', '=', 'causedBy')
      .execute()
    expect(links.map(({ fromId }) => fromId).sort()).toEqual([...story.incidents].sort())
  })
  it('of another kind are left with a reason, and are not proposed again for the same incidents', async () => {
    for (const title of ['Bourrage', 'Toner', 'Écran noir']) await incident(title, 'printing')
    await house.by('alex')('/problem-proposals', { body: {} })
    const proposal = (await house.by('alex')('/problem-proposals')).json.items.find((one: { value: string }) => one.value === 'printing')
    expect((await house.by('alex')(`/problem-proposals/${proposal.id}/dismiss`, { body: { reason: '' } })).json).toMatchObject({
      status: 422,
      errors: [{ path: 'reason' }],
    })
    expect(
      (await house.by('alex')(`/problem-proposals/${proposal.id}/dismiss`, { body: { reason: 'Trois imprimantes différentes.' } })).status,
    ).toBeLessThan(205)
    await incident('Encore un bourrage', 'printing')
    expect((await house.by('alex')('/problem-proposals', { body: {} })).json.made).toBe(0)
  })
})

describe('the problem', () => {
  it('is categorised and its cause found; the known error is published and the incidents are told', async () => {
    await work(story.problem, 'categorize', categorized)
    expect(await ticketOf(story.problem)).toMatchObject({ priority: 2, groupId: 'applications' })
    await work(story.problem, 'investigate', { symptoms: 'Le matin', investigateOutcome: 'goOn' })
    await work(story.problem, 'investigateMore', investigated)
    await openAt(story.problem, 'decide')
    const [known] = (await house.by('alex')('/known-errors?q=synchronisation%20crm')).json.items
    expect(known).toMatchObject({ state: 'published', workaround: 'Relancer le service SyncCRM.', problem: { id: story.problem } })
    for (const ticketId of story.incidents)
      expect(await notesOf(ticketId)).toEqual([expect.stringContaining('Relancer le service SyncCRM.')])
  })
  it('helps with a fourth incident in one click: workaround, link, use counted once', async () => {
    const { ticketId } = await incident('La synchronisation du CRM échoue', 'application')
    await openAt(ticketId, 'triage')
    const [match] = (await house.by('alex')(`/tickets/${ticketId}/known-errors`)).json.items
    expect(match).toMatchObject({ reasons: expect.arrayContaining(['category', 'words']), isApplied: false })
    for (let n = 0; n < 2; n++)
      expect((await house.by('alex')(`/tickets/${ticketId}/known-errors/${match.id}`, { body: {} })).status).toBe(200)
    const view = (await house.by('alex')(`/tickets/${ticketId}`)).json
    expect(view.variables).toMatchObject({ workaround: 'Relancer le service SyncCRM.', knownErrorNumber: match.number })
    expect((await house.by('alex')(`/known-errors/${match.id}`)).json).toMatchObject({ uses: 1, usedIn: [{ id: ticketId }] })
    await house.turn()
    const link = await db()
      .selectFrom('ticketLink')
      .select('toId')
      .where('fromId', '=', ticketId)
      .where('kind', '=', 'causedBy')
      .executeTakeFirst()
    expect(link?.toId).toBe(story.problem)
    story.incidents.push(ticketId)
  })
  it('requests a change, is not fixed by it at first, then is; the incidents are told again, and it is reviewed', async () => {
    const change = { problemOutcome: 'change', changeTitle: 'Renouveler le certificat de SyncCRM', changeReason: 'Il expire chaque année.' }
    await work(story.problem, 'decide', change)
    const waitId = await openAt(story.problem, 'verify')
    expect(waitId).toBeTruthy()
    const { changeNumber } = (await house.by('lucie')(`/tickets/${story.problem}`)).json.variables
    expect(changeNumber).toMatch(/^CHG-/)
    await work(story.problem, 'verify', { isFixed: 'no' })
    await work(story.problem, 'decide', { problemOutcome: 'fixed', resolution: 'Certificat renouvelé à la main, alerte posée.' })
    await reaches(story.problem, 'resolved')
    await openAt(story.problem, 'review')
    await house.turn()
    for (const ticketId of story.incidents) expect((await notesOf(ticketId)).at(-1)).toContain('Certificat renouvelé à la main')
    await work(story.problem, 'review', { lessons: 'Surveiller les certificats.', articleFate: 'retire' })
    await reaches(story.problem, 'closed')
    expect((await house.by('alex')(`/known-errors/${story.problem}`)).json.state).toBe('retired')
    const { incidents } = (await house.by('alex')('/problem-figures')).json
    expect(incidents[0]).toMatchObject({ id: story.problem, incidents: 4 })
  })
})

describe('a problem that is lived with', () => {
  it('needs the managers to accept the risk; the one who raised it does not accept it himself', async () => {
    const raised = await house.by('helene')('/problems', {
      body: { title: 'Vieil automate', description: 'Il s’arrête parfois.', category: 'application' },
    })
    await house.turn()
    const id = raised.json.ticketId
    await work(id, 'categorize', categorized)
    await work(id, 'investigate', investigated)
    await work(id, 'decide', { problemOutcome: 'acceptRisk', approvalSummary: 'Un arrêt par an.', resolution: 'Risque accepté.' })
    const approval = await until('the risk to be put to somebody', () =>
      db().selectFrom('approval').selectAll().where('ticketId', '=', id).where('state', '=', 'pending').executeTakeFirst(),
    )
    expect(approval).toMatchObject({ subject: 'riskAcceptance', approverId: 'priya' })
    const rejected = await house.by('priya')(`/approvals/${id}/${approval.waitId}`, {
      body: { decision: 'rejected', comment: 'Pas sans plan.' },
    })
    expect(rejected.status).toBe(200)
    await work(id, 'decide', { problemOutcome: 'acceptRisk', approvalSummary: 'Plan joint.', resolution: 'Risque accepté avec un plan.' })
    const again = await until('the risk to be put again', () =>
      db().selectFrom('approval').selectAll().where('ticketId', '=', id).where('state', '=', 'pending').executeTakeFirst(),
    )
    await house.by('priya')(`/approvals/${id}/${again.waitId}`, { body: { decision: 'approved' } })
    await reaches(id, 'resolved')
  })
  it('that the change fixes is resolved by it', async () => {
    const raised = await house.by('helene')('/problems', { body: { title: 'Fuite de mémoire', category: 'application' } })
    await house.turn()
    const id = raised.json.ticketId
    await work(id, 'categorize', categorized)
    await work(id, 'investigate', investigated)
    await work(id, 'decide', { problemOutcome: 'change', changeTitle: 'Monter de version', changeReason: 'Corrigé en 4.2.' })
    await work(id, 'verify', { isFixed: 'yes', resolution: 'Version 4.2 en service.' })
    await reaches(id, 'resolved')
    expect((await ticketOf(id)).resolution).toBe('Version 4.2 en service.')
  })
  it('that nobody takes up: its group is warned, then the manager told', async () => {
    const fields = { title: 'Lenteurs du lundi', description: '', requesterId: 'helene', impact: 1 as const, urgency: 1 as const }
    const desk = { db: db(), client: house.client }
    const id = await startQuickly(desk, 2_000, async () => {
      const opened = await openTicket(db(), { kind: 'problem', channel: 'portal', openedById: 'helene', fields })
      return opened.ticketId
    })
    const told = async () =>
      (await db().selectFrom('mailOut').select('template').where('ticketId', '=', id).execute()).map(({ template }) => template)
    await until('both to be told', async () => {
      const mails = await told()
      return mails.includes('sla-warning') && mails.includes('sla-breach')
    })
  })
  it('that is none is dropped; one that was raised by mistake is withdrawn', async () => {
    const raised = await house.by('lucie')('/problems', { body: { title: 'Rien de commun', category: 'application' } })
    await house.turn()
    await work(raised.json.ticketId, 'categorize', { ...categorized, categorizeOutcome: 'noProblem', dropReason: 'Trois causes.' })
    await reaches(raised.json.ticketId, 'canceled')
    const mistaken = await house.by('lucie')('/problems', { body: { title: 'Doublon', category: 'application' } })
    await house.turn()
    await openAt(mistaken.json.ticketId, 'categorize')
    const cancel = await house.by('lucie')(`/tickets/${mistaken.json.number}/actions/cancel`, { body: { reason: 'Déjà connu' } })
    expect([cancel.status, cancel.text]).toEqual([200, expect.any(String)])
    await reaches(mistaken.json.ticketId, 'canceled')
  })
})

describe('a known error', () => {
  const content = {
    title: 'Écran bleu au réveil',
    symptoms: 'L’écran reste bleu après la mise en veille prolongée.',
    workaround: 'Tenir le bouton dix secondes.',
    category: 'hardware',
  }
  it('is written, edited in versions, published for customers, retired; a stale edit is refused', async () => {
    const alex = house.by('alex')
    const made = (await alex('/known-errors', { body: content })).json
    expect(made).toMatchObject({ number: expect.stringMatching(/^KE-/), state: 'draft', version: 1 })
    const edited = { content: { ...content, audience: 'customers' }, baseVersion: 1, note: 'Pour le portail' }
    expect((await alex(`/known-errors/${made.id}`, { method: 'PATCH', body: edited })).json).toMatchObject({
      version: 2,
      versions: [{ version: 2, note: 'Pour le portail' }, { version: 1 }],
    })
    expect((await alex(`/known-errors/${made.id}`, { method: 'PATCH', body: edited })).json).toMatchObject({
      status: 409,
      code: 'staleVersion',
    })
    expect((await house.by('camille')(`/known-errors/${made.id}`)).status).toBe(404)
    await alex(`/known-errors/${made.id}/state`, { body: { state: 'published' } })
    // without accents, another ending, and as a requester
    const found = (await house.by('camille')('/known-errors?q=ecrans%20prolongee')).json.items
    expect(found.map((one: { id: string }) => one.id)).toEqual([made.id])
    // the portal shows an agent what it shows a requester: no draft, nothing of the desk's own
    const own = (await alex('/known-errors', { body: { ...content, title: 'Interne', audience: 'internal' } })).json
    await alex(`/known-errors/${own.id}/state`, { body: { state: 'published' } })
    await alex('/known-errors', { body: { ...content, title: 'Brouillon', audience: 'customers' } })
    const ids = async (who: string, query: string) =>
      (await house.by(who)(`/known-errors?${query}`)).json.items.map((one: { id: string }) => one.id)
    expect(await ids('alex', 'isForRequesters=true')).toEqual(await ids('camille', ''))
    expect(await ids('alex', 'isForRequesters=true')).toContain(made.id)
    expect(await ids('alex', 'isForRequesters=true')).not.toContain(own.id)
    expect(await ids('alex', '')).toContain(own.id)
    expect((await alex(`/known-errors/${made.id}/state`, { body: { state: 'retired' } })).json.state).toBe('retired')
    expect((await house.by('camille')('/known-errors?q=ecran')).json.items).toEqual([])
  })
  it.each([
    ['without symptoms', { ...content, symptoms: '' }, 'symptoms'],
    ['with a review date that is none', { ...content, reviewOn: '2026-13-01' }, 'reviewOn'],
    ['of a problem that is none', { ...content, problemId: '00000000-0000-4000-8000-000000000000' }, 'problemId'],
  ])('%s is refused at its field', async (_, body, path) => {
    const answer = await house.by('alex')('/known-errors', { body })
    expect([answer.status, answer.json.errors[0].path]).toEqual([422, path])
  })
  it('rules that make no sense are refused at their field', async () => {
    const rule = { id: 'x-rule', name: { fr: 'x', en: 'x' }, field: 'category', least: 1, days: 0, isActive: true }
    expect((await house.by('priya')('/recurrence-rules', { body: rule })).json.errors.map(({ path }: { path: string }) => path)).toEqual([
      'least',
      'days',
    ])
  })
})

it('all of it is in the ledger, unbroken', async () => expect((await verifyLedger(db())).isIntact).toBe(true))
