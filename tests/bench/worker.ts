/** The worker of the benchmark: as in production, but with the bundle that also holds the hand-written workflow. */
import { readFileSync } from 'node:fs'
import pino from 'pino'
import { createDatabase } from '../../activities/store/database.ts'
import { installRuntime, startWorker } from '../../activities/worker.ts'

const [bundlePath] = process.argv.slice(2)
const { DATABASE_URL: url } = process.env
if (bundlePath === undefined || url === undefined)
  throw new Error('expected the path of a workflow bundle and DATABASE_URL, found one of them missing')
const log = pino({ level: 'info' })
installRuntime(log)
const db = createDatabase(url)
const worker = await startWorker({
  db,
  env: process.env,
  log,
  isWithoutIntake: true,
  workflowBundle: { code: readFileSync(bundlePath, 'utf8') },
})
process.once('SIGTERM', () => void worker.stop())
await worker.done
await db.destroy()
