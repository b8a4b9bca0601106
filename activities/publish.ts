import type { Client } from '@temporalio/client'
import { WorkflowNotFoundError } from '@temporalio/client'
import { sql } from 'kysely'
import { type Delivery, deliverSignal, type PublishInput } from '../workflows/protocol.ts'
import type { Db } from './store/database.ts'

/** Instances that one broadcast may reach. */
const receiverLimit = 1_000

/**
 * Brings a thrown message or signal to the other instances that wait for it now, as their ledgers say. A repetition is
 * harmless for messages: the receiver knows the message id.
 */
export function createPublish(db: Db, client: Client): { publish(input: PublishInput): Promise<void> } {
  return {
    async publish({ fromTicketId, effect }) {
      const kind = effect.type === 'publishMessage' ? 'message' : 'signal'
      const correlationKey = effect.type === 'publishMessage' ? effect.correlationKey : null
      const delivery: Delivery =
        effect.type === 'publishMessage'
          ? { type: 'message', name: effect.name, variables: effect.variables, correlationKey, messageId: effect.messageId }
          : { type: 'signal', name: effect.name, variables: effect.variables }
      for (const ticketId of await receivers(db, kind, effect.name, correlationKey)) {
        // The engine has already delivered a signal within the instance that threw it.
        if (ticketId === fromTicketId && kind === 'signal') continue
        await client.workflow
          .getHandle(ticketId)
          .signal(deliverSignal, delivery)
          .catch((error: unknown) => {
            if (!(error instanceof WorkflowNotFoundError)) throw error
          })
      }
    },
  }
}

async function receivers(db: Db, kind: 'message' | 'signal', name: string, correlationKey: string | null): Promise<string[]> {
  const { rows } = await sql<{ stream_id: string }>`
    select distinct opened.stream_id from fact opened
    where opened.type = 'subscriptionOpened' and opened.body->>'kind' = ${kind} and opened.body->>'name' = ${name}
      and (${kind} = 'signal' or opened.body->>'correlationKey' is not distinct from ${correlationKey}::text)
      and not exists (select from fact closed where closed.stream_id = opened.stream_id and closed.type = 'subscriptionClosed'
        and closed.sequence > opened.sequence and closed.body->>'waitId' = opened.body->>'waitId')
    order by 1 limit ${receiverLimit}`.execute(db)
  return rows.map((row) => row.stream_id)
}
