/** A desk for requests of the catalogue: the demonstration's people and rights, and the words that the scenarios use. */
import { randomUUID } from 'node:crypto'
import type { Variables } from '#schema/json'
import type { Actor } from '#schema/role'
import { startWaitingIntakes } from '../../activities/intake-starter.ts'
import { correlateOnce } from '../../activities/correlator.ts'
import { getItem } from '../../activities/store/request/catalogue.ts'
import { submitOrder } from '../../activities/store/request/orders.ts'
import { actorOf, getPerson } from '../../activities/store/record/people.ts'
import { seedAccess } from '../../activities/store/access/seed-access.ts'
import { seedPeople } from '../../activities/store/seed.ts'
import { createDesk, type Desk, openTask, until } from './desk.ts'
import { startQuickly } from './quick.ts'

interface Asking {
  requesterId?: string
  orderedById?: string
  answers?: Variables
  quantity?: number
  /** Its time passes quickly: a day takes so long. */
  dayTakesMs?: number
}

export interface RequestDesk extends Desk {
  /** Orders one item and starts its request. @returns the ticket's id */
  ask(itemId: string, who: Asking): Promise<string>
  person(id: string): Promise<Actor>
  /** Completes the open task at an element in somebody's name. */
  complete(ticketId: string, elementId: string, personId: string, variables?: Variables): Promise<void>
  ticket(ticketId: string): Promise<{ number: string; status: string; resolutionCode: string | null; requesterId: string; title: string }>
  variables(ticketId: string): Promise<Variables>
  isStage(ticketId: string, stage: string): Promise<void>
  /** The templates of the mails about a ticket, in order. */
  mails(ticketId: string): Promise<string[]>
}

export async function requestDesk(): Promise<RequestDesk> {
  const desk = await createDesk()
  await seedPeople(desk.db)
  await seedAccess(desk.db)
  await desk.startWorker()
  let isClosed = false
  const rounds = (async () => {
    while (!isClosed) {
      await correlateOnce(desk.db, desk.client).catch(() => undefined)
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  })()
  const person = async (id: string): Promise<Actor> => {
    const found = await getPerson(desk.db, id)
    if (!found) throw new Error(`expected a person ${id}, found nobody`)
    return actorOf(found)
  }
  const variables = async (ticketId: string): Promise<Variables> =>
    (await desk.db.selectFrom('instance').select('variables').where('ticketId', '=', ticketId).executeTakeFirstOrThrow())
      .variables as Variables
  return {
    ...desk,
    person,
    variables,
    async ask(itemId, { requesterId = 'camille', orderedById = requesterId, answers = {}, quantity = 1, dayTakesMs }) {
      const item = await getItem(desk.db, itemId)
      if (!item) throw new Error(`expected an item ${itemId}, found none`)
      const orderId = randomUUID()
      const lines = [{ item, quantity, answers }]
      const order = async () => {
        await submitOrder(desk.db, { orderId, orderedById, requesterId, locale: 'en', notes: 'Third floor', lines })
        const line = desk.db.selectFrom('catalogueOrderLine').select('ticketId').where('orderId', '=', orderId)
        return (await line.executeTakeFirstOrThrow()).ticketId
      }
      if (dayTakesMs !== undefined) return startQuickly(desk, dayTakesMs, order)
      const ticketId = await order()
      await startWaitingIntakes(desk.db, desk.client)
      return ticketId
    },
    async complete(ticketId, elementId, personId, values = {}) {
      const first = await openTask(desk, ticketId, elementId)
      const own = await desk.db
        .selectFrom('task')
        .select('waitId')
        .where('ticketId', '=', ticketId)
        .where('elementId', '=', elementId)
        .where('state', '=', 'open')
        .where('assigneeId', '=', personId)
        .executeTakeFirst()
      const waitId = own?.waitId ?? first
      const actor = await person(personId)
      await desk.update(ticketId, 'completeTask', { waitId, variables: values }, actor)
    },
    ticket: (ticketId) =>
      desk.db
        .selectFrom('ticket')
        .select(['number', 'status', 'resolutionCode', 'requesterId', 'title'])
        .where('id', '=', ticketId)
        .executeTakeFirstOrThrow(),
    isStage: async (ticketId, stage) => {
      await until(`the request to be ${stage}`, async () => (await variables(ticketId)).stage === stage).catch(async (error: Error) => {
        const { stage: found } = await variables(ticketId)
        const { stalls, active } = await desk.snapshot(ticketId).catch(() => ({ stalls: [], active: [] }))
        throw new Error(
          `${error.message}, found ${String(found)} at ${active.map(({ elementId }) => elementId).join(', ')}; stalls: ${JSON.stringify(stalls)}`,
        )
      })
    },
    mails: async (ticketId) =>
      (await desk.db.selectFrom('mailOut').select('template').where('ticketId', '=', ticketId).orderBy('createdAt').execute()).map(
        ({ template }) => template,
      ),
    async close() {
      isClosed = true
      await rounds
      await desk.close()
    },
  }
}

/** The ticket that takes a right from this person, once it is there. */
export const removalFor = (desk: Pick<Desk, 'db'>, personId: string) =>
  until('the removal', async () => {
    const row = await desk.db
      .selectFrom('ticket')
      .innerJoin('instance', 'instance.ticketId', 'ticket.id')
      .select('id')
      .where('processId', '=', 'access-removal')
      .where('requesterId', '=', personId)
      .executeTakeFirst()
    return row?.id
  })
