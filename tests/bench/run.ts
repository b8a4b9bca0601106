/**
 * `npm run bench`: what an incident's lifecycle costs through the engine, and hand-written as a Temporal workflow with the same
 * activities, in one run, the two taking turns. Prints one JSON line per figure. With `-- engine`: the pure engine alone (engine.ts).
 * CPU is that of all processes: this driver (in the API's place), worker, Temporal server, PostgreSQL. Linux only (/proc).
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { composeBundle } from '../../activities/store/definition/definitions.ts'
import { openTicket } from '../../activities/store/ticket/intake.ts'
import { actorOf, findPersonByEmail } from '../../activities/store/record/people.ts'
import { createTemporalClient } from '../../activities/temporal-client.ts'
import { buildWorkflowBundle } from '../../activities/workflow-bundle.ts'
import type { Actor } from '#schema/role'
import type { InstanceInput } from '../../workflows/protocol.ts'
import { cpuMs } from './cpu.ts'
import { type House, openHouse } from './house.ts'
import { type Arm, type Cast, live, newIncident, Progress } from './lifecycle.ts'
import { recordScript, type Script } from './script.ts'

const numberFrom = (name: string, fallback: number): number => Number(process.env[name] ?? fallback)
const rounds = numberFrom('BENCH_ROUNDS', 8)
const perRound = numberFrom('BENCH_INCIDENTS', 20)
/** Incidents of each arm before measuring: compilers and caches come to rest. */
const warmUp = numberFrom('BENCH_WARM_UP', 30)
/** Incidents at a time, for each of the two cores. */
const concurrency = numberFrom('BENCH_CONCURRENCY', 4)

const print = (figure: object) => process.stdout.write(`${JSON.stringify(figure)}\n`)

interface Cost {
  wallMs: number
  cpu: Record<string, number>
}

async function main(): Promise<void> {
  const house = await openHouse()
  try {
    await compare(house)
  } finally {
    await house.close()
  }
}

async function compare(house: House): Promise<void> {
  const { db } = house
  const agent = await personByEmail(house, 'alex@example.org')
  const requester = await personByEmail(house, 'camille@example.org')
  const { script, bundleBytes } = await scriptOf(house, agent, requester)
  const worker = await house.spawnWorker(await writeBundle(house, script))
  const { client, close } = createTemporalClient(db, house.env)
  const progress = new Progress(house.databaseUrl)
  await progress.listen()
  const cast: Cast = { db, client, progress, agent, requester, script }
  const pids = { driver: process.pid, worker: worker.pid, temporal: house.pids.temporal, postgres: house.pids.postgres }
  try {
    for (const arm of ['engine', 'hand'] as const) await block(arm, cast, warmUp, pids)
    const costs: Record<Arm, Cost[]> = { engine: [], hand: [] }
    for (let round = 0; round < rounds; round++) {
      const order: Arm[] = round % 2 === 0 ? ['engine', 'hand'] : ['hand', 'engine']
      for (const arm of order) costs[arm].push(await block(arm, cast, perRound, pids))
    }
    report(costs, bundleBytes)
    await checkSame(cast)
  } finally {
    await worker.stop()
    await progress.close()
    await close()
  }
}

/** Runs `count` incidents, some at a time, and says what each cost on average. The driver counts without its servers. */
async function block(arm: Arm, cast: Cast, count: number, pids: Record<string, number>): Promise<Cost> {
  const usage = () => {
    const trees = Object.fromEntries(Object.entries(pids).map(([name, pid]) => [name, cpuMs(pid)]))
    const others = (trees.worker ?? 0) + (trees.temporal ?? 0) + (trees.postgres ?? 0)
    return { ...trees, driver: (trees.driver ?? 0) - others } as Record<string, number>
  }
  const before = usage()
  const startedAt = performance.now()
  let next = 0
  let wallMs = 0
  const lane = async () => {
    while (next++ < count) {
      const from = performance.now()
      await live(arm, cast)
      wallMs += performance.now() - from
    }
  }
  await Promise.all(Array.from({ length: concurrency }, lane))
  const after = usage()
  const cpu = Object.fromEntries(Object.keys(pids).map((name) => [name, ((after[name] ?? 0) - (before[name] ?? 0)) / count]))
  print({
    figure: 'block',
    arm,
    incidents: count,
    perSecond: round(count / ((performance.now() - startedAt) / 1_000)),
    cpuMsPerIncident: round(total(cpu)),
    wallMsPerIncident: round(wallMs / count),
  })
  return { wallMs: wallMs / count, cpu }
}

