import type { Json, Variables } from '#schema/json'
import { addDays } from '#schema/calendar-date'
import { systemActor } from '#schema/role'
import { licencePosition } from '#domain/licence-position'
import { lookAtLicence } from '#domain/licence-terms'
import { managersGroup, membersOf } from '../store/approval/approvers.ts'
import type { Db } from '../store/database.ts'
import { deskInstant } from '../store/record/contracts.ts'
import {
  endLicenceTerm,
  installationsOf,
  type KnownLicence,
  moveInstallation,
  readLicence,
  recordLicenceDecision,
  setSeats,
} from '../store/record/licences.ts'
import { ticketsAbout } from '../store/ticket/asked-tickets.ts'
import { dayWords } from './day-words.ts'
import { askOwner, askHolders, tellOveruse } from './licence-questions.ts'
import { settleQuestions } from './licence-moves.ts'
import { mailTo } from './mail-to.ts'
import { maybeText, type Step, stepsHandler, textInput } from './step.ts'
import { hopeless, type TaskHandler } from './task.ts'

/** Hour at which people are warned and asked. */
const warnHour = 8

export async function licenceOf(db: Db, licenceId: string): Promise<KnownLicence> {
  const known = await readLicence(db, licenceId)
  if (!known) throw hopeless('unknownLicence', `expected a licence '${licenceId}', found none`)
  return known
}

/** What was asked before, as the tickets tell. A question that was withdrawn is none; what is tolerated is known for good. */
async function askedBefore(db: Db, licenceId: string) {
  const decisions = await ticketsAbout(db, 'licence-decision', 'licenceId', licenceId)
  const overuses = await ticketsAbout(db, 'licence-overuse', 'licenceId', licenceId)
  const asked = decisions.find(({ status }) => status !== 'canceled')
  const isKnown = ({ isOpen, variables }: (typeof overuses)[number]) => isOpen || variables.overuseOutcome === 'accept'
  return {
    decisionFor: (asked?.variables.endsOn as string | undefined) ?? null,
    knownExcess: Math.max(0, ...overuses.filter(isKnown).map(({ isOpen, variables }) => (isOpen ? Infinity : Number(variables.excess)))),
  }
}

/** Input `now`: the instance's own time, whose first ten characters are the day in the process's zone. */
const terms: Step = async (call, { db }) => {
  const known = await licenceOf(db, textInput(call, 'licenceId'))
  const today = textInput(call, 'now').slice(0, 10)
  const installations = await installationsOf(db, [known.id])
  await settleQuestions(db, known, installations, { today, key: call.idempotencyKey })
  const { licence, isArchived } = known
  const { due, nextOn } = lookAtLicence(licence, installations, await askedBefore(db, known.id), today)
  const isEnd = licence.endsOn !== null && nextOn === addDays(licence.endsOn, 1)
  const found = {
    isInForce: licence.status === 'active' && !isArchived,
    due,
    today,
    endsOn: licence.endsOn,
    nextAt: deskInstant(nextOn, isEnd ? 0 : warnHour),
  }
  return { terms: found as unknown as Json }
}

const ask: Step = async (call, { db }) =>
  askOwner(db, await licenceOf(db, textInput(call, 'licenceId')), textInput(call, 'today'), call.idempotencyKey)
const overuse: Step = async (call, { db }) =>
  tellOveruse(db, await licenceOf(db, textInput(call, 'licenceId')), textInput(call, 'today'), call.idempotencyKey)
const reclaim: Step = async (call, { db, publicUrl }) =>
  askHolders(db, await licenceOf(db, textInput(call, 'licenceId')), {
    today: textInput(call, 'today'),
    key: call.idempotencyKey,
    publicUrl,
  })

const isDecision = (text: string): text is 'renew' | 'reduce' | 'end' => ['renew', 'reduce', 'end'].includes(text)
const numberIn = (value: Json | undefined): number | null => (typeof value === 'number' ? value : null)

const record: Step = async (call, { db }) => {
  const decision = textInput(call, 'decision')
  if (!isDecision(decision))
    throw hopeless('unknownDecision', `expected 'renew', 'reduce' or 'end' at ${call.elementId}, found '${decision}'`)
  const decided = { endsOn: textInput(call, 'endsOn'), decision, seats: numberIn(call.input.seats) }
  await recordLicenceDecision(db, textInput(call, 'licenceId'), decided, { actorId: maybeText(call, 'decidedBy') ?? systemActor.id })
  return {}
}

/** Input `seats`: how many there are after the purchase, so that a repetition changes nothing. */
const buy: Step = async (call, { db }) => {
  const seats = numberIn(call.input.seats)
  if (seats === null)
    throw hopeless('missingInput', `expected a number 'seats' at ${call.elementId}, found ${JSON.stringify(call.input.seats)}`)
  await setSeats(db, textInput(call, 'licenceId'), seats, { actorId: maybeText(call, 'decidedBy') ?? systemActor.id })
  return {}
}

/** The term is over. Who answers for the licence hears of an end that nobody decided, and of seats that are still in use. */
const renew: Step = async (call, { db, publicUrl }) => {
  const known = await licenceOf(db, textInput(call, 'licenceId'))
  const endsOn = textInput(call, 'endsOn')
  const outcome = await endLicenceTerm(db, known.id, endsOn)
  if (outcome === 'renewed' || outcome === 'movedOn') return { outcome }
  const { used } = licencePosition(known.licence, await installationsOf(db, [known.id]), endsOn)
  const people = [...new Set([...(known.licence.ownerId ? [known.licence.ownerId] : []), ...(await membersOf(db, managersGroup))])]
  await mailTo(db, people, {
    key: call.idempotencyKey,
    template: 'licence-ended',
    ticketId: null,
    values: (locale) => ({
      licenceName: known.licence.name,
      endsOn: dayWords(endsOn, locale),
      isUndecided: outcome === 'lapsed',
      used,
      licenceUrl: `${publicUrl}/register/licences/${known.id}`,
    }),
  })
  return { outcome }
}

const keep: Step = async (call, { db }) => {
  const kept = { status: 'kept' as const, reviewedOn: textInput(call, 'today').slice(0, 10), keepReason: textInput(call, 'reason') }
  await moveInstallation(db, textInput(call, 'installationId'), ['reclaimRequested', 'active'], kept, { actorId: systemActor.id })
  return {}
}

const remove: Step = async (call, { db }): Promise<Variables> => {
  const removed = { status: 'removed' as const }
  await moveInstallation(db, textInput(call, 'installationId'), ['reclaimRequested', 'active', 'kept'], removed, {
    actorId: systemActor.id,
  })
  return { resolution: 'Licence retirée, droit rendu. / Licence withdrawn, seat freed.' }
}

/** Task type `licence`: the steps of a licence's life and of its seats; header `do` says which. */
export const licence: TaskHandler = stepsHandler({ terms, ask, overuse, reclaim, record, buy, renew, keep, remove })
