/** Sends one update and waits for its answer, for ever: a caller that can be killed. Argument: { ticketId, name, command } as JSON. */
import { createDatabase } from '../../activities/store/database.ts'
import { createTemporalClient } from '../../activities/temporal-client.ts'

const { ticketId, name, command } = JSON.parse(process.argv[2] ?? '{}')
const { client } = createTemporalClient(createDatabase(process.env.DATABASE_URL ?? ''), process.env)
await client.workflow.getHandle(ticketId).executeUpdate(name, { args: [command], updateId: command.key })
