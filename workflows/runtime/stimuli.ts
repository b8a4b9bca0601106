import type { Bundle } from '#domain/bundle'
import type { Input } from '#engine/contract'
import type { Command, InstanceInput, UpdateName, Updates } from '../protocol.ts'
import { carryOut } from './commands.ts'
import type { Batch, Checkpoint, Instance } from './instance.ts'

export type RecordedCommand = Extract<Stimulus, { kind: 'command' }>

/** One thing that moved an instance, as data: kept beside the facts it led to. */
export type Stimulus =
  | { kind: 'open'; at: number }
  | { kind: 'command'; name: UpdateName; command: Command<Updates[UpdateName]>; at: number }
  | { kind: 'input'; input: Input; actorId: string }
  | { kind: 'wake'; at: number }

/** A stimulus of this workflow task. `refusal`: what stood against it when the story had to be told again. */
export interface Pending {
  readonly stimulus: Stimulus
  readonly bundle: Bundle | undefined
  refusal: unknown
  isRetold: boolean
}

/** Facts on their way to the store, with what led to them and the state before. */
export interface Told extends Batch {
  pending: Pending[]
  before: Checkpoint
}

/**
 * Puts stimuli to the instance and remembers them until their facts are stored. A workflow task can be lost after its flush (the worker is
 * killed, the server too); what the next task hears may then come in another order. What is recorded stands: the state goes back to where the
 * recorded facts begin, hears the recorded stimuli at their recorded instants, then its own.
 */
export class Stimuli {
  readonly #instance: Instance
  readonly #input: InstanceInput
  #pending: Pending[] = []
  #before: Checkpoint

  constructor(instance: Instance, input: InstanceInput) {
    this.#instance = instance
    this.#input = input
    this.#before = instance.checkpoint()
  }

  get hasUnstored(): boolean {
    return this.#instance.hasUnstored
  }

  /** @throws the refusal of a command, which then has changed nothing */
  put(stimulus: Stimulus, bundle?: Bundle): Pending {
    this.#perform(stimulus, bundle)
    const pending: Pending = { stimulus, bundle, refusal: null, isRetold: false }
    this.#pending.push(pending)
    return pending
  }

  /** What is to be stored next; null when there is nothing. `isProbe`: then an empty batch, to hear whether the store knows more. */
  take(isProbe = false): Told | null {
    const batch = this.#instance.take() ?? (isProbe ? this.#instance.probe() : null)
    if (batch === null) return null
    const told: Told = { ...batch, pending: this.#pending, before: this.#before }
    told.flush.stimuli = told.pending.filter(({ isRetold }) => !isRetold).map(({ stimulus }) => stimulus)
    this.#pending = []
    this.#before = this.#instance.checkpoint()
    return told
  }

  /** Hashes of the bundles that it takes to tell `recorded` again. */
  bundlesIn(recorded: readonly Stimulus[]): string[] {
    return recorded.flatMap((stimulus) =>
      stimulus.kind === 'command' && (stimulus.name === 'migrateInstance' || stimulus.name === 'changePolicies')
        ? [(stimulus.command as Command<Updates['migrateInstance' | 'changePolicies']>).payload.toHash]
        : [],
    )
  }

  /** Tells the story again, the recorded part first. Returns the recorded commands, which are answered by now. */
  retell(told: Told, recorded: readonly Stimulus[], bundles: ReadonlyMap<string, Bundle>): RecordedCommand[] {
    const own = [...told.pending, ...this.#pending]
    this.#instance.restore(told.before)
    this.#before = told.before
    this.#pending = []
    for (const stimulus of recorded) {
      const same = own.find((pending) => isSame(pending.stimulus, stimulus))
      if (same) own.splice(own.indexOf(same), 1)
      const [hash] = this.bundlesIn([stimulus])
      const bundle = hash === undefined ? undefined : bundles.get(hash)
      this.#perform(stimulus, bundle)
      this.#pending.push({ stimulus, bundle, refusal: null, isRetold: true })
    }
    for (const pending of own) {
      pending.refusal = null
      try {
        this.#perform(pending.stimulus, pending.bundle)
      } catch (refusal) {
        pending.refusal = refusal
      }
      this.#pending.push(pending)
    }
    return recorded.filter((stimulus) => stimulus.kind === 'command')
  }

  #perform(stimulus: Stimulus, bundle: Bundle | undefined): void {
    if (stimulus.kind === 'open') this.#instance.open(this.#input, stimulus.at)
    else if (stimulus.kind === 'wake') this.#instance.wake(stimulus.at)
    else if (stimulus.kind === 'input') this.#instance.apply(stimulus.input, stimulus.actorId)
    else carryOut(this.#instance, stimulus.name, stimulus.command, stimulus.at, bundle)
  }
}

/** The same thing, heard again: the opening, a command by its key, a job's or message's outcome by what it answers. */
function isSame(one: Stimulus, other: Stimulus): boolean {
  if (one.kind === 'open') return other.kind === 'open'
  if (one.kind === 'command') return other.kind === 'command' && one.command.key === other.command.key
  if (one.kind !== 'input' || other.kind !== 'input' || one.input.type !== other.input.type) return false
  const [mine, its] = [one.input as Record<string, unknown>, other.input as Record<string, unknown>]
  if ('messageId' in mine || 'messageId' in its) return mine.messageId === its.messageId
  return 'waitId' in mine && mine.waitId === its.waitId
}
