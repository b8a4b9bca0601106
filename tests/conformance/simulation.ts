/** Instances of the processes of one drawing, on the pure engine, with message flows between its pools. */
import type { EngineFact, Input } from '#engine/contract'
import type { Collaboration } from '#engine/compile/index'
import { advance, type EngineState } from '#engine/index'
import type { Model, ModelElement, Program } from '#engine/model'

const AT = Date.UTC(2026, 0, 5, 8)
const TASKS = new Set(['userTask', 'serviceTask', 'sendTask', 'scriptTask', 'businessRuleTask', 'manualTask', 'callActivity'])

export class Simulation {
  private readonly models: Record<string, Model>
  private readonly collaboration: Collaboration
  private readonly instances: { program: Program; state: EngineState }[] = []
  private exited: string[] = []

  constructor(models: Record<string, Model>, collaboration: Collaboration) {
    this.models = models
    this.collaboration = collaboration
    for (const model of Object.values(models)) {
      for (const element of Object.values(model.elements)) this.neutralize(model, element)
    }
  }

  /** Tasks pass; timers and conditions are triggered by hand; gateways take their first flow. */
  private neutralize(model: Model, element: ModelElement): void {
    if (TASKS.has(element.type)) model.elements[element.id] = { ...element, type: 'task' } as ModelElement
    if ('event' in element && (element.event.type === 'timer' || element.event.type === 'conditional'))
      element.event = { type: 'message', name: { literal: element.id } }
    if (element.type === 'exclusiveGateway' || element.type === 'inclusiveGateway') this.choose(element.id, element.outgoing.slice(0, 1))
  }

  private holder(elementId: string): Model | undefined {
    return Object.values(this.models).find((model) => model.elements[elementId])
  }

  choose(gatewayId: string, flows: string[]): void {
    const model = this.holder(gatewayId)
    for (const id of model?.elements[gatewayId]?.outgoing ?? []) model!.flows[id]!.condition = { literal: flows.includes(id) }
  }

  waitAt(taskId: string): void {
    const model = this.holder(taskId)
    const element = model?.elements[taskId]
    if (!model || element?.type !== 'task') return
    const open = { formId: null, assignee: null, candidateGroups: null, candidateUsers: null, dueDate: null }
    model.elements[taskId] = { ...element, type: 'userTask', ...open }
  }

  /** Fires a start, catch or boundary event, or completes a waiting task. False: it does not wait. */
  trigger(elementId: string): boolean {
    return this.triggerWait(elementId) || this.triggerThrown(elementId) || this.start(elementId)
  }

  private triggerWait(elementId: string): boolean {
    for (const instance of this.instances) {
      const wait = Object.values(instance.state.waits).find((candidate) => candidate.elementId === elementId)
      if (!wait) continue
      const base = { at: AT, waitId: wait.waitId, variables: {} }
      if (wait.kind === 'task') return this.send(instance, { ...base, type: 'completeTask' })
      if (wait.kind === 'signal') return this.send(instance, { type: 'signal', at: AT, name: wait.name, variables: {} })
      return this.send(instance, { ...base, type: 'message', name: 'name' in wait ? wait.name : '' })
    }
    return false
  }

  /** Errors and escalations are raised from what waits inside the host. */
  private triggerThrown(elementId: string): boolean {
    const element = this.holder(elementId)?.elements[elementId]
    if (!element || !('event' in element) || (element.event.type !== 'error' && element.event.type !== 'escalation')) return false
    const { code, type } = element.event
    const value = code && 'literal' in code ? String(code.literal) : ''
    for (const instance of this.instances) {
      const host = element.type === 'boundaryEvent' ? element.attachedToId : this.holder(elementId)!.elements[element.scopeId!]!.scopeId
      const inside = Object.values(instance.state.activations).find((activation) => activation.elementId === host)
      if (!inside) continue
      if (type === 'escalation') return this.send(instance, { type, at: AT, code: value, variables: {}, key: inside.key })
      const wait = Object.values(instance.state.waits).find(
        (candidate) => candidate.role === 'self' && isWithin(instance.state, candidate.ownerKey, inside.key),
      )
      if (wait) return this.send(instance, { type: 'taskError', at: AT, waitId: wait.waitId, errorCode: value, variables: {} })
    }
    return false
  }

