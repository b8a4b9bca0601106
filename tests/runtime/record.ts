/**
 * Recorded histories, with the bundles that they refer to: of every shipped process, and one for each element. One command records
 * what is missing: `GUICHET_RECORD=missing npx vitest run --project integration tests/runtime/record.test.ts` (about two minutes);
 * `GUICHET_RECORD=<name>` records that one again. When the workflow's code changes on purpose in a way that old histories must still
 * follow (`patched()`), give the old file another name (`incident-1` beside `incident`), and record anew.
 */
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { temporal } from '@temporalio/proto'
import type { Variables } from '#engine/contract'
import type { Form, FormComponent } from '#schema/form'
import { isHidden, keyedComponents } from '#domain/form'
import { startIntake } from '../../activities/intake-starter.ts'
import { composeBundle, deployDefinition } from '../../activities/store/definition/definitions.ts'
import { startProcess } from '../../activities/store/ticket/instances.ts'
import type { InstanceInput } from '../../workflows/protocol.ts'
import { Driver } from '../engine/random-driver.ts'
import { type Beginning, type Block, Drawing } from '../engine/random-process.ts'
import { createDesk, type Desk, requester, until } from './desk.ts'
import { sendInput, stateOf } from './drive.ts'
import { confirm, isClosed, resolve, ticketOf, triage } from './steps.ts'

export const historiesFolder = new URL('histories/', import.meta.url)
const processesFolder = new URL('../../definitions/processes/', import.meta.url)

export interface Recording {
  /** Protobuf of a history (base64). */
  history: string
  /** Stored bundles (gzip, base64) by hash. */
  bundles: Record<string, string>
}

export const historyOf = ({ history }: Recording) => temporal.api.history.v1.History.decode(Buffer.from(history, 'base64'))

const task: Block = { kind: 'task' }
/** One small process for each element that the engine knows. */
const ELEMENTS: Record<string, Block> = {
  tasks: { kind: 'sequence', parts: [task, { kind: 'script' }] },
  link: { kind: 'link' },
  'sub-process': { kind: 'sub', parts: [task] },
  transaction: { kind: 'transaction', parts: [task] },
  compensation: { kind: 'undo', parts: [task, task] },
  cancel: { kind: 'cancel', parts: [task] },
  'parallel-gateway': { kind: 'and', parts: [task, task], taken: 0 },
  'exclusive-gateway': { kind: 'xor', parts: [task, task], taken: 1 },
  'inclusive-gateway': { kind: 'or', parts: [task, task, task], taken: 2 },
  'event-based-gateway': { kind: 'choice', parts: [task, task], by: ['message', 'signal', 'condition'] },
  'multi-instance-parallel': { kind: 'many', count: 3, isSequential: false, stopAfter: 2, part: task },
  'multi-instance-sequential': { kind: 'many', count: 2, isSequential: true, stopAfter: 4, part: { kind: 'sub', parts: [task] } },
  loop: { kind: 'loop', count: 2 },
  'ad-hoc': { kind: 'adHoc', count: 2 },
  'catch-message': { kind: 'wait', by: 'message' },
  'catch-signal': { kind: 'wait', by: 'signal' },
  'catch-condition': { kind: 'wait', by: 'condition' },
  'catch-timer': { kind: 'wait', by: 'timer' },
  'boundary-interrupting': { kind: 'race', by: 'message', part: task },
  'boundary-not-interrupting': { kind: 'remind', by: 'signal', part: task },
  'event-sub-process-interrupting': { kind: 'interrupt', by: 'condition', part: task },
  'event-sub-process-not-interrupting': { kind: 'aside', by: 'message', part: task },
  error: { kind: 'error', part: task },
  escalation: { kind: 'escalate', part: task },
  'escalation-not-interrupting': { kind: 'mention', part: task },
  'call-activity': { kind: 'call', part: task },
  signal: { kind: 'signal', part: task },
  terminate: { kind: 'terminate', part: task },
  'parallel-multiple': { kind: 'both', part: task },
}

/** How those begin that do not begin at a none start event. */
const BEGINNINGS: Record<string, Beginning> = { 'parallel-start': 'bothStart', 'parallel-event-gateway': 'parallelGateway' }

export const shippedProcesses = readdirSync(processesFolder)
  .filter((name) => name.endsWith('.bpmn'))
  .map((name) => name.replace(/\.bpmn$/, ''))
export const elementNames = Object.keys({ ...ELEMENTS, ...BEGINNINGS }).map((name) => `element-${name}`)
export const recordingFile = (name: string): URL => new URL(`${name}.json.gz`, historiesFolder)

/** Records these; those that are named are recorded again. */
export async function recordAll(names: string[]): Promise<void> {
  const desk = await createDesk()
  mkdirSync(historiesFolder, { recursive: true })
  try {
    await desk.startWorker()
    for (const name of names) {
      const short = name.replace(/^element-/, '')
      const element = short in BEGINNINGS ? task : ELEMENTS[short]
      const recording =
        name.startsWith('element-') && element
          ? await recordElement(desk, name, element, BEGINNINGS[short])
          : await recordProcess(desk, name)
      writeFileSync(recordingFile(name), gzipSync(JSON.stringify(recording), { level: 9 }))
    }
  } finally {
    await desk.close()
  }
}

export const missingRecordings = (): string[] => [...shippedProcesses, ...elementNames].filter((name) => !existsSync(recordingFile(name)))

