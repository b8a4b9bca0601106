import {
  allHandlersFinished,
  CancellationScope,
  condition,
  continueAsNew,
  defineQuery,
  defineSignal,
  defineUpdate,
  patched,
  setHandler,
  sleep,
  workflowInfo,
} from '@temporalio/workflow'
import type { Bundle } from '#domain/bundle'
import { systemActor } from '#schema/role'
import type { Input } from '#engine/contract'
import {
  type CatchUp,
  type Command,
  catchUpSignal,
  type Delivery,
  deliverSignal,
  type InstanceInput,
  type InstanceSnapshot,
  type InstanceState,
  snapshotQuery,
  stateQuery,
  type UpdateName,
  type UpdateResult,
  type Updates,
  updateNames,
} from '../protocol.ts'
import { validateCommand } from './commands.ts'
import { type CarriedInstance, Instance } from './instance.ts'
import { InstanceClock } from './instance-clock.ts'
import { type JobOutcome, Jobs } from './jobs.ts'
import { NextDue } from './next-due.ts'
import { claim } from './payload.ts'
import { Persistence } from './persistence.ts'
import { RecentCommands } from './recent-commands.ts'
import { type Pending, type RecordedCommand, Stimuli, type Told } from './stimuli.ts'

const endInQuietTask = 'end-in-a-quiet-task'

/** What a run hands to the next. */
interface Carried {
  instance: CarriedInstance
  recent: [string, UpdateResult][]
}

/**
 * The workflow of one ticket: the durable shell around engine and desk. Its id is the ticket's.
 * `bundle` is what `input.bundleHash` names; it arrives by claim check, so that the history holds the hash only.
 */
export async function processInstance(input: InstanceInput, bundle: Bundle): Promise<{ sequence: number }> {
  const shell = new Shell(input, bundle)
  shell.open()
  shell.listen()
  return CancellationScope.nonCancellable(() => shell.run())
}

class Shell {
  readonly #input: InstanceInput
  readonly #clock: InstanceClock
  readonly #instance: Instance
  readonly #stimuli: Stimuli
  readonly #persistence: Persistence
  readonly #jobs: Jobs
  readonly #nextDue: NextDue
  readonly #recent: RecentCommands<UpdateResult>
  /** Names the workflow task in which an update was last answered. */
  #answeredAt = -1
  /** A workflow task for the hand-over is asked for and not there yet. */
  #isNudging = false
  /** How often the story had to be told again. */
  #retold = 0

