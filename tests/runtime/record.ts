/**
 * Records the history of an incident, with the bundles that it refers to. When the workflow's code changes on purpose in a way
 * that old histories must still follow (`patched()`), record a new one beside the old: `GUICHET_RECORD=incident-2 npx vitest run tests/runtime/record.test.ts`.
 */
import { temporal } from '@temporalio/proto'
import { createDesk, until } from './desk.ts'
import { confirm, isClosed, resolve, ticketOf, triage } from './steps.ts'

export const historiesFolder = new URL('histories/', import.meta.url)

export interface Recording {
  /** Protobuf of a history (base64). */
  history: string
  /** Stored bundles (gzip, base64) by hash. */
  bundles: Record<string, string>
}

export const historyOf = ({ history }: Recording) => temporal.api.history.v1.History.decode(Buffer.from(history, 'base64'))

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
    const history = await desk.client.workflow.getHandle(ticketId).fetchHistory()
    const { bundleHash } = await desk.db
      .selectFrom('instance')
      .select('bundleHash')
      .where('ticketId', '=', ticketId)
      .executeTakeFirstOrThrow()
    const { content } = await desk.db.selectFrom('blob').select('content').where('hash', '=', bundleHash).executeTakeFirstOrThrow()
    return {
      history: Buffer.from(temporal.api.history.v1.History.encode(history).finish()).toString('base64'),
      bundles: { [bundleHash]: content.toString('base64') },
    }
  } finally {
    await desk.close()
  }
}
