import { createHash } from 'node:crypto'
import { type AddressObject, type ParsedMail as RawMail, simpleParser } from 'mailparser'
import sanitizeHtml from 'sanitize-html'

export interface MailAddress {
  address: string
  name: string
}
export interface ParsedMail {
  /** With angle brackets; made from the content when the mail has none. */
  messageId: string
  inReplyTo: string | null
  references: string[]
  from: MailAddress | null
  to: MailAddress[]
  cc: MailAddress[]
  subject: string
  /** Plain text, quoted history cut at our own marker; empty when there is none. */
  text: string
  /** Sanitised; null when the mail has no HTML part. */
  html: string | null
  attachments: { name: string; mediaType: string; content: Buffer }[]
  headers: Map<string, string>
  sha256: string
  language: 'fr' | 'en' | null
}

/** Above this line one answers; what stands below is ours. */
export const replyMarker = '--- Répondez au-dessus de cette ligne / Reply above this line ---'
const maxTextLength = 100_000
const maxSubjectLength = 200
const maxAttachments = 50
const messageIdPattern = /<[^<>\s]{1,250}>/g

const addressesOf = (field: AddressObject | AddressObject[] | undefined): MailAddress[] =>
  (Array.isArray(field) ? field : field ? [field] : [])
    .flatMap((f) => f.value)
    .flatMap((v) => (v.group ? v.group : [v]))
    .flatMap((v) => (v.address ? [{ address: v.address.toLowerCase(), name: v.name.trim() || v.address }] : []))

const idsIn = (text: string | undefined): string[] => text?.match(messageIdPattern) ?? []

/** Remote pictures would tell the sender who reads; scripts, forms and styles of the page stay out. */
export const safeHtml = (html: string): string =>
  sanitizeHtml(html, {
    allowedTags: [
      'p',
      'br',
      'div',
      'span',
      'a',
      'b',
      'strong',
      'i',
      'em',
      'u',
      's',
      'ul',
      'ol',
      'li',
      'blockquote',
      'pre',
      'code',
      'table',
      'thead',
      'tbody',
      'tr',
      'td',
      'th',
      'h1',
      'h2',
      'h3',
      'h4',
      'hr',
    ],
    allowedAttributes: { a: ['href', 'title'], td: ['colspan', 'rowspan'], th: ['colspan', 'rowspan'] },
    allowedSchemes: ['http', 'https', 'mailto'],
    transformTags: { a: sanitizeHtml.simpleTransform('a', { rel: 'noopener noreferrer nofollow', target: '_blank' }, true) },
  }).trim()

const cutHistory = (text: string): string => {
  const at = text.indexOf(replyMarker)
  if (at < 0) return text
  // the line before the marker announces the quotation ("On Monday, X wrote:"); quoting signs go with it
  return text.slice(0, at).replace(/(\n>?[^\n]*:\s*)?\n?>*\s*$/, '')
}

function headersOf(mail: RawMail): Map<string, string> {
  const headers = new Map<string, string>()
  for (const { key, line } of mail.headerLines) {
    const value = line
      .slice(line.indexOf(':') + 1)
      .replace(/\r?\n\s+/g, ' ')
      .trim()
    headers.set(key, headers.has(key) ? `${headers.get(key)}\n${value}` : value)
  }
  return headers
}

/** Reads a MIME message. @throws when it is not one (no header at all) */
export async function parseMail(raw: Buffer): Promise<ParsedMail> {
  const mail = await simpleParser(raw, { skipImageLinks: true, maxHtmlLengthToParse: 2_000_000 })
  const headers = headersOf(mail)
  if (headers.size === 0) throw new Error('expected a MIME message with headers, found none')
  const sha256 = createHash('sha256').update(raw).digest('hex')
  const html = typeof mail.html === 'string' ? safeHtml(mail.html) : ''
  const language = /\b(fr|en)\b/i.exec(headers.get('content-language') ?? headers.get('accept-language') ?? '')?.[1]?.toLowerCase()
  return {
    messageId: idsIn(mail.messageId)[0] ?? `<sha256.${sha256}@unidentified.invalid>`,
    inReplyTo: idsIn(mail.inReplyTo)[0] ?? null,
    references: [...new Set(idsIn(headers.get('references')))].slice(-100),
    from: addressesOf(mail.from)[0] ?? null,
    to: addressesOf(mail.to),
    cc: addressesOf(mail.cc),
    subject: (mail.subject ?? '').replace(/\s+/g, ' ').trim().slice(0, maxSubjectLength),
    text: cutHistory(mail.text ?? '')
      .trim()
      .slice(0, maxTextLength),
    html: html === '' ? null : html,
    attachments: mail.attachments.slice(0, maxAttachments).map((a, i) => ({
      name: (a.filename ?? `part-${i + 1}`).replace(/[\\/\p{Cc}]/gu, '_').slice(0, 255),
      mediaType: a.contentType,
      content: a.content,
    })),
    headers,
    sha256,
    language: language === 'fr' || language === 'en' ? language : null,
  }
}

/** Ticket numbers in brackets, as our own subjects carry them: `[INC-000123]`. */
export const subjectToken = (subject: string): string | null => /\[([A-Z]{3}-\d{6,})\]/i.exec(subject)?.[1]?.toUpperCase() ?? null
/** A new ticket's title: without `Re:`, `Fwd:`, `TR:` and the like. */
export const bareSubject = (subject: string): string => subject.replace(/^((re|r[ée]p|fwd?|tr|aw|wg)\s*:\s*)+/i, '').trim()
