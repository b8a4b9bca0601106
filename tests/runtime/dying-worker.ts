/** A worker that is gone at the very moment at which facts of an instance are stored: after the flush, before Temporal hears of it. */
import pg from 'pg'
import pino from 'pino'
import { createDatabase } from '../../activities/store/database.ts'
import { noticeChannel } from '../../activities/store/facts.ts'
import { installRuntime, startWorker } from '../../activities/worker.ts'

const url = process.env.DATABASE_URL ?? ''
const log = pino({ level: 'info' })
installRuntime(log)
const listener = new pg.Client({ connectionString: url })
await listener.connect()
listener.on('notification', () => process.kill(process.pid, 'SIGKILL'))
await listener.query(`listen ${noticeChannel}`)
await (await startWorker({ db: createDatabase(url), env: process.env, log })).done
