/** Is a mail written by a machine? Such mail is recorded, but opens nothing and is never answered (RFC 3834). */

export interface MailOrigin {
  /** Lower-case header names; several of one name joined by a line feed. */
  headers: ReadonlyMap<string, string>
  /** Envelope sender; empty for the null return path of bounces, null when unknown. */
  returnPath: string | null
  from: string | null
}
export type AutomaticKind = 'bounce' | 'autoReply' | 'bulk' | 'loop'

const robotSenders = /^(mailer-daemon|postmaster|no-?reply|do-?not-?reply|bounces?)([+.\-_][^@]*)?@/i

/**
 * @param ownAddresses where the desk itself writes from: its own mail coming back is a loop
 * @returns what kind of automatic mail it is, or null for a person's
 */
export function automaticKind({ headers, returnPath, from }: MailOrigin, ownAddresses: readonly string[]): AutomaticKind | null {
  const header = (name: string) => headers.get(name)?.trim().toLowerCase() ?? ''
  if (from !== null && ownAddresses.some((own) => own.toLowerCase() === from.toLowerCase())) return 'loop'
  if (headers.has('x-guichet-ticket')) return 'loop'
  if (header('content-type').startsWith('multipart/report') || (returnPath === '' && /^(mailer-daemon|postmaster)@/i.test(from ?? '')))
    return 'bounce'
  const autoSubmitted = header('auto-submitted').split(';')[0]?.trim() ?? ''
  if (autoSubmitted !== '' && autoSubmitted !== 'no') return 'autoReply'
  if (returnPath === '' || robotSenders.test(from ?? '')) return 'autoReply'
  if (headers.has('x-auto-response-suppress') && /\b(all|oof|autoreply)\b/.test(header('x-auto-response-suppress'))) return 'autoReply'
  if (headers.has('x-autoreply') || headers.has('x-autorespond') || headers.has('x-autoresponder') || header('precedence') === 'auto_reply')
    return 'autoReply'
  if (/^(bulk|junk|list)$/.test(header('precedence')) || headers.has('list-id')) return 'bulk'
  return null
}
