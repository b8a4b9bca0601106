import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { addDays, addMonths } from '#schema/calendar-date'
import { nouns } from '#schema/nouns'
import { startWaitingIntakes } from '../../activities/intake-starter.ts'
import { type Installation, type Licence, readInstallation, readLicence } from '../../activities/store/record/licences.ts'
import { archiveRecord, saveRecord } from '../../activities/store/record/records.ts'
import { ticketsAbout } from '../../activities/store/ticket/asked-tickets.ts'
import { askHolders } from '../../activities/tasks/licence-questions.ts'
import { startProcess } from '../../activities/store/ticket/instances.ts'
import { administrator, agent, createDesk, type Desk, openTask, requester, story, until } from './desk.ts'
import { startQuickly } from './quick.ts'

let desk: Desk
const today = new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/Paris' }).format(Date.now())

async function save(noun: 'licence' | 'installation', id: string | null, values: Record<string, unknown>): Promise<string> {
  const saved = await saveRecord(desk.db, nouns[noun], { id, version: null, values }, 'admin')
  if (!saved.ok) throw new Error(`expected a ${noun}, found ${JSON.stringify(saved)}`)
  return saved.record.id
}

const licence = (name: string, change: Partial<Licence>): Promise<string> =>
  save('licence', null, {
    name,
    supplierId: null,
    metric: 'user',
    seats: 5,
    startsOn: addDays(today, -340),
    endsOn: null,
    renewalMonths: 12,
    renewalLeadDays: 60,
    reclaimAfterDays: null,
    reclaimGraceDays: 10,
    annualCost: 1_000,
    ownerId: agent.id,
    decision: 'none',
    decidedSeats: null,
    status: 'active',
    notes: null,
    ...change,
  })
const seat = (licenceId: string, personId: string, change: Partial<Installation> = {}): Promise<string> =>
  save('installation', null, {
    licenceId,
    personId,
    ciId: null,
    installedOn: addDays(today, -300),
    lastUsedOn: today,
    status: 'active',
    reviewedOn: null,
    keepReason: null,
    ...change,
  })

const licenceOf = async (id: string): Promise<Licence> => (await readLicence(desk.db, id))?.licence as Licence
const seatOf = async (id: string): Promise<Installation> => (await readInstallation(desk.db, id))?.values as Installation
const changeLicence = async (id: string, change: Partial<Licence>): Promise<string> =>
  save('licence', id, { ...(await licenceOf(id)), ...change })

/** The ticket that a licence opened by itself; every instance that was ordered is started meanwhile. */
const ticketOf = (processId: string, licenceId: string, accept: (variables: Record<string, unknown>) => boolean = () => true) =>
  until(`a ticket on ${processId}`, async () => {
    await startWaitingIntakes(desk.db, desk.client)
    return (await ticketsAbout(desk.db, processId, 'licenceId', licenceId)).find(({ isOpen, variables }) => isOpen && accept(variables))
  })
