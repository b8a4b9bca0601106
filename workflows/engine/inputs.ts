/** One handler per input. Each either writes into the run or returns a refusal; a refused run is dropped whole. */
import type { Input, Refusal } from './contract.ts'
import { throwError, throwEscalation } from './errors.ts'
import { cancelWait, trigger } from './events.ts'
import { partOf } from './elements/start-event.ts'
import { activate, attempt, begin, resume, stall, terminate } from './lifecycle.ts'
import { modify } from './modify.ts'
import { type Run, StallError } from './run.ts'
import { broadcastSignal } from './signals.ts'
import type { MessageWait, Wait } from './state.ts'

type InputOf<T extends Input['type']> = Extract<Input, { type: T }>
type Handler<T extends Input['type']> = (run: Run, input: InputOf<T>) => Refusal | null

export const handlers: { [T in Input['type']]: Handler<T> } = {
  start,
  completeTask(run, input) {
    return withWait(run, input.waitId, 'task', (wait) => {
      run.facts.push({ type: 'taskCompleted', at: run.at, elementId: wait.elementId, waitId: wait.waitId, values: input.variables })
      trigger(run, wait, input.variables)
    })
  },
  assignTask(run, input) {
    return withWait(run, input.waitId, 'task', (wait) => {
      if (wait.kind !== 'task') return
      run.draft.replaceWait({ ...wait, assignee: input.assignee })
      run.facts.push({
        type: 'taskAssigned',
        at: run.at,
        elementId: wait.elementId,
        waitId: wait.waitId,
        from: wait.assignee,
        to: input.assignee,
      })
    })
  },
  timerFired(run, input) {
    return withWait(run, input.waitId, 'timer', (wait) => {
      if (wait.kind !== 'timer') return
      run.facts.push({
        type: 'timerFired',
        at: run.at,
        elementId: wait.elementId,
        waitId: wait.waitId,
        dueAt: wait.dueAt,
        lateMs: Math.max(0, run.at - wait.dueAt),
      })
      trigger(run, wait, {})
    })
  },
  message,
  signal(run, input) {
    if (!Object.values(run.draft.state.waits).some((wait) => wait.kind === 'signal' && wait.name === input.name)) {
      return { code: 'notCorrelated', message: `nothing waits for signal ${input.name}` }
    }
    broadcastSignal(run, input.name, input.variables)
    return null
  },
  escalation(run, input) {
    const key = input.key ?? run.draft.state.rootKey
    if (!run.draft.find(key)) return unknownKey(key)
    throwEscalation(run, key, input.code, input.variables, null, true)
    return null
  },
  jobCompleted(run, input) {
    return withWait(run, input.waitId, 'job', (wait) => {
      run.facts.push({
        type: 'jobCompleted',
        at: run.at,
        elementId: wait.elementId,
        waitId: wait.waitId,
        jobType: wait.kind === 'job' ? wait.jobType : '',
      })
      trigger(run, wait, input.variables)
    })
  },
  jobFailed(run, input) {
    return withWait(run, input.waitId, 'job', (wait) => {
      const jobType = wait.kind === 'job' ? wait.jobType : ''
      const { errorCode, message: text } = input
      run.facts.push({
        type: 'jobFailed',
        at: run.at,
        elementId: wait.elementId,
        waitId: wait.waitId,
        jobType,
        code: errorCode ?? null,
        message: text,
      })
      run.draft.removeWait(wait.waitId)
      if (errorCode === undefined) stall(run, wait.ownerKey, new StallError('jobFailed', text))
      else attempt(run, wait.ownerKey, () => throwError(run, wait.ownerKey, errorCode, input.variables ?? {}, text))
    })
  },
  taskError(run, input) {
    return withWait(run, input.waitId, null, (wait) => {
      attempt(run, wait.ownerKey, () => {
        if (wait.kind === 'task' || wait.kind === 'job') cancelWait(run, wait)
        throwError(run, wait.ownerKey, input.errorCode, input.variables)
      })
    })
  },
  taskEscalation(run, input) {
    return withWait(run, input.waitId, null, (wait) => {
      throwEscalation(run, wait.ownerKey, input.escalationCode, input.variables, wait.elementId)
    })
  },
  setVariables(run, input) {
    const key = input.scopeKey ?? run.draft.state.rootKey
    if (!run.draft.find(key)) return unknownKey(key)
    if (input.scopeKey === undefined) run.mergeVariables(key, input.variables)
    else for (const name in input.variables) run.setVariable(key, name, input.variables[name]!)
    return null
  },
  retry(run, input) {
    const found = run.draft.find(input.key)
    if (!found) return unknownKey(input.key)
    if (!found.stall) return { code: 'invalidInput', message: `${input.key} is not stalled`, elementId: found.elementId }
    run.mergeVariables(input.key, input.variables)
    resume(run, input.key)
    return null
  },
  modify,
  cancel(run, input) {
    terminate(run, run.draft.state.rootKey)
    run.draft.state.isEnded = true
    run.facts.push({ type: 'instanceCanceled', at: run.at, reason: input.reason })
    return null
  },
}

