import { randomUUID } from 'node:crypto'
import type { Client } from '@temporalio/client'
import type { Variables } from '#schema/json'
import { type Actor, systemActor } from '#schema/role'
import type { TicketStatus } from '#schema/ticket'
import type { Command, InstanceInput, UpdateName, Updates } from '../../workflows/protocol.ts'
import { startIntake } from '../intake-starter.ts'
import type { Db } from '../store/database.ts'
import { openTicket } from '../store/ticket/intake.ts'
import { addMessage } from '../store/message/messages.ts'
import type { Cast } from './replay-cast.ts'
import type { Move, ReplayTicket } from './replay-plan.ts'

/** The replay's time: instance time = startAt + (real - originReal) * rate. */
export type ReplayClock = NonNullable<InstanceInput['clock']>
export const instanceTime = (clock: ReplayClock, real = Date.now()): number =>
  Math.round(clock.startAt + (real - clock.originReal) * clock.rate)

export interface Stage {
  db: Db
  client: Client
  cast: Cast
  clock: ReplayClock
  /** Told of every action that was accepted, and of every move that could not be made. */
  onAction: () => void
  onFailure: (reference: string, move: Move['to'], reason: string) => void
}

/** Rounds of looking and acting that one move may take. A reply, for one, is two: from waiting to work, from work to resolved. */
const maxRounds = 200
/** Real ms between two looks while the process is on its way. */
const lookMs = 150

interface Scene {
  status: TicketStatus
  groupId: string | null
  tasks: { waitId: string; formId: string | null; assigneeId: string | null }[]
}

/** Opens one ticket of the log as a live one and does to it what was done in the source, at the same pace. Returns its id. */
export async function replayTicket(stage: Stage, ticket: ReplayTicket): Promise<string> {
  await until(stage.clock, ticket.openedAt)
  const requester = stage.cast.requesterFor(ticket.sourceCaller)
  const at = instanceTime(stage.clock)
  const opened = await openTicket(stage.db, {
    kind: 'incident',
    channel: 'phone',
    openedById: systemActor.id,
    at,
    clock: stage.clock,
    fields: { ...ticket.fields, category: stage.cast.categoryFor(ticket.fields.category ?? ''), requesterId: requester.id },
    extra: { replayOf: ticket.reference },
    interaction: {
      channel: 'phone',
      personId: requester.id,
      subject: ticket.fields.title,
      body: ticket.fields.description ?? '',
      receivedAt: at,
    },
  })
  const intake = await stage.db.selectFrom('intake').select('input').where('ticketId', '=', opened.ticketId).executeTakeFirstOrThrow()
  await startIntake(stage.db, stage.client, opened.ticketId, intake.input as unknown as InstanceInput)
  stage.onAction()
  const player = new Player(stage, ticket, opened.ticketId, requester)
  for (const move of ticket.moves) {
    await until(stage.clock, move.at)
    await player.make(move)
  }
  return opened.ticketId
}

export async function until(clock: ReplayClock, at: number): Promise<void> {
  const waitMs = (at - instanceTime(clock)) / clock.rate
  if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs))
}

class Player {
  readonly #stage: Stage
  readonly #ticket: ReplayTicket
  readonly #ticketId: string
  readonly #requester: Actor
  #commands = 0

  constructor(stage: Stage, ticket: ReplayTicket, ticketId: string, requester: Actor) {
    this.#stage = stage
    this.#ticket = ticket
    this.#ticketId = ticketId
    this.#requester = requester
  }

