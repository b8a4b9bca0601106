/** The tickets that a licence opens by itself: about its term, about too much use, about a seat that nobody uses. */
import type { Variables } from '#schema/json'
import { systemActor } from '#schema/role'
import { addDays } from '#schema/calendar-date'
import { licencePosition, type RenewalProposal, renewalProposal } from '#domain/licence-position'
import { managersGroup } from '../store/approval/approvers.ts'
import type { Db } from '../store/database.ts'
import { deskInstant } from '../store/record/contracts.ts'
import {
  holderOf,
  type Installation,
  installationsOf,
  type KnownLicence,
  moveInstallation,
  readInstallation,
} from '../store/record/licences.ts'
import { isKnownInstance } from '../store/ticket/instances.ts'
import { openTicket } from '../store/ticket/intake.ts'
import { dayWords } from './day-words.ts'
import { keyId } from './key-id.ts'

type Locale = 'fr' | 'en'
/** Who withdraws a seat when its holder no longer needs it. */
const seatGroup = 'service-desk'
/** Seats asked about in one step; the others follow in the next. */
const atOnce = 25
const answerHour = 18

interface Question {
  ticketId: string
  processId: string
  fields: { title: string; description: string; requesterId: string; assigneeId?: string | null; groupId: string }
  extra: Variables
}

async function open(db: Db, { ticketId, processId, fields, extra }: Question): Promise<void> {
  if (await isKnownInstance(db, ticketId)) return
  const opened = { kind: 'request' as const, channel: 'api' as const, openedById: systemActor.id }
  await openTicket(db, { ...opened, processId, ticketId, fields, extra: { ...extra, moveKey: ticketId } })
}

/** Somebody who has left cannot decide: his ticket waits in the managers' queue. */
export async function ownerOf(db: Db, ownerId: string | null): Promise<{ id: string | null; locale: Locale }> {
  if (ownerId === null) return { id: null, locale: 'fr' }
  const row = await db.selectFrom('person').select(['locale', 'isActive']).where('id', '=', ownerId).executeTakeFirst()
  return { id: row?.isActive ? ownerId : null, locale: row?.locale === 'en' ? 'en' : 'fr' }
}

const money = (amount: number, locale: Locale): string =>
  new Intl.NumberFormat(locale === 'fr' ? 'fr-FR' : 'en-GB', { style: 'currency', currency: 'EUR', maximumFractionDigits: 0 }).format(
    amount,
  )

/** The proposal in the owner's words: how many seats are really used, and what that would save. */
export function proposalWords({ inUse, decision, seats, saving }: RenewalProposal, owned: number, locale: Locale): string {
  const fr = locale === 'fr'
  const use = fr ? `${inUse} droits réellement utilisés sur ${owned}.` : `${inUse} of ${owned} seats are really used.`
  const saves = saving > 0 ? (fr ? ` Économie : ${money(saving, locale)} par an.` : ` Saving: ${money(saving, locale)} a year.`) : ''
  const say = {
    renew: fr ? ' Proposition : reconduire à l’identique.' : ' Proposal: renew as it is.',
    reduce: fr ? ` Proposition : reconduire ${seats} droits.` : ` Proposal: renew ${seats} seats.`,
    end: fr ? ' Proposition : arrêter.' : ' Proposal: end it.',
  }
  return `${use}${say[decision]}${saves}`
}

/** Opens the ticket in which the owner decides about the term, with a proposal from actual use already in its form. */
export async function askOwner(db: Db, { id, licence }: KnownLicence, today: string, key: string): Promise<Variables> {
  if (licence.endsOn === null) return {}
  const owner = await ownerOf(db, licence.ownerId)
  const { locale } = owner
  const proposal = renewalProposal(licence, await installationsOf(db, [id]), today)
  const [end, words] = [dayWords(licence.endsOn, locale), proposalWords(proposal, licence.seats, locale)]
  await open(db, {
    ticketId: keyId(key, 'licence-decision'),
    processId: 'licence-decision',
    fields: {
      title: locale === 'fr' ? `Reconduire, réduire ou arrêter : ${licence.name}` : `Renew, reduce or end: ${licence.name}`,
      description: `${locale === 'fr' ? `La licence prend fin le ${end} ; sans décision, elle n’est pas reconduite.` : `The licence ends on ${end}; without a decision it is not renewed.`} ${words}`,
      requesterId: licence.ownerId ?? systemActor.id,
      assigneeId: owner.id,
      groupId: managersGroup,
    },
    extra: {
      licenceId: id,
      licenceName: licence.name,
      endsOn: licence.endsOn,
      endText: end,
      proposalText: words,
      licenceDecision: proposal.decision,
      decidedSeats: proposal.seats,
      proposal: { ...proposal },
    },
  })
  return {}
}