  private start(elementId: string): boolean {
    const model = this.holder(elementId)
    const element = model?.elements[elementId]
    if (!model || element?.scopeId !== model.processId || element.incoming.length > 0) return false
    const program: Program = { process: model, called: this.models, decisions: {} }
    const result = advance(program, null, { type: 'start', at: AT, variables: {}, startElementId: elementId })
    if (!result.ok) return false
    this.instances.push({ program, state: result.state })
    this.observe(result.facts)
    return true
  }

  private send(instance: { program: Program; state: EngineState }, input: Input): boolean {
    const result = advance(instance.program, instance.state, input)
    if (!result.ok) return false
    instance.state = result.state
    this.observe(result.facts)
    return true
  }

  /** The message of this flow arrives at its target. */
  deliver(messageFlowId: string): void {
    const flow = this.collaboration.messageFlows.find(({ id }) => id === messageFlowId)
    if (flow) this.trigger(flow.targetId)
  }

  private observe(facts: EngineFact[]): void {
    const sent: string[] = []
    facts.forEach((fact, index) => {
      if (fact.type === 'elementCompleted') {
        if (this.isTerminate(fact.elementId)) return
        this.exited.push(fact.elementId, ...this.compensated(fact.elementId))
        for (const flow of this.collaboration.messageFlows) if (flow.sourceId === fact.elementId) sent.push(flow.id)
      } else if (fact.type === 'compensationTriggered') this.plan = fact.targets.map((id) => this.undone(id, fact.elementId))
      else if (fact.type === 'elementTerminated' && this.isInterruptedBy(fact.elementId, facts.slice(index + 1)))
        this.exited.push(fact.elementId)
    })
    for (const id of sent) this.deliver(id)
  }

  /** What is being compensated: each handler, and the completed sub-processes that its activity stands in, inner first. */
  private plan: { handlerId: string | undefined; scopes: string[] }[] = []

  private undone(targetId: string, throwerId: string): { handlerId: string | undefined; scopes: string[] } {
    const model = this.holder(targetId)
    const scopes: string[] = []
    const outer = model?.elements[throwerId]?.scopeId
    for (let id = model?.elements[targetId]?.scopeId; id != null && id !== outer; id = model?.elements[id]?.scopeId) scopes.push(id)
    return { handlerId: model?.elements[targetId]?.compensationHandler, scopes: scopes.includes(model?.processId ?? '') ? [] : scopes }
  }

  /** A sub-process is compensated when the last handler inside it is done: it is left a second time. */
  private compensated(elementId: string): string[] {
    if (this.plan[0]?.handlerId !== elementId) return []
    const [done, next] = this.plan
    this.plan = this.plan.slice(1)
    return done!.scopes.filter((id) => !next?.scopes.includes(id))
  }

  /** The token of a terminate end event goes with its scope: it does not leave. */
  private isTerminate(elementId: string): boolean {
    const element = this.holder(elementId)?.elements[elementId]
    return element?.type === 'endEvent' && element.event.type === 'terminate'
  }

  /** A host left by its boundary event is left; what was alive inside it is not. */
  private isInterruptedBy(hostId: string, later: EngineFact[]): boolean {
    const next = later.find((fact) => fact.type === 'elementActivated')
    const element = next && 'elementId' in next ? this.holder(hostId)?.elements[next.elementId as string] : undefined
    return element?.type === 'boundaryEvent' && element.attachedToId === hostId
  }

  takeExited(): string[] {
    const exited = this.exited
    this.exited = []
    return exited
  }

  /** Flow nodes in order, by process. */
  byProcess(ids: string[]): Record<string, string[]> {
    const found: Record<string, string[]> = {}
    for (const id of ids) {
      const model = this.holder(id)
      if (model && id !== model.processId) found[model.processId] = [...(found[model.processId] ?? []), id]
    }
    return Object.fromEntries(Object.entries(found).sort())
  }

  /** What is alive, a process by the name of its pool. */
  liveScopes(): string[] {
    return this.instances
      .filter(({ state }) => !state.isEnded)
      .flatMap(({ state }) =>
        Object.values(state.activations).map(({ elementId }) => this.collaboration.participants[elementId] ?? elementId),
      )
      .sort()
  }
}

function isWithin(state: EngineState, key: string, outerKey: string): boolean {
  for (let at = state.activations[key]; at; at = at.parentKey === null ? undefined : state.activations[at.parentKey])
    if (at.key === outerKey) return true
  return false
}
