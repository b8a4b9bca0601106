import { readdirSync, readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { Worker } from '@temporalio/worker'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createDataConverter } from '../../activities/temporal-client.ts'
import { testBundle } from './desk.ts'
import { freshDatabase, type FreshDatabase } from '../setup/database.ts'
import { historiesFolder, historyOf, missingRecordings, type Recording, recordIncident } from './record.ts'

let database: FreshDatabase

beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database.drop())

const recordings = readdirSync(historiesFolder).filter((name) => name.endsWith('.json.gz'))
const read = (name: string) => JSON.parse(gunzipSync(readFileSync(new URL(name, historiesFolder))).toString()) as Recording

async function replay({ bundles }: Recording, history: ReturnType<typeof historyOf>): Promise<void> {
  for (const [hash, content] of Object.entries(bundles)) {
    await database.db
      .insertInto('blob')
      .values({ hash, content: Buffer.from(content, 'base64') })
      .onConflict((on) => on.column('hash').doNothing())
      .execute()
  }
  await Worker.runReplayHistory(
    { workflowBundle: await testBundle(), dataConverter: createDataConverter(database.db, {}) },
    history,
    'replayed',
  )
}

test('every shipped process and every element has a recorded history: GUICHET_RECORD=missing npx vitest run --project integration tests/runtime/record.test.ts', () => {
  expect(missingRecordings()).toEqual([])
})

test.each(recordings)('%s replays with the code of today', async (name) => {
  const recording = read(name)
  await replay(recording, historyOf(recording))
})

test('a history that another program made does not replay', async () => {
  const recording = read('incident-1.json.gz')
  const history = historyOf(recording)
  const scheduled = history.events.find((event) => event.activityTaskScheduledEventAttributes)?.activityTaskScheduledEventAttributes
  if (!scheduled?.activityType) throw new Error('expected an activity in the history, found none')
  scheduled.activityType.name = 'somethingElse'
  await expect(replay(recording, history)).rejects.toThrow()
})

test('an incident of today replays', async () => {
  const recording = await recordIncident()
  await replay(recording, historyOf(recording))
}, 60_000)
