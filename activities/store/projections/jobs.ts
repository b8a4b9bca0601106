import type { RecordedFact } from '#schema/fact'
import { isTaskId } from '#schema/service-task'
import { instant, type Trx } from '../database.ts'

const jobElements = new Set(['serviceTask', 'sendTask', 'scriptTask', 'businessRuleTask'])

/** How a wait ended, when it may have been a job for the customer's workers; null: it was none. */
function endOf({ fact }: RecordedFact): { waitId: string; state: 'completed' | 'failed' | 'canceled' } | null {
  if (fact.type === 'jobCompleted' && !isTaskId(fact.jobType)) return { waitId: fact.waitId, state: 'completed' }
  if (fact.type === 'jobFailed' && !isTaskId(fact.jobType)) return { waitId: fact.waitId, state: 'failed' }
  if (fact.type === 'elementTerminated' && jobElements.has(fact.elementType)) return { waitId: fact.key, state: 'canceled' }
  return null
}

/** Jobs of the customer's workers that have ended. They begin outside (store/job/jobs.ts), since a fact does not hold what a job works with. */
export async function projectJobs(trx: Trx, ticketId: string, facts: readonly RecordedFact[]): Promise<void> {
  for (const recorded of facts) {
    const end = endOf(recorded)
    if (end === null) continue
    await trx
      .updateTable('job')
      .set({ state: end.state, endedAt: instant(recorded.fact.at) })
      .where('ticketId', '=', ticketId)
      .where('waitId', '=', end.waitId)
      .where('state', '=', 'open')
      .execute()
  }
}
