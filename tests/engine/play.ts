/** Plays a model on the pure engine with a virtual clock; every refusal is a test failure unless asked for. */
import { expect } from 'vitest'
import { compileProcesses } from '#engine/compile/index'
import type { Effect, EngineFact, Input, Refusal, Variables } from '#engine/contract'
import { advance, type EngineState, openTasks, snapshot } from '#engine/index'
import type { DecisionModel, Program } from '#engine/model'

/** Monday 5 January 2026, 08:00 UTC. */
export const EPOCH = Date.UTC(2026, 0, 5, 8)

const OPEN = `<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" xmlns:guichet="http://guichet.dev/schema/1.0" targetNamespace="http://guichet.dev/test">`

/** A file with these root elements. */
export const file = (body: string): string => `${OPEN}\n${body}\n</definitions>`
/** A file with one process `p`, and other root elements (messages, errors). */
export const process = (body: string, roots = ''): string => file(`${roots}<process id="p" isExecutable="true">${body}</process>`)

let flows = 0
/** Sequence flows along a path: `path('start', 'a', 'end')`. */
export const path = (...ids: string[]): string =>
  ids
    .slice(1)
    .map((id, index) => flow(ids[index]!, id))
    .join('')
export const flow = (from: string, to: string, condition?: string, id = `f${++flows}`): string =>
  `<sequenceFlow id="${id}" sourceRef="${from}" targetRef="${to}">${condition ? `<conditionExpression>=${condition.replace(/</g, '&lt;').replace(/>/g, '&gt;')}</conditionExpression>` : ''}</sequenceFlow>`
export const start = '<startEvent id="start"/>'
export const end = '<endEvent id="end"/>'
export const user = (id: string, inner = ''): string => `<userTask id="${id}" name="${id}">${inner}</userTask>`
export const job = (id: string, type = id, inner = ''): string =>
  `<serviceTask id="${id}"><extensionElements><zeebe:taskDefinition type="${type}"/>${inner}</extensionElements></serviceTask>`
export const ext = (inner: string): string => `<extensionElements>${inner}</extensionElements>`

/** The diagnostics of a model that must be refused, as `code@element`. */
export async function refusals(xml: string): Promise<string[]> {
  const compiled = await compileProcesses(xml)
  if (compiled.ok) return []
  return compiled.diagnostics.filter(({ severity }) => severity === 'error').map(({ code, elementId }) => `${code}@${elementId}`)
}

export class Play {
  at = EPOCH
  state: EngineState | null = null
  readonly facts: EngineFact[] = []
  effects: Effect[] = []
  readonly program: Program

  constructor(program: Program) {
    this.program = program
  }

  static async of(xml: string, variables: Variables = {}, decisions: Record<string, DecisionModel> = {}): Promise<Play> {
    const play = await Play.compile(xml, decisions)
    play.send({ type: 'start', at: play.at, variables })
    return play
  }

  static async compile(xml: string, decisions: Record<string, DecisionModel> = {}): Promise<Play> {
    const compiled = await compileProcesses(xml)
    if (!compiled.ok) throw new Error(JSON.stringify(compiled.diagnostics, null, 1))
    const [process, ...others] = compiled.value
    return new Play({ process: process!, called: Object.fromEntries(others.map((model) => [model.processId, model])), decisions })
  }

  send(input: Input): this {
    const result = advance(this.program, this.state, input)
    if (!result.ok) throw new Error(`refused: ${JSON.stringify(result.refusal)}`)
    this.take(result)
    return this
  }

  refused(input: Input): Refusal {
    const before = JSON.stringify(this.state)
    const result = advance(this.program, this.state, input)
    expect(result.ok).toBe(false)
    expect(JSON.stringify(this.state)).toBe(before)
    return result.ok ? { code: 'invalidInput', message: '' } : result.refusal
  }

  private take(result: { state: EngineState; effects: Effect[]; facts: EngineFact[] }): void {
    this.state = result.state
    this.effects = result.effects
    this.facts.push(...result.facts)
  }

  private wait(elementId: string, kind?: string): string {
    const found = Object.values(this.state!.waits).find(
      (wait) => wait.elementId === elementId && (kind === undefined || wait.kind === kind),
    )
    if (!found)
      throw new Error(
        `expected ${elementId} to wait, found ${Object.values(this.state!.waits)
          .map((wait) => `${wait.elementId}:${wait.kind}`)
          .join(', ')}`,
      )
    return found.waitId
  }

  complete(elementId: string, variables: Variables = {}): this {
    return this.send({ type: 'completeTask', at: this.at, waitId: this.wait(elementId, 'task'), variables })
  }
  finishJob(elementId: string, variables: Variables = {}): this {
    return this.send({ type: 'jobCompleted', at: this.at, waitId: this.wait(elementId, 'job'), variables })
  }
  failJob(elementId: string, errorCode?: string): this {
    return this.send({
      type: 'jobFailed',
      at: this.at,
      waitId: this.wait(elementId, 'job'),
      message: 'it broke',
      ...(errorCode ? { errorCode } : {}),
    })
  }
  message(name: string, variables: Variables = {}, correlationKey?: string): this {
    return this.send({ type: 'message', at: this.at, name, variables, ...(correlationKey ? { correlationKey } : {}) })
  }
  /** Moves the clock by minutes and fires this timer. */
  timer(elementId: string, minutes: number): this {
    this.at += minutes * 60_000
    return this.send({ type: 'timerFired', at: this.at, waitId: this.wait(elementId, 'timer') })
  }
  retry(elementId: string, variables: Variables = {}): this {
    const stalled = snapshot(this.state!).stalls.find((stall) => stall.elementId === elementId)
    return this.send({ type: 'retry', at: this.at, key: stalled!.key, variables })
  }

  /** Elements that wait, sorted. */
  get waiting(): string[] {
    return Object.values(this.state!.waits)
      .filter(({ role }) => role === 'self')
      .map(({ elementId }) => elementId)
      .sort()
  }
  get tasks(): string[] {
    return openTasks(this.state!)
      .map(({ elementId }) => elementId)
      .sort()
  }
  get stalls(): string[] {
    return snapshot(this.state!).stalls.map(({ elementId, code }) => `${code}@${elementId}`)
  }
  get isEnded(): boolean {
    return this.state!.isEnded
  }
  get variables(): Variables {
    return snapshot(this.state!).variables
  }
  /** Ids of completed elements, in order. */
  get completed(): string[] {
    return this.facts.flatMap((fact) => (fact.type === 'elementCompleted' ? [fact.elementId] : []))
  }
  has(type: EngineFact['type']): boolean {
    return this.facts.some((fact) => fact.type === type)
  }
}