/** Opens the ticket in which use beyond the entitlements is put right. */
export async function tellOveruse(db: Db, { id, licence }: KnownLicence, today: string, key: string): Promise<Variables> {
  const owner = await ownerOf(db, licence.ownerId)
  const { used } = licencePosition(licence, await installationsOf(db, [id]), today)
  const { seats } = licence
  if (used <= seats) return {}
  const words =
    owner.locale === 'fr'
      ? {
          title: `Licences dépassées : ${licence.name}`,
          description: `${used} utilisés pour ${seats} droits acquis : acheter, retirer ou justifier.`,
        }
      : { title: `Licences overused: ${licence.name}`, description: `${used} in use for ${seats} bought: buy, withdraw or account for it.` }
  await open(db, {
    ticketId: keyId(key, 'licence-overuse'),
    processId: 'licence-overuse',
    fields: { ...words, requesterId: licence.ownerId ?? systemActor.id, assigneeId: owner.id, groupId: managersGroup },
    extra: { licenceId: id, licenceName: licence.name, seats, used, excess: used - seats },
  })
  return {}
}

const lastUsed = ({ lastUsedOn }: Installation, locale: Locale): string =>
  lastUsedOn === null ? (locale === 'fr' ? 'jamais' : 'never') : dayWords(lastUsedOn, locale)

/** The holder's ticket about one seat. */
async function seatQuestion(db: Db, known: KnownLicence, seat: { id: string; values: Installation }, today: string, publicUrl: string) {
  const holderId = (await holderOf(db, seat.values, known.licence.ownerId)) ?? systemActor.id
  const holder = await db.selectFrom('person').select(['name', 'locale', 'managerId']).where('id', '=', holderId).executeTakeFirst()
  const locale: Locale = holder?.locale === 'en' ? 'en' : 'fr'
  const { name, reclaimGraceDays } = known.licence
  const answerBy = addDays(today, reclaimGraceDays)
  const [by, used] = [dayWords(answerBy, locale), lastUsed(seat.values, locale)]
  return {
    fields: {
      title: locale === 'fr' ? `Encore utile ? ${name}` : `Still needed? ${name}`,
      description:
        locale === 'fr'
          ? `Dernier usage : ${used}. Dites d’ici le ${by} si cette licence vous sert encore ; sinon elle est récupérée.`
          : `Last used: ${used}. Say by ${by} whether you still need this licence; otherwise it is taken back.`,
      requesterId: holderId,
      groupId: seatGroup,
    },
    extra: {
      licenceId: known.id,
      licenceName: name,
      installationId: seat.id,
      holderId,
      holderName: holder?.name ?? holderId,
      toldIds: [...new Set([holderId, holder?.managerId ?? known.licence.ownerId ?? holderId])],
      askedOn: today,
      lastUsedText: used,
      answerByText: by,
      answerUrl: `${publicUrl}/portal`,
      remindAt: deskInstant(addDays(today, Math.ceil(reclaimGraceDays / 2)), 8),
      answerDueAt: deskInstant(answerBy, answerHour),
    },
  }
}

/** Asks the holders of unused seats, each once: the seat is marked and its ticket opened in one transaction. */
export async function askHolders(
  db: Db,
  known: KnownLicence,
  { today, key, publicUrl }: { today: string; key: string; publicUrl: string },
): Promise<Variables> {
  const { unused } = licencePosition(known.licence, await installationsOf(db, [known.id]), today)
  for (const id of unused.slice(0, atOnce)) {
    const seat = await readInstallation(db, id)
    if (!seat) continue
    const question = await seatQuestion(db, known, seat, today, publicUrl)
    const asked = { status: 'reclaimRequested' as const, reviewedOn: today }
    await moveInstallation(db, id, ['active', 'kept'], asked, { actorId: systemActor.id }, (trx) =>
      open(trx, { ticketId: keyId(`${key}/${id}`, 'licence-reclaim'), processId: 'licence-reclaim', ...question }),
    )
  }
  return {}
}