const unknownKey = (key: string): Refusal => ({ code: 'unknownWait', message: `there is no live activation ${key}` })

function withWait(run: Run, waitId: string, kind: Wait['kind'] | null, work: (wait: Wait) => void): Refusal | null {
  const wait = run.draft.state.waits[waitId]
  if (!wait) return { code: 'unknownWait', message: `${waitId} does not wait (any more)` }
  if (kind !== null && wait.kind !== kind)
    return { code: 'wrongWaitKind', message: `expected ${waitId} to be a ${kind}, found a ${wait.kind}`, elementId: wait.elementId }
  work(wait)
  return null
}

function start(run: Run, input: InputOf<'start'>): Refusal | null {
  const model = run.program.process
  const process = model.elements[model.processId]
  if (process?.type !== 'process') throw new Error(`expected ${model.processId} to be a process, found ${process?.type}`)
  const startElementId = input.startElementId ?? null
  const { occurrence } = input
  if (startElementId !== null && model.elements[startElementId]?.scopeId !== model.processId) {
    return {
      code: 'unknownElement',
      message: `${startElementId} is not an element of process ${model.processId}`,
      elementId: startElementId,
    }
  }
  if (startElementId === null && process.starts.length === 0) {
    return {
      code: 'unknownElement',
      message: `process ${model.processId} has no none start event: name the start event`,
      elementId: model.processId,
    }
  }
  const named = startElementId === null ? undefined : model.elements[startElementId]
  if (named?.type === 'startEvent' && named.event.type === 'multiple' && occurrence && !partOf(named.event, occurrence))
    return { code: 'invalidInput', message: `${named.id} is not started by ${occurrence.type} ${occurrence.name}`, elementId: named.id }
  run.facts.push({ type: 'instanceStarted', at: run.at, processId: model.processId, startElementId })
  const root = activate(run, process, null, { live: 0, variables: {} })
  run.draft.state.rootKey = root.key
  for (const name in input.variables) run.setVariable(root.key, name, input.variables[name]!)
  if (startElementId === null) {
    begin(run, root.key)
    return null
  }
  root.step = startElementId
  if (occurrence && model.startTriggers.some(({ elementId, groupId }) => groupId && elementId === startElementId))
    root.occurrence = occurrence
  begin(run, root.key)
  return null
}

/** Exactly one subscription takes it: an interrupting event sub-process first, then the oldest. */
function message(run: Run, input: InputOf<'message'>): Refusal | null {
  const candidates = Object.values(run.draft.state.waits).filter(
    (wait): wait is MessageWait => wait.kind === 'message' && matches(wait, input),
  )
  const wait = candidates.find((candidate) => candidate.role === 'eventSubProcess') ?? candidates[0]
  if (!wait)
    return {
      code: 'notCorrelated',
      message: `nothing waits for message ${input.name}${input.correlationKey === undefined ? '' : ` with key ${input.correlationKey}`}`,
    }
  run.facts.push({
    type: 'messageCorrelated',
    at: run.at,
    elementId: wait.elementId,
    waitId: wait.waitId,
    name: input.name,
    messageId: input.messageId ?? null,
  })
  trigger(run, wait, input.variables)
  return null
}

function matches(wait: MessageWait, input: InputOf<'message'>): boolean {
  if (wait.name !== input.name) return false
  if (input.waitId !== undefined) return wait.waitId === input.waitId
  return wait.correlationKey === null || input.correlationKey === wait.correlationKey
}
