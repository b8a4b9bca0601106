import { sendNotification } from './notify.ts'
import { surveyLinkMs, surveyToken } from './survey-link.ts'
import type { TaskHandler } from './task.ts'

/** Task type `survey`: the satisfaction survey by mail, with a link that needs no sign-in. Headers as for `notify`; the template finds the link as `surveyUrl`. */
export const survey: TaskHandler = {
  async run(call, context) {
    const expiresAt = Date.now() + surveyLinkMs
    await sendNotification(call, context, (personId) => ({
      surveyUrl: `${context.publicUrl}/survey/${surveyToken(context.secret, { ticketId: call.ticketId, personId, expiresAt })}`,
    }))
    return {}
  },
}
