import { judgeTemplate } from '../../store/change/templates.ts'
import type { TaskHandler } from '../task.ts'

/** Task type `recordChangeOutcome`: counts the outcome against the template, which is withdrawn after too many failures. Says so as `isTemplateWithdrawn`. */
export const recordChangeOutcome: TaskHandler = {
  async run(call, { db }) {
    const { templateId } = call.input
    if (typeof templateId !== 'string') return { isTemplateWithdrawn: false }
    const { isWithdrawn } = await judgeTemplate(db, templateId, call.ticketId)
    return { isTemplateWithdrawn: isWithdrawn }
  },
}