const total = (cpu: Record<string, number>): number => Object.values(cpu).reduce((sum, ms) => sum + ms, 0)
const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
const round = (value: number): number => Math.round(value * 1_000) / 1_000

function report(costs: Record<Arm, Cost[]>, bundleBytes: number): void {
  for (const arm of ['engine', 'hand'] as const) {
    const parts = Object.fromEntries(
      Object.keys(costs[arm][0]?.cpu ?? {}).map((name) => [name, round(mean(costs[arm].map(({ cpu }) => cpu[name] ?? 0)))]),
    )
    print({
      figure: 'lifecycle',
      arm,
      cpuMs: round(mean(costs[arm].map(({ cpu }) => total(cpu)))),
      ...parts,
      wallMs: round(mean(costs[arm].map(({ wallMs }) => wallMs))),
    })
  }
  const cpuRatio = mean(costs.hand.map(({ cpu }) => total(cpu))) / mean(costs.engine.map(({ cpu }) => total(cpu)))
  const wallRatio = mean(costs.hand.map(({ wallMs }) => wallMs)) / mean(costs.engine.map(({ wallMs }) => wallMs))
  print({
    figure: 'ratio',
    handToEngineCpu: round(cpuRatio),
    handToEngineWall: round(wallRatio),
    aim: 0.95,
    isMet: cpuRatio >= 0.95,
    bundleBytes,
  })
}

/** Both arms must have done the same work: as many facts and mails, but for variables that a job's answer sets (the script's jobs answer nothing). @throws when they have not */
async function checkSame(cast: Cast): Promise<void> {
  const counts = await Promise.all(
    (['engine', 'hand'] as const).map(async (arm) => {
      const ticketId = await live(arm, cast)
      const facts = await cast.db.selectFrom('fact').select('type').where('streamId', '=', ticketId).orderBy('sequence').execute()
      const mails = await cast.db.selectFrom('mailOut').select('template').where('ticketId', '=', ticketId).execute()
      const told = facts.map(({ type }) => type).filter((type) => type !== 'variableChanged')
      return { facts: told.sort(), mails: mails.map(({ template }) => template).sort() }
    }),
  )
  if (JSON.stringify(counts[0]) !== JSON.stringify(counts[1]))
    throw new Error(`expected the same facts and mails from both arms, found ${JSON.stringify(counts)}`)
  print({ figure: 'same work', facts: counts[0]?.facts.length, mails: counts[0]?.mails.length })
}

async function personByEmail({ db }: House, email: string): Promise<Actor> {
  const person = await findPersonByEmail(db, email)
  if (person === undefined) throw new Error(`expected ${email} among the seeded people, found nobody`)
  return actorOf(person)
}

async function scriptOf(house: House, agent: Actor, requester: Actor): Promise<{ script: Script; bundleBytes: number }> {
  const { ticketId } = await openTicket(house.db, newIncident(requester.id))
  const { input } = await house.db.selectFrom('intake').select('input').where('ticketId', '=', ticketId).executeTakeFirstOrThrow()
  const { bundle } = await composeBundle(house.db, 'incident')
  return {
    script: recordScript(bundle, input as unknown as InstanceInput, agent, requester.id),
    bundleBytes: JSON.stringify(bundle).length,
  }
}

/** One bundle with both workflow types, so that they share worker, cache and everything else. */
async function writeBundle(house: House, script: Script): Promise<string> {
  const at = (path: string) => JSON.stringify(fileURLToPath(new URL(path, import.meta.url)))
  // Inside the project, where the bundler finds the packages.
  const folder = mkdtempSync(fileURLToPath(new URL('generated-', import.meta.url)))
  const entry = join(folder, 'workflows.ts')
  writeFileSync(join(folder, 'script.json'), JSON.stringify(script))
  writeFileSync(
    entry,
    [
      `export { processInstance } from ${at('../../workflows/runtime/index.ts')}`,
      `import { handWritten } from ${at('hand-written.ts')}`,
      `import script from './script.json'`,
      'export const handWrittenIncident = handWritten(script)',
    ].join('\n'),
  )
  const { code } = await buildWorkflowBundle(entry).finally(() => rmSync(folder, { recursive: true }))
  const path = join(house.folder, 'bundle.js')
  writeFileSync(path, code)
  return path
}

// `npm run bench -- engine`: the pure engine alone.
if (process.argv.includes('engine')) await import('./engine.ts')
else await main()