  /** Looks, acts and looks again until the ticket is where the move wants it. What cannot be done is told, not thrown: the others go on. */
  async make(move: Move): Promise<void> {
    let reason = 'the process did not come to a step where it could be done'
    for (let round = 0; round < maxRounds; round += 1) {
      try {
        if (await this.#step(move)) return
      } catch (error) {
        // Refused because the ticket has moved on meanwhile (an escalation, a timer): look again.
        reason = error instanceof Error ? (error.cause instanceof Error ? error.cause.message : error.message) : String(error)
      }
      await new Promise((resolve) => setTimeout(resolve, lookMs))
    }
    this.#stage.onFailure(this.#ticket.reference, move.to, reason)
  }

  /** One action towards the move; true when it is made, or when the ticket is past it. */
  async #step(move: Move): Promise<boolean> {
    const scene = await this.#look()
    if (scene.status === 'closed' || scene.status === 'canceled') return true
    const isWorkedOn = scene.tasks.length > 0
    switch (move.to) {
      case 'confirmed':
        return scene.status === 'resolved' && (await this.#say('requesterConfirmed'))
      case 'resolved':
        if (scene.status === 'resolved') return true
        return isWorkedOn ? this.#complete(scene, 'resolve') : this.#reply(scene)
      case 'pending':
        if (scene.status === 'pending') return true
        return isWorkedOn ? this.#complete(scene, 'needInformation') : this.#reopen(scene)
      case 'inProgress':
        if (scene.tasks.some((task) => task.formId === 'incident-resolve')) return true
        if (isWorkedOn) return this.#complete(scene, 'diagnose')
        return (await this.#reply(scene)) || (await this.#reopen(scene))
      case 'reassigned': {
        const groupId = this.#stage.cast.groupFor(move.sourceGroup ?? '')
        if (groupId === scene.groupId || scene.status === 'resolved') return true
        if (isWorkedOn) return this.#complete(scene, 'reassign', { groupId })
        return scene.status === 'pending' && (await this.#update('changeTicket', this.#agent(scene), { fields: { groupId } }))
      }
    }
  }

  async #look(): Promise<Scene> {
    const ticket = await this.#stage.db
      .selectFrom('ticket')
      .select(['status', 'groupId'])
      .where('id', '=', this.#ticketId)
      .executeTakeFirstOrThrow()
    const tasks = await this.#stage.db
      .selectFrom('task')
      .select(['waitId', 'formId', 'assigneeId'])
      .where('ticketId', '=', this.#ticketId)
      .where('state', '=', 'open')
      .execute()
    return { status: ticket.status as TicketStatus, groupId: ticket.groupId, tasks }
  }

  #agent(scene: Scene): Actor {
    return this.#stage.cast.agentFor(scene.groupId, this.#ticket.reference)
  }

  /** Claims the open task and completes it with `outcome`. */
  async #complete(scene: Scene, outcome: 'diagnose' | 'resolve' | 'needInformation' | 'reassign', more: Variables = {}): Promise<boolean> {
    const task = scene.tasks[0]
    if (task === undefined) return false
    const agent = this.#agent(scene)
    if (task.assigneeId !== agent.id) await this.#update('assignTask', agent, { waitId: task.waitId, assigneeId: agent.id })
    const isTriage = task.formId === 'incident-triage'
    const { impact, urgency, category } = this.#ticket.fields
    const values: Variables = {
      ...(isTriage
        ? { impact: impact ?? 3, urgency: urgency ?? 3, category: this.#stage.cast.categoryFor(category ?? ''), triageOutcome: outcome }
        : { diagnosis: `As in ${this.#ticket.reference}`, resolveOutcome: outcome }),
      ...(outcome === 'resolve' && { resolutionCode: 'fixed', resolution: `Solved as ${this.#ticket.reference} was.` }),
      ...(outcome === 'needInformation' && {
        question: 'Since when, and what does the message say?',
        pendingReason: 'Waiting for the requester',
      }),
      ...more,
    }
    return this.#update('completeTask', agent, { waitId: task.waitId, variables: values })
  }

  /** The requester answers a question. False: the process does not wait for an answer yet. */
  async #reply(scene: Scene): Promise<boolean> {
    if (scene.status !== 'pending' || !(await this.#isAwaited('requesterReplied'))) return false
    const text = 'Since this morning; here is what it says.'
    const message = { visibility: 'public', direction: 'in', channel: 'portal' } as const
    const id = randomUUID()
    const { sha256 } = await addMessage(this.#stage.db, {
      ...message,
      id,
      ticketId: this.#ticketId,
      at: instanceTime(this.#stage.clock),
      authorId: this.#requester.id,
      text,
      isRecorded: true,
    })
    await this.#update('addMessage', this.#requester, { ...message, messageId: id, sha256 })
    // The ticket goes on from here: the move itself is for the next look.
    return false
  }

  async #reopen(scene: Scene): Promise<boolean> {
    if (scene.status === 'resolved') await this.#say('requesterReopened', { reopenReason: 'It happened again.' })
    return false
  }

  async #say(name: string, variables: Variables = {}): Promise<boolean> {
    return (await this.#isAwaited(name)) && (await this.#update('publishMessage', this.#requester, { name, variables }))
  }

  /** Is a subscription to the message open in the ticket's stream? */
  async #isAwaited(name: string): Promise<boolean> {
    const rows = await this.#stage.db
      .selectFrom('fact')
      .select(['type', 'body'])
      .where('streamId', '=', this.#ticketId)
      .where('type', 'in', ['subscriptionOpened', 'subscriptionClosed'])
      .orderBy('sequence')
      .execute()
    const open = new Set<string>()
    for (const { type, body } of rows) {
      const fact = body as { waitId: string; name?: string }
      if (type === 'subscriptionClosed') open.delete(fact.waitId)
      else if (fact.name === name) open.add(fact.waitId)
    }
    return open.size > 0
  }

  async #update<N extends UpdateName>(name: N, actor: Actor, payload: Updates[N]): Promise<true> {
    this.#commands += 1
    const command: Command<Updates[N]> = { actor, key: `replay-${this.#commands}-${name}`, payload }
    await this.#stage.client.workflow.getHandle(this.#ticketId).executeUpdate(name, { args: [command], updateId: command.key })
    this.#stage.onAction()
    return true
  }
}
