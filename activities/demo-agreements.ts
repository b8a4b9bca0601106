/** What contracts and licences of the demonstration asked of their owners and holders, and was answered already; the others wait. */
import { openTask, type Stage, update } from './demo-stage.ts'
import { startWaitingIntakes } from './intake-starter.ts'
import { agreementAnswers, type AgreementAnswer } from '../definitions/seed/agreement-answers.ts'

/** Questions are asked by the processes of the register's records, which start beside this. */
const patienceMs = 10_000
const retryMs = 300

/** The latest open ticket on the process that is still at its first question. */
async function questionOf(stage: Stage, { processId, steps }: AgreementAnswer, taken: ReadonlySet<string>): Promise<string | null> {
  const [first] = steps
  for (const deadline = Date.now() + patienceMs; Date.now() < deadline; ) {
    await startWaitingIntakes(stage.db, stage.client)
    const open = await stage.db
      .selectFrom('task')
      .innerJoin('instance', 'instance.ticketId', 'task.ticketId')
      .select('task.ticketId')
      .where('instance.processId', '=', processId)
      .where('task.elementId', '=', first?.elementId ?? '')
      .where('task.state', '=', 'open')
      .orderBy('task.ticketId')
      .execute()
    const free = open.find(({ ticketId }) => !taken.has(ticketId))
    if (free && open.length > 1) return free.ticketId
    await new Promise((resolve) => setTimeout(resolve, retryMs))
  }
  return null
}

/** Answers some, and leaves at least one of each kind open. @returns what went wrong */
export async function driveAgreements(stage: Stage): Promise<string[]> {
  const problems: string[] = []
  const taken = new Set<string>()
  for (const answer of agreementAnswers) {
    const ticketId = await questionOf(stage, answer, taken)
    if (ticketId === null) continue
    taken.add(ticketId)
    for (const { elementId, actorId, values } of answer.steps) {
      const act = async () => {
        const { waitId, assigneeId } = await openTask(stage, ticketId, elementId)
        await update(stage, ticketId, assigneeId ?? actorId, 'completeTask', { waitId, variables: values })
      }
      await act().catch((error: Error) => problems.push(`${answer.processId}, ${elementId}: ${error.message}`))
    }
  }
  return problems
}
