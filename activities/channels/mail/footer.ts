import { notificationEvents } from '#schema/notification'
import { unsubscribeToken } from './unsubscribe-link.ts'

/** Where links in mails lead, and what signs them. */
export interface MailLinks {
  publicUrl: string
  secret: string
}
export interface FooterSubject {
  /** Null: not a person of the register, who has nothing to unsubscribe from. */
  personId: string | null
  template: string
  locale: string
  isMandatory: boolean
}
export interface Footer {
  text: string
  html: string
  /** Headers of RFC 2369 and RFC 8058: mail programs show a button. */
  headers: Record<string, string>
}

const escaped = (text: string) => text.replace(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c] ?? c)
const style = 'margin:16px auto 0;max-width:560px;font-family:Segoe UI,Helvetica,Arial,sans-serif;font-size:12px;color:#5a6478'

const words = {
  fr: {
    mandatory: 'Ce message est nécessaire au traitement de votre demande ou à votre sécurité : il est toujours envoyé.',
    stop: (name: string) => `Ne plus recevoir « ${name} »`,
    settings: 'Mes notifications',
  },
  en: {
    mandatory: 'This message is needed to handle your request or for your safety: it is always sent.',
    stop: (name: string) => `Stop receiving “${name}”`,
    settings: 'My notifications',
  },
}

/** How to get less of this mail, or why one cannot; null when there is nothing to say. */
export function footerOf(links: MailLinks, { personId, template, locale, isMandatory }: FooterSubject): Footer | null {
  if (personId === null || template === 'digest' || template === 'test') return null
  const w = words[locale === 'en' ? 'en' : 'fr']
  const settings = `${links.publicUrl}/notifications`
  if (isMandatory)
    return {
      text: `\n-- \n${w.mandatory}\n${w.settings}${locale === 'en' ? '' : ' '}: ${settings}\n`,
      html: `<p style="${style}">${escaped(w.mandatory)} <a href="${escaped(settings)}">${w.settings}</a></p>`,
      headers: {},
    }
  const name = notificationEvents.find(({ id }) => id === template)?.name[locale === 'en' ? 'en' : 'fr'] ?? template
  const token = unsubscribeToken(links.secret, { personId, event: template })
  const page = `${links.publicUrl}/unsubscribe/${token}`
  return {
    text: `\n-- \n${w.stop(name)}${locale === 'en' ? '' : ' '}: ${page}\n${w.settings}${locale === 'en' ? '' : ' '}: ${settings}\n`,
    html: `<p style="${style}"><a href="${escaped(page)}">${escaped(w.stop(name))}</a> · <a href="${escaped(settings)}">${w.settings}</a></p>`,
    headers: {
      'List-Unsubscribe': `<${links.publicUrl}/api/v1/unsubscribe/${token}>`,
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
    },
  }
}