async function recordElement(desk: Desk, name: string, shape: Block, beginning?: Beginning): Promise<Recording> {
  const id = name.replaceAll('-', '_')
  const drawing = new Drawing(id)
  const source = drawing.process(shape, beginning)
  for (const [called, xml] of [...Object.entries(drawing.called), [id, source] as const]) {
    const done = await deployDefinition(desk.db, { kind: 'process', id: called, source: xml, baseVersion: null, actorId: 'priya' })
    if (!done.ok) throw new Error(`expected ${called} to deploy, found ${JSON.stringify(done)}`)
  }
  const instanceId = await begin(desk, id, drawing.variables, drawing.start)
  await walk(desk, instanceId, {}, 12)
  return recordingOf(desk, instanceId)
}

/** As far as it gets by itself: tasks with the first answer of their forms, messages and signals as they are awaited, time in between. */
async function recordProcess(desk: Desk, processId: string): Promise<Recording> {
  const { bundle } = await composeBundle(desk.db, processId)
  const variables: Variables = {
    title: 'Recorded',
    description: 'For the replay.',
    requesterId: requester.id,
    approvers: ['admin'],
    duration: 'PT1H',
  }
  const instanceId = await begin(desk, processId, variables)
  await walk(desk, instanceId, bundle.forms, 25)
  return recordingOf(desk, instanceId)
}

/** With time that passes a day in ten seconds. */
async function begin(desk: Desk, processId: string, variables: Variables, start: Drawing['start'] = {}): Promise<string> {
  const { bundle } = await composeBundle(desk.db, processId)
  const root = bundle.process.elements[bundle.process.processId]
  const hasStart = root !== undefined && 'starts' in root && root.starts.length > 0
  const startElementId = hasStart ? null : (bundle.process.startTriggers[0]?.elementId ?? null)
  const { instanceId } = await startProcess(desk.db, { processId, startElementId, variables, startedById: requester.id, ...start })
  const { input } = await desk.db.selectFrom('intake').select('input').where('ticketId', '=', instanceId).executeTakeFirstOrThrow()
  const now = Date.now()
  const clock = { originReal: now, startAt: now, rate: 86_400 }
  await startIntake(desk.db, desk.client, instanceId, { ...(input as unknown as InstanceInput), clock })
  return instanceId
}

async function walk(desk: Desk, instanceId: string, forms: Record<string, Form>, limit: number): Promise<void> {
  const driver = new Driver(['timer', 'job'])
  const refused = new Set<string>()
  for (let turn = 0; turn < limit; turn++) {
    await new Promise((resolve) => setTimeout(resolve, 150))
    const { engine } = await stateOf(desk, instanceId)
    if (engine.isEnded) return
    const waits = Object.fromEntries(Object.entries(engine.waits).filter(([id]) => !refused.has(id)))
    const input = driver.next({ ...engine, waits }, turn, Date.now())
    if (input === null) continue
    const wait = 'waitId' in input && input.waitId !== undefined ? engine.waits[input.waitId] : undefined
    const form = wait?.kind === 'task' && wait.formId !== null ? forms[wait.formId] : undefined
    const filled =
      form && input.type === 'completeTask'
        ? { ...input, variables: fill(form, engine.activations[engine.rootKey]?.variables ?? {}) }
        : input
    try {
      await sendInput(desk, instanceId, filled)
    } catch {
      // Not everybody may do everything; the rest of the life is recorded without it.
      if (wait) refused.add(wait.waitId)
      else for (const id of Object.keys(engine.waits)) if (engine.waits[id]!.kind === 'message') refused.add(id)
    }
  }
}

function fill(form: Form, known: Variables): Variables {
  const values: Variables = {}
  for (const component of keyedComponents(form))
    if (!isHidden(component, { ...known, ...values })) values[component.key] = answer(component)
  return values
}

function answer(component: Exclude<FormComponent, { type: 'text' }>): Variables[string] {
  if (component.defaultValue !== undefined) return component.defaultValue
  switch (component.type) {
    case 'number':
      return component.validate?.min ?? 1
    case 'checkbox':
      return true
    case 'select':
    case 'radio':
      return component.values?.[0]?.value ?? 'alex'
    case 'datetime':
      return component.subtype === 'time' ? '09:00' : component.subtype === 'date' ? '2026-01-05' : '2026-01-05T09:00:00Z'
    case 'filepicker':
      return []
    default:
      return 'An answer for the recording.'
  }
}

export async function recordIncident(): Promise<Recording> {
  const desk = await createDesk()
  try {
    await desk.startWorker()
    const ticketId = await desk.start()
    await triage(desk, ticketId)
    await resolve(desk, ticketId)
    await until('the ticket to be resolved', async () => (await ticketOf(desk, ticketId)).status === 'resolved')
    await confirm(desk, ticketId)
    await until('the incident to be closed', () => isClosed(desk, ticketId))
    return await recordingOf(desk, ticketId)
  } finally {
    await desk.close()
  }
}

async function recordingOf(desk: Desk, instanceId: string): Promise<Recording> {
  const history = await desk.client.workflow.getHandle(instanceId).fetchHistory()
  const { bundleHash } = await desk.db
    .selectFrom('instance')
    .select('bundleHash')
    .where('ticketId', '=', instanceId)
    .executeTakeFirstOrThrow()
  const { content } = await desk.db.selectFrom('blob').select('content').where('hash', '=', bundleHash).executeTakeFirstOrThrow()
  return {
    history: Buffer.from(temporal.api.history.v1.History.encode(history).finish()).toString('base64'),
    bundles: { [bundleHash]: content.toString('base64') },
  }
}