const ticketRow = (id: string) =>
  desk.db
    .selectFrom('ticket')
    .select(['status', 'title', 'description', 'assigneeId', 'requesterId', 'resolution'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
const ended = (id: string, status: string) => until(`ticket ${status}`, async () => (await ticketRow(id)).status === status)
const mailsOf = async (ticketId: string) =>
  (await desk.db.selectFrom('mailOut').select(['template', 'recipient']).where('ticketId', '=', ticketId).execute()).map(
    ({ template, recipient }) => `${template} ${recipient.split('@')[0]}`,
  )
const complete = async (ticketId: string, elementId: string, variables: Record<string, string | number | boolean>, actor = agent) =>
  desk.update(ticketId, 'completeTask', { waitId: await openTask(desk, ticketId, elementId), variables }, actor)

beforeAll(async () => {
  desk = await createDesk()
  await desk.db.updateTable('person').set({ managerId: 'priya' }).where('id', '=', requester.id).execute()
  await desk.startWorker()
})
afterAll(() => desk.close())

describe('a licence near its end', () => {
  test('asks its owner, with a proposal from actual use in the form; what he decides holds for the next term', async () => {
    const endsOn = addDays(today, 25)
    const id = await licence('Atelier CAO', { endsOn })
    for (const person of [requester.id, agent.id]) await seat(id, person)
    await seat(id, 'priya', { lastUsedOn: addDays(today, -200) })
    const { ticketId, variables } = await ticketOf('licence-decision', id, ({ proposal }) => (proposal as { inUse: number }).inUse === 2)
    expect(variables).toMatchObject({ licenceDecision: 'reduce', decidedSeats: 2, proposal: { saving: 600 } })
    expect(await ticketRow(ticketId)).toMatchObject({ assigneeId: agent.id, title: 'Reconduire, réduire ou arrêter : Atelier CAO' })
    await complete(ticketId, 'decide', { licenceDecision: 'reduce', decidedSeats: 3, resolution: 'Un embauché en mars.' })
    await until('the decision in the register', async () => (await licenceOf(id)).decision === 'reduce')
    expect(await mailsOf(ticketId)).toEqual(['licence-decision alex'])
    // The term passes.
    await changeLicence(id, { endsOn: addDays(today, -1) })
    await until('the next term', async () => (await licenceOf(id)).seats === 3)
    expect(await licenceOf(id)).toMatchObject({
      startsOn: today,
      endsOn: addMonths(addDays(today, -1), 12),
      decision: 'none',
      decidedSeats: null,
    })
  })

  test('that nobody decides about is not renewed, and owner and managers are told', async () => {
    const id = await licence('Sans avis', { endsOn: addDays(today, -1) })
    await until('it to end', async () => {
      await startWaitingIntakes(desk.db, desk.client)
      return (await licenceOf(id)).status === 'ended'
    })
    const told = async () => desk.db.selectFrom('mailOut').select('recipient').where('template', '=', 'licence-ended').execute()
    await until('both to be told', async () => (await told()).length === 2)
    expect((await told()).map(({ recipient }) => recipient.split('@')[0]).sort()).toEqual(['admin', 'alex'])
  })

  test('is looked at again when its next date comes; a question that nobody answers closes with the term', async () => {
    const id = await licence('Au calendrier', { endsOn: addDays(today, 70) })
    const begin = { processId: 'licence-renewal', startElementId: 'registered', variables: { licenceId: id }, startedById: 'admin' }
    const instanceId = await startQuickly(desk, 500, async () => (await startProcess(desk.db, begin)).instanceId)
    await until(
      'its next date',
      async () => (await story(desk.db, instanceId)).some((line) => line.includes('elementCompleted nextDue')),
      20_000,
    )
    const fields = { title: 'Reconduire ?', description: '', requesterId: agent.id, assigneeId: agent.id }
    const extra = { licenceId: id, licenceName: 'Au calendrier', endText: '', proposalText: '', endsOn: addDays(today, 2) }
    const question = { kind: 'request' as const, processId: 'licence-decision', fields, extra: extra as never }
    const ticketId = await startQuickly(desk, 500, () => desk.open(question))
    await ended(ticketId, 'canceled')
    expect((await story(desk.db, ticketId)).some((line) => line.includes('elementCompleted termOver'))).toBe(true)
  })

  test('whose end is moved withdraws its question, and says why; another owner gets it in his hands', async () => {
    const id = await licence('Reprogrammée', { endsOn: addDays(today, 30) })
    await seat(id, agent.id)
    const { ticketId } = await ticketOf('licence-decision', id)
    await openTask(desk, ticketId, 'decide')
    await changeLicence(id, { ownerId: administrator.id })
    await until('the new owner to have it', async () => (await ticketRow(ticketId)).assigneeId === administrator.id)
    await until('him to be told', async () => (await mailsOf(ticketId)).includes('licence-decision admin'))
    await openTask(desk, ticketId, 'decide')
    await changeLicence(id, { endsOn: addDays(today, 200) })
    await until('why', async () => (await ticketRow(ticketId)).resolution?.includes('L’échéance est passée du'))
    await ended(ticketId, 'canceled')
    const facts = await desk.db.selectFrom('fact').select('body').where('streamId', '=', ticketId).execute()
    expect(facts.map(({ body }) => body)).toContainEqual(expect.objectContaining({ type: 'variableChanged', name: 'moveReason' }))
    // Back again: it is asked about again.
    await changeLicence(id, { endsOn: addDays(today, 30) })
    expect((await ticketOf('licence-decision', id)).ticketId).not.toBe(ticketId)
  })
})

describe('a seat that nobody uses', () => {
  const idle = { lastUsedOn: addDays(today, -100) }

  test('is asked about: kept with a reason, or given back, by hand of the desk, and told', async () => {
    const id = await licence('Dessin vectoriel', { reclaimAfterDays: 60, seats: 2 })
    const [given, kept] = [await seat(id, requester.id, idle), await seat(id, agent.id, idle)]
    const no = await ticketOf('licence-reclaim', id, ({ installationId }) => installationId === given)
    const yes = await ticketOf('licence-reclaim', id, ({ installationId }) => installationId === kept)
    expect((await seatOf(given)).status).toBe('reclaimRequested')
    expect(await ticketRow(no.ticketId)).toMatchObject({ requesterId: requester.id, title: 'Encore utile ? Dessin vectoriel' })
    await expect(complete(yes.ticketId, 'answer', { isStillNeeded: 'yes', keepReason: 'Rapport annuel' }, requester)).rejects.toThrow()
    await complete(yes.ticketId, 'answer', { isStillNeeded: 'yes', keepReason: 'Rapport annuel en mars' })
    await ended(yes.ticketId, 'closed')
    expect(await seatOf(kept)).toMatchObject({ status: 'kept', keepReason: 'Rapport annuel en mars', reviewedOn: today })
    await complete(no.ticketId, 'answer', { isStillNeeded: 'no' }, requester)
    await complete(no.ticketId, 'withdraw', { isWithdrawn: true })
    await ended(no.ticketId, 'closed')
    expect((await seatOf(given)).status).toBe('removed')
    expect((await mailsOf(no.ticketId)).sort()).toEqual([
      'licence-reclaimed camille',
      'licence-reclaimed priya',
      'licence-still-needed camille',
    ])
  })

  test('whose holder does not answer is reminded, then the seat is taken back', async () => {
    // Asked nine days ago, with six days to answer: reminder and end of patience are both over.
    const id = await licence('Silence', { reclaimGraceDays: 6 })
    const idleSeat = await seat(id, requester.id, idle)
    const known = { id, licence: { ...(await licenceOf(id)), reclaimAfterDays: 60 }, isArchived: false }
    await askHolders(desk.db, known, { today: addDays(today, -9), key: 'silence', publicUrl: 'http://localhost' })
    const { ticketId } = await ticketOf('licence-reclaim', id)
    await complete(ticketId, 'withdraw', { isWithdrawn: true })
    await ended(ticketId, 'closed')
    expect((await seatOf(idleSeat)).status).toBe('removed')
    expect((await mailsOf(ticketId)).filter((mail) => mail === 'licence-still-needed camille')).toHaveLength(2)
  })

  test('that is used again, or removed by hand, is no longer asked about', async () => {
    const id = await licence('Revenante', { reclaimAfterDays: 60 })
    const [used, removed] = [await seat(id, requester.id, idle), await seat(id, agent.id, idle)]
    const again = await ticketOf('licence-reclaim', id, ({ installationId }) => installationId === used)
    const gone = await ticketOf('licence-reclaim', id, ({ installationId }) => installationId === removed)
    await openTask(desk, again.ticketId, 'answer')
    await save('installation', used, { ...(await seatOf(used)), lastUsedOn: today })
    await ended(again.ticketId, 'canceled')
    await until('it to be in use', async () => (await seatOf(used)).status === 'active')
    await complete(gone.ticketId, 'answer', { isStillNeeded: 'no' })
    await openTask(desk, gone.ticketId, 'withdraw')
    await save('installation', removed, { ...(await seatOf(removed)), status: 'removed' })
    await until('why', async () => (await ticketRow(gone.ticketId)).resolution === 'La licence a déjà été retirée.')
    await ended(gone.ticketId, 'canceled')
  })
})

describe('a licence used beyond what was bought', () => {
  test('opens a ticket once, which closes by itself when use is back within', async () => {
    const id = await licence('Trop d’usagers', { seats: 1 })
    const seats = [await seat(id, requester.id), await seat(id, agent.id)]
    const { ticketId, variables } = await ticketOf('licence-overuse', id)
    expect(variables).toMatchObject({ seats: 1, used: 2, excess: 1 })
    await openTask(desk, ticketId, 'settle')
    await save('installation', seats[1] ?? '', { ...(await seatOf(seats[1] ?? '')), status: 'removed' })
    await until('why', async () => (await ticketRow(ticketId)).resolution === 'L’usage est revenu dans les droits acquis.')
    await ended(ticketId, 'closed')
    expect(await ticketsAbout(desk.db, 'licence-overuse', 'licenceId', id)).toHaveLength(1)
  })

  test('is put right by a purchase, which the register then knows', async () => {
    const id = await licence('À acheter', { seats: 1 })
    for (const person of [requester.id, agent.id]) await seat(id, person)
    const { ticketId } = await ticketOf('licence-overuse', id)
    await complete(ticketId, 'settle', { overuseOutcome: 'buy', newSeats: 4, resolution: 'Commande 4471' })
    await until('the seats', async () => (await licenceOf(id)).seats === 4)
    await ended(ticketId, 'closed')
  })

  test('is left as it is, with the reason why', async () => {
    const id = await licence('Tolérée', { seats: 1 })
    for (const person of [requester.id, agent.id]) await seat(id, person)
    const { ticketId } = await ticketOf('licence-overuse', id)
    await complete(ticketId, 'settle', { overuseOutcome: 'accept', resolution: 'Un départ la semaine prochaine.' })
    await ended(ticketId, 'closed')
    expect(await licenceOf(id)).toMatchObject({ seats: 1 })
  })

  test('is left alone once archived', async () => {
    const id = await licence('Archivée', { seats: 1 })
    for (const person of [requester.id, agent.id]) await seat(id, person)
    const { ticketId } = await ticketOf('licence-overuse', id)
    await openTask(desk, ticketId, 'settle')
    await archiveRecord(desk.db, nouns.licence, { id, version: null, isArchived: true }, 'admin')
    await ended(ticketId, 'closed')
  })
})