  constructor(input: InstanceInput, bundle: Bundle) {
    const carried = input.carried as Carried | undefined
    this.#input = input
    this.#clock = new InstanceClock(input.clock)
    this.#instance = new Instance(bundle, input, carried?.instance)
    this.#recent = new RecentCommands(carried?.recent)
    this.#stimuli = new Stimuli(this.#instance, input)
    this.#persistence = new Persistence(
      this.#stimuli,
      (batch) => this.#stored(batch),
      (answered) => this.#answeredBefore(answered),
    )
    this.#jobs = new Jobs(input.ticketId, (outcome) => this.#jobEnded(outcome))
    this.#nextDue = new NextDue(this.#clock, () => this.#wake())
  }

  get #now(): number {
    return this.#clock.at(Date.now())
  }

  open(): void {
    if (this.#input.carried === undefined) {
      this.#stimuli.put({ kind: 'open', at: this.#now })
      this.#settleSoon()
    } else {
      this.#nextDue.arm(this.#instance.nextDueAt)
    }
  }

  listen(): void {
    for (const name of updateNames) this.#listenTo(name)
    setHandler(defineQuery<InstanceSnapshot>(snapshotQuery), () => this.#instance.snapshot())
    setHandler(defineQuery<InstanceState>(stateQuery), () => ({ engine: this.#instance.engine, ...this.#instance.version }))
    setHandler(defineSignal<[Delivery]>(deliverSignal), (delivery) => this.#deliver(delivery))
    setHandler(defineSignal<[CatchUp]>(catchUpSignal), ({ sequence }) => {
      if (!this.#instance.isEnded && sequence > this.#instance.sequence) void this.#persistence.catchUp()
    })
    // Somebody cancels the workflow itself, past the desk: the process is canceled as drawn, and its end is recorded.
    CancellationScope.current().cancelRequested.catch(() => {
      this.#hear({ type: 'cancel', at: this.#now, reason: 'the workflow was canceled' })
      this.#settleSoon()
    })
  }

  /** Until the process has ended and all is stored; then the workflow ends, or a fresh run takes over the state. */
  async run(): Promise<{ sequence: number }> {
    for (;;) {
      await condition(() => this.#isQuiet && (this.#instance.isEnded || this.#shouldContinue) && (this.#mayLeave || !this.#isNudging))
      // Histories from before the patch end in whatever task it was.
      const isLast = this.#instance.isEnded && (this.#mayLeave || !patched(endInQuietTask))
      if (isLast) return { sequence: this.#instance.sequence }
      if (this.#mayLeave) await this.#continueAsNew()
      this.#nudge()
    }
  }

  /**
   * An answer beside a continue-as-new can be lost, and one beside the end is refused when something else is reported at the same moment
   * (the server fails that workflow task, and the update with it). It reaches its caller first; a later workflow task hands over or ends.
   */
  get #mayLeave(): boolean {
    return this.#answeredAt !== workflowInfo().historyLength
  }

  /**
   * Asks for a workflow task in which nothing is answered. Nobody waits for it: the server may take a second over the shortest timer,
   * and any quiet task meanwhile serves as well.
   */
  #nudge(): void {
    this.#isNudging = true
    void sleep(1).then(() => {
      this.#isNudging = false
    })
  }

  #listenTo<N extends UpdateName>(name: N): void {
    setHandler(
      defineUpdate<UpdateResult, [Command<Updates[N]>, Bundle | undefined]>(name),
      (command, bundle) => this.#recent.once(command.key, () => this.#execute(name, command, bundle)),
      {
        validator: (command, bundle) => {
          if (!this.#recent.has(command.key)) validateCommand(this.#instance, name, command, this.#now, bundle)
        },
      },
    )
  }

  /** @throws at once the refusal of a command that the state has moved past since it was validated */
  #execute<N extends UpdateName>(name: N, command: Command<Updates[N]>, bundle?: Bundle): Promise<UpdateResult> {
    const pending = this.#stimuli.put({ kind: 'command', name, command, at: this.#now }, bundle)
    return this.#answer(command.key, pending, this.#retold, this.#result())
  }

  async #answer(key: string, pending: Pending, told: number, before: UpdateResult): Promise<UpdateResult> {
    try {
      await this.#persistence.settle()
      this.#answeredAt = workflowInfo().historyLength
      if (pending.refusal !== null) throw pending.refusal
      const result = told === this.#retold ? before : this.#result()
      this.#recent.remember(key, result)
      return result
    } catch (refusal) {
      this.#recent.forget(key)
      throw refusal
    }
  }

  #result(): UpdateResult {
    const { sequence, openTasks, isEnded } = this.#instance
    return { sequence, openTasks, isEnded }
  }

  #hear(input: Input): void {
    this.#stimuli.put({ kind: 'input', input, actorId: systemActor.id })
  }

  /** Commands that a lost workflow task had recorded: who repeats one gets the state as its answer, and nothing happens twice. */
  #answeredBefore(answered: readonly RecordedCommand[]): void {
    this.#retold += 1
    for (const { command } of answered) this.#recent.remember(command.key, this.#result())
  }

  #deliver(delivery: Delivery): void {
    const at = this.#now
    if (delivery.type === 'signal') {
      this.#hear({ type: 'signal', at, name: delivery.name, variables: delivery.variables })
    } else {
      const { correlationKey, ...message } = delivery
      this.#hear({ ...message, at, ...(correlationKey === null ? {} : { correlationKey }) })
    }
    this.#settleSoon()
  }

  #jobEnded(outcome: JobOutcome): void {
    this.#hear({ ...outcome, at: this.#now })
    this.#settleSoon()
  }

  #wake(): void {
    this.#stimuli.put({ kind: 'wake', at: this.#now })
    this.#settleSoon()
    this.#nextDue.arm(this.#instance.nextDueAt)
  }

  #settleSoon(): void {
    void this.#persistence.settle()
  }

  /** Facts first, effects after: what the world is asked to do has always been recorded. */
  #stored(batch: Told): void {
    for (const effect of batch.effects) {
      if (effect.type === 'runJob') this.#jobs.start(effect)
      else if (effect.type === 'cancelJob') this.#jobs.cancel(effect.waitId)
      else this.#jobs.publish(effect)
    }
    if (this.#instance.isEnded) this.#nextDue.disarm()
    else this.#nextDue.arm(this.#instance.nextDueAt)
  }

  get #isQuiet(): boolean {
    return this.#persistence.isIdle && this.#jobs.isIdle && allHandlersFinished()
  }

  /** Not while something is due: its timer is about to be heard in this very workflow task, and would be left to the next run again and again. */
  get #shouldContinue(): boolean {
    const { continueAsNewSuggested, historyLength } = workflowInfo()
    const { nextDueAt } = this.#instance
    if (nextDueAt !== null && nextDueAt <= this.#now) return false
    return continueAsNewSuggested || historyLength >= (this.#input.continueAfterEvents ?? Number.POSITIVE_INFINITY)
  }

  async #continueAsNew(): Promise<never> {
    const carried: Carried = { instance: this.#instance.carry(), recent: this.#recent.entries() }
    const input: InstanceInput = { ...this.#input, ...this.#instance.version, sequence: this.#instance.sequence, carried }
    return await continueAsNew<(input: InstanceInput, bundle: unknown) => Promise<{ sequence: number }>>(input, claim(input.bundleHash))
  }
}
