/**
 * A message template: a Handlebars source in three parts, `subject: ...` on the first line, then `--- text` and `--- html`.
 * A line `mandatory: yes` under the subject: nobody can unsubscribe from it.
 */
export interface TemplateParts {
  subject: string
  text: string
  /** Null: the mail is text only. */
  html: string | null
  isMandatory: boolean
}

/** What every template may use, whatever the process: the ticket, the recipient, and what the desk's own tasks add. */
export const templateVariables: readonly string[] = [
  'number',
  'title',
  'description',
  'status',
  'kind',
  'channel',
  'priority',
  'impact',
  'urgency',
  'category',
  'service',
  'requesterId',
  'requesterName',
  'assigneeId',
  'assigneeName',
  'groupId',
  'groupName',
  'deskId',
  'deskName',
  'pendingReason',
  'resolution',
  'resolutionCode',
  'openedAt',
  'ticketId',
  'ticketUrl',
  'recipientName',
  'authorName',
  'messageText',
  'question',
  'reason',
  'sla',
  'surveyUrl',
  'mails',
  'mailCount',
]

/** Takes a template apart. @throws when the first line is not the subject, or the text is missing */
export function splitTemplate(source: string): TemplateParts {
  const [head = '', ...rest] = source.split(/^--- (?=text$|html$)/m)
  const subject = /^subject:(.*)$/m.exec(head)?.[1]?.trim()
  if (!subject) throw new Error('expected "subject: ..." on the first line of the template, found none')
  const part = (name: string) => rest.find((section) => section.startsWith(`${name}\n`))?.slice(name.length + 1)
  const text = part('text')
  if (text === undefined) throw new Error('expected a section "--- text" in the template, found none')
  const isMandatory = /^mandatory:\s*(yes|oui|true)\s*$/m.test(head)
  return { subject, text: text.trimEnd(), html: part('html')?.trimEnd() ?? null, isMandatory }
}
