import { activityInfo } from '@temporalio/activity'
import type { PublishInput } from '../workflows/protocol.ts'
import { publishMessage, publishSignal } from './store/correlation/publish.ts'
import type { Db } from './store/database.ts'

/**
 * Publishes what an instance has thrown. Who gets it is decided in the database, in one transaction; the outbox brings it there. A repetition of
 * the activity is harmless: a message is known by its thrower, a signal by the activity that carries it.
 */
export function createPublish(db: Db): { publish(input: PublishInput): Promise<void> } {
  return {
    async publish({ fromTicketId, effect }) {
      const { name, variables } = effect
      const thrown = { name, variables, source: `ticket/${fromTicketId}`, at: Date.now() }
      if (effect.type === 'publishMessage') {
        const { correlationKey, timeToLiveMs } = effect
        await publishMessage(db, { ...thrown, correlationKey, timeToLiveMs, messageId: `${fromTicketId}/${effect.messageId}` })
      } else {
        const { workflowExecution, activityId } = activityInfo()
        const messageId = `${workflowExecution?.runId ?? fromTicketId}/${activityId}`
        await publishSignal(db, { ...thrown, messageId, exceptTicketId: fromTicketId })
      }
    },
  }
}
