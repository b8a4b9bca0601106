/** What becomes of a licence's open questions when the register moves under them: adapted, or withdrawn with the reason. */
import type { Variables } from '#schema/json'
import { type Installed, licencePosition } from '#domain/licence-position'
import type { Db } from '../store/database.ts'
import { systemActor } from '#schema/role'
import { type KnownLicence, moveInstallation } from '../store/record/licences.ts'
import { type AskedTicket, tellMoved, ticketsAbout } from '../store/ticket/asked-tickets.ts'
import { dayWords } from './day-words.ts'
import { ownerOf } from './licence-questions.ts'

type Locale = 'fr' | 'en'
const inWords = (locale: Locale, fr: string, en: string): string => (locale === 'fr' ? fr : en)

/** Why the question about a term no longer stands; null: it does. */
function whyWithdrawn({ licence, isArchived }: KnownLicence, asked: Variables, locale: Locale): string | null {
  if (isArchived) return inWords(locale, 'La licence a été archivée.', 'The licence was archived.')
  if (licence.status === 'ended') return inWords(locale, 'La licence est terminée.', 'The licence has ended.')
  if (licence.decision !== 'none')
    return inWords(locale, 'La décision a été inscrite au registre.', 'The decision was written in the register.')
  if (licence.endsOn === null) return inWords(locale, 'La licence n’a plus d’échéance.', 'The licence has no end any more.')
  const [from, to] = [dayWords(String(asked.endsOn), locale), dayWords(licence.endsOn, locale)]
  return licence.endsOn === asked.endsOn
    ? null
    : inWords(locale, `L’échéance est passée du ${from} au ${to}.`, `The end was moved from ${from} to ${to}.`)
}

async function settleDecision(db: Db, known: KnownLicence, ticket: AskedTicket, key: string): Promise<void> {
  const owner = await ownerOf(db, known.licence.ownerId)
  const why = whyWithdrawn(known, ticket.variables, owner.locale)
  const send = (variables: Variables) => tellMoved(db, { ticketId: ticket.ticketId, key: `${key}/${ticket.ticketId}`, variables })
  if (why !== null) await send({ stillAsked: false, moveReason: why })
  else if (owner.id !== null && owner.id !== ticket.variables.assigneeId) {
    const moveReason = inWords(owner.locale, 'La licence a changé de responsable.', 'The licence has another owner.')
    await send({ stillAsked: true, moveReason, assigneeId: owner.id })
  }
}

/** A seat that was used again, or that somebody else has settled, is no longer asked about. */
function whySeatSettled(known: KnownLicence, seat: Installed | undefined, askedOn: string): [fr: string, en: string] | null {
  if (known.isArchived || known.licence.status === 'ended') return ['La licence est terminée.', 'The licence has ended.']
  if (!seat || seat.status === 'removed') return ['La licence a déjà été retirée.', 'The licence was withdrawn already.']
  if (seat.status === 'kept') return ['La licence est conservée, dit le registre.', 'The licence is kept, says the register.']
  return seat.lastUsedOn !== null && seat.lastUsedOn >= askedOn ? ['La licence vient de resservir.', 'The licence was used again.'] : null
}

/** Looks at every open question of the licence; each is told at most once under the key. */
export async function settleQuestions(
  db: Db,
  known: KnownLicence,
  installations: readonly Installed[],
  { today, key }: { today: string; key: string },
): Promise<void> {
  const openOf = async (processId: string) => (await ticketsAbout(db, processId, 'licenceId', known.id)).filter(({ isOpen }) => isOpen)
  for (const ticket of await openOf('licence-decision')) await settleDecision(db, known, ticket, key)
  const { free } = licencePosition(known.licence, installations, today)
  const isWithin = free === null || free >= 0 || known.isArchived || known.licence.status === 'ended'
  for (const { ticketId } of isWithin ? await openOf('licence-overuse') : []) {
    const { locale } = await ownerOf(db, known.licence.ownerId)
    const moveReason = inWords(locale, 'L’usage est revenu dans les droits acquis.', 'Use is back within what was bought.')
    await tellMoved(db, { ticketId, key: `${key}/${ticketId}`, variables: { moveReason } })
  }
  for (const { ticketId, variables } of await openOf('licence-reclaim')) {
    const seat = installations.find(({ id }) => id === variables.installationId)
    const why = whySeatSettled(known, seat, String(variables.askedOn))
    // Used again: it is in use like any other, and asked about anew when it is not for long enough.
    if (why && seat) await moveInstallation(db, seat.id, ['reclaimRequested'], { status: 'active' }, { actorId: systemActor.id })
    if (why) await tellMoved(db, { ticketId, key: `${key}/${ticketId}`, variables: { moveReason: why[0] } })
  }
}
