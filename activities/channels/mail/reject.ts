import { randomUUID } from 'node:crypto'
import type { Db } from '../../store/database.ts'

/** Why a mail was not taken; said to the sender's server and kept for the administrator. */
export interface MailRefusal {
  /** SMTP reply code (RFC 5321 §4.2). */
  smtpCode: 550 | 552 | 554
  /** Enhanced status code (RFC 3463). */
  status: string
  reason: string
  remedy: string
}

export class RefusedMail extends Error {
  override readonly name = 'RefusedMail'
  readonly refusal: MailRefusal
  constructor(refusal: MailRefusal) {
    super(`${refusal.status} ${refusal.reason} ${refusal.remedy}`)
    this.refusal = refusal
  }
}

const keptBytes = 1024 * 1024
const mebibyte = 1024 * 1024

export const tooLargeMail = (limitBytes: number, foundBytes: number): MailRefusal => ({
  smtpCode: 552,
  status: '5.3.4',
  reason: `The message has ${(foundBytes / mebibyte).toFixed(1)} MB; the limit is ${Math.round(limitBytes / mebibyte)} MB.`,
  remedy: 'Send the files one by one, or share them by a link. / Envoyez les fichiers un par un, ou partagez-les par un lien.',
})
export const emptyMail: MailRefusal = {
  smtpCode: 550,
  status: '5.6.0',
  reason: 'The message has no subject, no text and no attachment.',
  remedy: 'Write what happened and send it again. / Décrivez ce qui se passe et renvoyez le message.',
}
export const deskClosedToMail = (name: { fr: string; en: string }): MailRefusal => ({
  smtpCode: 550,
  status: '5.7.1',
  reason: `The desk "${name.en}" takes no mail.`,
  remedy: `Reach it another way. / « ${name.fr} » ne reçoit pas de courriel : contactez-le autrement.`,
})
export const senderlessMail: MailRefusal = {
  smtpCode: 550,
  status: '5.1.7',
  reason: 'The message does not say who sent it (no From address).',
  remedy: 'Send it from a mail address of your own.',
}
export const unreadableMail = (detail: string): MailRefusal => ({
  smtpCode: 554,
  status: '5.6.0',
  reason: `The message cannot be read: ${detail}`,
  remedy: 'Send it again as plain text.',
})

/** Keeps a refused mail with its reason: the first MB of it, so that nothing is lost without a trace. */
export async function keepRejected(
  db: Db,
  refusal: MailRefusal,
  mail: { sender: string | null; subject: string | null; raw: Buffer | null; at: number },
): Promise<void> {
  await db
    .insertInto('rejectedMail')
    .values({
      id: randomUUID(),
      receivedAt: new Date(mail.at),
      sender: mail.sender,
      subject: mail.subject,
      reason: `${refusal.status} ${refusal.reason}`,
      remedy: refusal.remedy,
      raw: mail.raw?.subarray(0, keptBytes) ?? null,
    })
    .execute()
}
