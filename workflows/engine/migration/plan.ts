/** What a migration works with: both programs, the mapping, and the list of what stands against it. */
import type { Model, ModelElement, Program } from '../model.ts'
import type { Activation } from '../state.ts'
import type { NodeMapping } from './mapping.ts'

export type MigrationRefusalCode =
  | 'instanceEnded'
  | 'otherProcess'
  | 'notMapped'
  | 'unknownTarget'
  | 'typeChanged'
  | 'eventTypeChanged'
  | 'loopChanged'
  | 'interruptingChanged'
  | 'scopeChanged'
  | 'calledProcessMissing'
  | 'flowMissing'
  | 'compensationLost'
  | 'ambiguousTarget'
  | 'nothingToWaitFor'
  | 'cannotSubscribe'

/** Why an instance cannot be migrated: `elementId` is the old version's. */
export interface MigrationRefusal {
  code: MigrationRefusalCode
  elementId: string
  /** English; the UI translates by `code`. */
  message: string
}

export interface MigrationRequest {
  /** UTC epoch ms, the only clock. */
  at: number
  mapping: NodeMapping
  /** Content hashes of the bundles, and their versions, for the fact. */
  fromHash: string
  toHash: string
  fromVersion?: number
  toVersion?: number
  /** Timers whose expression changed start anew from `at`. Else every timer keeps its instant. */
  retimesTimers?: boolean
}

export class Plan {
  readonly from: Program
  readonly to: Program
  readonly mapping: NodeMapping
  readonly refusals: MigrationRefusal[] = []
  readonly #seen = new Set<string>()

  constructor(from: Program, to: Program, mapping: NodeMapping) {
    this.from = from
    this.to = to
    this.mapping = mapping
  }

  refuse(code: MigrationRefusalCode, elementId: string, message: string): void {
    const mark = `${code} ${elementId}`
    if (this.#seen.has(mark)) return
    this.#seen.add(mark)
    this.refusals.push({ code, elementId, message })
  }

  oldModel(processId: string): Model {
    return processId === this.from.process.processId ? this.from.process : this.from.called[processId]!
  }

  /** The model that `processId` has in the new program; undefined: it is no longer called. */
  newModel(processId: string): Model | undefined {
    return processId === this.to.process.processId ? this.to.process : this.to.called[processId]
  }

  /** @throws when the state does not belong to the old program: a bug of the caller */
  oldElement(processId: string, elementId: string): ModelElement {
    const element = this.oldModel(processId).elements[elementId]
    if (!element) throw new Error(`expected element ${elementId} in process ${processId}, found none`)
    return element
  }

  /** What stands for an element, if anything does. */
  targetId(processId: string, elementId: string): string | undefined {
    const isCalled = processId !== this.from.process.processId
    if (elementId === processId) return processId
    return this.mapping[isCalled ? `${processId}/${elementId}` : elementId]
  }

  target(processId: string, elementId: string): ModelElement | undefined {
    const id = this.targetId(processId, elementId)
    return id === undefined ? undefined : this.newModel(processId)?.elements[id]
  }

  targetOf(activation: Activation): ModelElement | undefined {
    return this.target(activation.processId, activation.elementId)
  }
}

export const sameJson = (a: unknown, b: unknown): boolean => JSON.stringify(a ?? null) === JSON.stringify(b ?? null)
