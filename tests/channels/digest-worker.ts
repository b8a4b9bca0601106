/** A worker's digest round in a process of its own, to be killed in the middle. */
import { sendDueDigests } from '../../activities/digest.ts'
import { createDatabase } from '../../activities/store/database.ts'

const db = createDatabase(process.env['DATABASE_URL'] ?? '', { max: 1 })
process.stdout.write('started\n')
await sendDueDigests(db, 'http://desk.test', Number(process.env['NOW']))
await db.destroy()
