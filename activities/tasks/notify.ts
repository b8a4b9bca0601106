import type { TaskCall } from '../../workflows/protocol.ts'
import { noteNobody, queueMail } from '../store/message/mail.ts'
import { audiences, isAudience, recipientsOf, ticketToNotify } from './recipients.ts'
import { render } from './render.ts'
import { hopeless, type TaskContext, type TaskHandler } from './task.ts'

/**
 * Task type `notify`: a mail to one of the audiences (recipients.ts). Headers: `template`, `to`, `copy="watchers"`. Each recipient's mail is queued once under the
 * call's key; the mail channel sends it, unless the recipient's wishes or the loop guard say otherwise, which the log then tells.
 * Returns nothing: a notification is not a variable.
 */
export const notify: TaskHandler = {
  async run(call, context) {
    await sendNotification(call, context, () => ({}))
    return {}
  },
}

/** @param extra further values for the template, by recipient */
export async function sendNotification(
  call: TaskCall,
  context: TaskContext,
  extra: (recipientId: string) => Record<string, unknown>,
): Promise<void> {
  const { template, to } = call.headers
  if (template === undefined)
    throw hopeless('missingHeader', `expected a header 'template' at ${call.elementId}, found none: add it in the diagram`)
  if (!isAudience(to))
    throw hopeless('unknownAudience', `expected a header 'to' of ${audiences.join(', ')} at ${call.elementId}, found '${to ?? ''}'`)
  const { db, publicUrl, signal } = context
  const ticket = await ticketToNotify(db, call.ticketId)
  const ticketUrl = `${publicUrl}/tickets/${ticket.number}`
  const recipients = await recipientsOf(db, to, { ticketId: call.ticketId, ticket, input: call.input })
  if (recipients.length === 0)
    await noteNobody(db, { idempotencyKey: `${call.idempotencyKey}/nobody`, ticketId: call.ticketId, template, audience: to })
  const copies =
    call.headers.copy === 'watchers' ? await recipientsOf(db, 'watchers', { ticketId: call.ticketId, ticket, input: call.input }) : []
  for (const recipient of [...recipients, ...copies]) {
    signal.throwIfAborted()
    // What the task is given goes first: a variable never hides the ticket's own data.
    const values = { ...call.input, ...ticket, ticketUrl, recipientName: recipient.name, ...extra(recipient.id) }
    const mail = await render(db, template, recipient.locale, values)
    await queueMail(db, {
      idempotencyKey: `${call.idempotencyKey}/${recipient.id}`,
      ticketId: call.ticketId,
      template,
      locale: recipient.locale,
      recipient: recipient.email,
      ...mail,
    })
  }
}
