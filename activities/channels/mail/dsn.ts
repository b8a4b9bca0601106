/** Delivery status notifications (RFC 3464): what another server says became of a mail of ours. */
import type { ParsedMail } from './parse.ts'

export interface DeliveryReport {
  /** Our Message-IDs that it may be about, angle brackets included. */
  messageIds: string[]
  /** The address that could not be reached, lower case; null when the report names none. */
  recipient: string | null
  /** `bounced`: for good (5.x.x); `delayed`: not yet (4.x.x). */
  outcome: 'bounced' | 'delayed' | 'delivered'
  /** Enhanced status code (RFC 3463), such as 5.1.1. */
  status: string | null
  /** What the server said, for people. */
  detail: string
}

const field = (text: string, name: string): string | null =>
  new RegExp(`^${name}:[ \\t]*(.*(?:\\r?\\n[ \\t].*)*)`, 'im')
    .exec(text)?.[1]
    ?.replace(/\r?\n[ \t]+/g, ' ')
    .trim() || null

const addressIn = (value: string | null): string | null => /([^\s;<>]+@[^\s;<>]+)/.exec(value ?? '')?.[1]?.toLowerCase() ?? null

const outcomeOf = (action: string | null, status: string | null): DeliveryReport['outcome'] => {
  if (action === 'delayed' || status?.startsWith('4.')) return 'delayed'
  if (action === 'delivered' || action === 'relayed' || action === 'expanded' || status?.startsWith('2.')) return 'delivered'
  return 'bounced'
}

/** Reads a report as servers write it; where the machine-readable part is missing, from the text. */
export function readDeliveryReport(mail: ParsedMail): DeliveryReport {
  const parts = mail.attachments
    .filter(({ mediaType }) => /^(message|text)\//.test(mediaType))
    .map(({ content }) => content.toString('utf8'))
  const body = [mail.text, ...parts].join('\n')
  const action = field(body, 'Action')?.toLowerCase() ?? null
  const status = /\b([245]\.\d{1,3}\.\d{1,3})\b/.exec(field(body, 'Status') ?? field(body, 'Diagnostic-Code') ?? '')?.[1] ?? null
  const diagnostic = (/^diagnostic-code:.*$/im.exec(body) ?? /^status:.*$/im.exec(body))?.[0]
  return {
    messageIds: [
      ...new Set([...(mail.inReplyTo ? [mail.inReplyTo] : []), ...mail.references, ...(body.match(/<[^<>\s]{1,250}>/g) ?? [])]),
    ].slice(0, 200),
    recipient: addressIn(field(body, 'Final-Recipient')) ?? addressIn(field(body, 'Original-Recipient')),
    outcome: outcomeOf(action, status),
    status,
    detail: (diagnostic ?? mail.subject).slice(0, 500),
  }
}
