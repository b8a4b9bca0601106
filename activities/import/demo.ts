import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Client } from '@temporalio/client'
import { createDatabase, type Db } from '../store/database.ts'
import { createTemporalClient, taskQueueOf } from '../temporal-client.ts'
import { readEvents } from './read-events.ts'
import { readMapping } from './read-mapping.ts'
import { ImportRefused } from './rejection.ts'
import { castReplay } from './replay-cast.ts'
import { compareReplay, replaySummary } from './replay-outcome.ts'
import { planReplay, type ReplayPlan, type ReplayTicket } from './replay-plan.ts'
import { instanceTime, type ReplayClock, replayTicket, type Stage } from './replay-ticket.ts'

const usage = `Usage: npm run demo -- FILE.csv [--map MAPPING.json] [--limit 300] [--speed 7200] [--days 7]

Replays tickets of an event log as live ones: each runs through the deployed process, with the agents' and requesters' actions
of the log, in compressed time. Plays on the Guichet that is running (npm start), or brings one up for the time of the replay.
  --map    how columns become fields; definitions/imports/servicenow-incidents.json when absent
  --limit  how many tickets
  --speed  how many times faster than life; 7200 is two hours a second
  --days   only tickets resolved within so many days of their opening`

const defaultMapping = join(import.meta.dirname, '../../definitions/imports/servicenow-incidents.json')
/** Real ms to wait, beyond the replay's planned end, for what is still under way. */
const graceMs = 20_000
/** Real ms that Temporal and a worker may take to be there. */
const longestStartMs = 60_000
/** TASK_QUEUE_TYPE_WORKFLOW of Temporal's API. */
const workflowQueueType = 1

interface Options {
  path: string
  map: string
  limit: number
  speed: number
  days: number
}

function readOptions(args: string[]): Options | null {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      map: { type: 'string', default: defaultMapping },
      limit: { type: 'string', default: '300' },
      speed: { type: 'string', default: '7200' },
      days: { type: 'string', default: '7' },
      help: { type: 'boolean', short: 'h' },
    },
  })
  if (values.help === true) return null
  const [path] = positionals
  if (path === undefined || positionals.length !== 1) throw new ImportRefused('expected one file', usage)
  const number = (name: 'limit' | 'speed' | 'days', most: number): number => {
    const value = Number(values[name])
    if (!(value > 0 && value <= most)) throw new ImportRefused(`--${name} is "${values[name]}"`, `give a number above 0 and up to ${most}`)
    return value
  }
  return { path, map: values.map, limit: Math.ceil(number('limit', 5_000)), speed: number('speed', 1_000_000), days: number('days', 365) }
}

export async function demo(args: string[], env: Record<string, string | undefined>): Promise<number> {
  const options = readOptions(args)
  if (options === null) {
    console.log(usage)
    return 0
  }
  if (env['DATABASE_URL'] === undefined || env['TEMPORAL_ADDRESS'] === undefined)
    throw new ImportRefused('no running Guichet is known', 'start it with npm start, or set DATABASE_URL and TEMPORAL_ADDRESS')
  const mapping = await readMapping(options.map)
  const file = await readEvents(options.path, mapping)
  const plan = planReplay(mapping, file.incidents.values(), { limit: options.limit, withinDays: options.days, now: Date.now() })
  if (plan.tickets.length === 0)
    throw new ImportRefused(`no ticket of the file is resolved within ${options.days} days`, 'give more with --days')
  const db = createDatabase(env['DATABASE_URL'])
  const temporal = createTemporalClient(db, env)
  try {
    await waitForWorker(temporal.client, taskQueueOf(env))
    const failures = await play(db, temporal.client, plan, options.speed)
    return failures === 0 ? 0 : 2
  } finally {
    await temporal.close()
    await db.destroy()
  }
}

/** Until Temporal answers and somebody works: time must not run while nobody does. */
async function waitForWorker(client: Client, taskQueue: string): Promise<void> {
  const deadline = Date.now() + longestStartMs
  for (let reason = 'no worker is there'; ; await new Promise((resolve) => setTimeout(resolve, 500))) {
    try {
      const description = { namespace: client.options.namespace, taskQueue: { name: taskQueue }, taskQueueType: workflowQueueType }
      const { pollers } = await client.withDeadline(Date.now() + 5_000, () => client.workflowService.describeTaskQueue(description))
      if ((pollers?.length ?? 0) > 0) return
    } catch (error) {
      reason = `Temporal does not answer: ${error instanceof Error ? error.message : String(error)}`
    }
    if (Date.now() > deadline) throw new ImportRefused(reason, 'start Guichet with npm start and leave it running')
  }
}

/** Plays all tickets at once, each at its own pace. Returns how many moves could not be made. */
async function play(db: Db, client: Client, plan: ReplayPlan, rate: number): Promise<number> {
  const clock: ReplayClock = { originReal: Date.now(), startAt: plan.startAt, rate }
  const days = (plan.endAt - plan.startAt) / 86_400_000
  console.log(
    `Replaying ${plan.tickets.length} tickets, ${days.toFixed(0)} days from ${new Date(plan.startAt).toISOString().slice(0, 10)} on, in about ${Math.ceil((plan.endAt - plan.startAt) / rate / 1_000)} seconds.`,
  )
  const counts = { actions: 0, played: 0 }
  const failures: string[] = []
  const stage: Stage = {
    db,
    client,
    clock,
    cast: await castReplay(db),
    onAction: () => {
      counts.actions += 1
    },
    onFailure: (reference, move, reason) => failures.push(`  ${reference}: ${move}: ${reason}`),
  }
  const ids = new Map<string, ReplayTicket>()
  const show = () =>
    console.error(
      `${new Date(instanceTime(clock)).toISOString().slice(0, 16)}  ${counts.played} of ${plan.tickets.length} tickets played to the end, ${counts.actions} actions${failures.length > 0 ? `, ${failures.length} not possible` : ''}`,
    )
  const ticker = setInterval(show, 5_000)
  try {
    await Promise.all(
      plan.tickets.map(async (ticket) => {
        try {
          ids.set(await replayTicket(stage, ticket), ticket)
        } catch (error) {
          failures.push(`  ${ticket.reference}: opening: ${error instanceof Error ? error.message : String(error)}`)
        }
        counts.played += 1
      }),
    )
    const outcome = await settled(db, ids, Math.max(Date.now(), clock.originReal + (plan.endAt - plan.startAt) / rate) + graceMs)
    console.log(replaySummary(outcome, counts.actions, failures))
  } finally {
    clearInterval(ticker)
  }
  return failures.length
}

/** Waits for the closures that the process makes by itself, then compares. */
async function settled(db: Db, ids: ReadonlyMap<string, ReplayTicket>, deadline: number) {
  for (;;) {
    const outcome = await compareReplay(db, ids)
    if (outcome.sameStatus === outcome.tickets || Date.now() > deadline) return outcome
    await new Promise((resolve) => setTimeout(resolve, 1_000))
  }
}

if (import.meta.main) {
  try {
    process.exitCode = await demo(process.argv.slice(2), process.env)
  } catch (error) {
    if (error instanceof ImportRefused) console.error(`${error.message}\n${error.remedy}`)
    else if (error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS'))
      console.error(`${error.message}\n${usage}`)
    else console.error(error)
    process.exitCode = 1
  }
}
