import type { Json, Variables } from '#schema/json'
import { managersGroup, membersOf } from '../store/approval/approvers.ts'
import { type Contract, contractTerms, endTerm, type KnownContract, readContract, recordDecision } from '../store/record/contracts.ts'
import { refreshCoverage } from '../store/record/coverage.ts'
import type { Db } from '../store/database.ts'
import { isKnownInstance } from '../store/ticket/instances.ts'
import { openTicket } from '../store/ticket/intake.ts'
import { systemActor } from '#schema/role'
import { dayWords } from './day-words.ts'
import { keyId } from './key-id.ts'
import { ticketsAbout, tellMoved } from '../store/ticket/asked-tickets.ts'
import { mailTo } from './mail-to.ts'
import { maybeText, type Step, stepsHandler, textInput } from './step.ts'
import { hopeless, type TaskHandler } from './task.ts'

async function contractOf(db: Db, contractId: string): Promise<KnownContract> {
  const known = await readContract(db, contractId)
  if (!known) throw hopeless('unknownContract', `expected a maintenance contract '${contractId}', found none`)
  return known
}

/** Input `now`: the instance's own time, whose first ten characters are the day in the process's zone. */
const terms: Step = async (call, { db }) => {
  const known = await contractOf(db, textInput(call, 'contractId'))
  const found = contractTerms(known, textInput(call, 'now').slice(0, 10))
  await settleQuestion(db, known, found, call.idempotencyKey)
  await refreshCoverage(db, known.id, known.contract.ciIds, call.idempotencyKey, Date.now())
  return { terms: found as unknown as Json }
}

type Terms = ReturnType<typeof contractTerms>
const openQuestions = async (db: Db, contractId: string) =>
  (await ticketsAbout(db, 'contract-decision', 'contractId', contractId)).filter(({ isOpen }) => isOpen)

/** Why the question about a term no longer stands; null: it does. */
function whyWithdrawn({ contract, isArchived }: KnownContract, found: Terms, askedEnd: string, locale: 'fr' | 'en'): string | null {
  const say = (fr: string, en: string): string => (locale === 'fr' ? fr : en)
  if (isArchived) return say('Le contrat a été archivé.', 'The contract was archived.')
  if (!found.isInForce) return say('Le contrat n’est plus en vigueur.', 'The contract is no longer in force.')
  if (found.isDecided) return say('La décision a été inscrite au registre.', 'The decision was written in the register.')
  const [from, to] = [dayWords(askedEnd, locale), dayWords(contract.endsOn, locale)]
  return contract.endsOn === askedEnd
    ? null
    : say(`La fin du contrat est passée du ${from} au ${to}.`, `The contract’s end was moved from ${from} to ${to}.`)
}

/** A contract that moved while its owner is asked: the open question is adapted, or withdrawn with the reason. */
async function settleQuestion(db: Db, known: KnownContract, found: Terms, key: string): Promise<void> {
  for (const { ticketId, variables } of await openQuestions(db, known.id)) {
    const { fields, said, locale } = await decisionFields(db, known, found.noticeOn)
    const send = (told: Variables) => tellMoved(db, { ticketId, key: `${key}/${ticketId}`, variables: told })
    const why = whyWithdrawn(known, found, String(variables.endsOn), locale)
    if (why !== null) {
      await send({ stillAsked: false, moveReason: why })
      continue
    }
    const isOther = fields.assigneeId !== null && fields.assigneeId !== variables.assigneeId
    if (found.noticeOn === variables.noticeOn && found.isTacit === variables.isTacit && !isOther) continue
    const moveReason = locale === 'fr' ? 'Le contrat a changé au registre.' : 'The contract was changed in the register.'
    const { description, assigneeId } = fields
    const terms = { noticeOn: found.noticeOn, isTacit: found.isTacit, ...said, description }
    await send({ stillAsked: true, moveReason, ...terms, ...(isOther && { assigneeId }) })
  }
}

async function decisionFields(db: Db, { contract }: KnownContract, noticeOn: string) {
  const owner = await db.selectFrom('person').select(['locale', 'isActive']).where('id', '=', contract.ownerId).executeTakeFirst()
  const supplier = await db.selectFrom('supplier').select('name').where('id', '=', contract.supplierId).executeTakeFirst()
  const locale: 'fr' | 'en' = owner?.locale === 'en' ? 'en' : 'fr'
  const [notice, end] = [dayWords(noticeOn, locale), dayWords(contract.endsOn, locale)]
  const words =
    locale === 'fr'
      ? {
          title: `Reconduire ou résilier : ${contract.name}`,
          description: `Le contrat ${contract.reference} avec ${supplier?.name ?? '?'} prend fin le ${end}. Le préavis doit partir au plus tard le ${notice}${contract.isTacit ? ' ; sans décision, il est reconduit tacitement' : ''}.`,
        }
      : {
          title: `Renew or cancel: ${contract.name}`,
          description: `Contract ${contract.reference} with ${supplier?.name ?? '?'} ends on ${end}. Notice must be given by ${notice}${contract.isTacit ? '; without a decision it is renewed tacitly' : ''}.`,
        }
  // Somebody who has left cannot decide: his ticket waits in the managers' queue.
  const assigneeId = owner?.isActive ? contract.ownerId : null
  return {
    fields: { ...words, requesterId: contract.ownerId, assigneeId, groupId: managersGroup },
    said: { noticeText: notice, endText: end },
    locale,
  }
}

/** Opens the ticket in which the owner decides; he is told by its process. */
const ask: Step = async (call, { db }) => {
  const known = await contractOf(db, textInput(call, 'contractId'))
  const { contract } = known
  const { noticeOn } = contractTerms(known, contract.startsOn)
  const open = (await openQuestions(db, known.id)).find(({ variables }) => variables.endsOn === contract.endsOn)
  const ticketId = open?.ticketId ?? keyId(call.idempotencyKey, 'contract-decision')
  if (open || (await isKnownInstance(db, ticketId))) return { decisionTicketId: ticketId }
  const { fields, said } = await decisionFields(db, known, noticeOn)
  const extra = {
    ...said,
    contractId: known.id,
    contractReference: contract.reference,
    noticeOn,
    endsOn: contract.endsOn,
    isTacit: contract.isTacit,
    moveKey: ticketId,
  }
  await openTicket(db, {
    kind: 'request',
    processId: 'contract-decision',
    channel: 'api',
    openedById: systemActor.id,
    ticketId,
    fields,
    extra,
  })
  return { decisionTicketId: ticketId }
}

const isDecision = (text: string): text is 'renew' | 'cancel' => text === 'renew' || text === 'cancel'

const record: Step = async (call, { db }) => {
  const decision = textInput(call, 'decision')
  if (!isDecision(decision)) throw hopeless('unknownDecision', `expected 'renew' or 'cancel' at ${call.elementId}, found '${decision}'`)
  const actorId = maybeText(call, 'decidedBy') ?? systemActor.id
  await recordDecision(db, textInput(call, 'contractId'), { endsOn: textInput(call, 'endsOn'), decision, actorId })
  return {}
}

const mailValues = (contract: Contract, noticeOn: string, publicUrl: string, contractId: string) => (locale: 'fr' | 'en') => ({
  contractName: contract.name,
  contractReference: contract.reference,
  noticeOn: dayWords(noticeOn, locale),
  endsOn: dayWords(contract.endsOn, locale),
  isTacit: contract.isTacit,
  contractUrl: `${publicUrl}/register/contracts/${contractId}`,
})

/** The last day of notice went by: owner and managers hear of it, and a tacit contract counts as renewed. */
const lapse: Step = async (call, { db, publicUrl }) => {
  const known = await contractOf(db, textInput(call, 'contractId'))
  const { contract } = known
  const { noticeOn } = contractTerms(known, contract.startsOn)
  const people = [...new Set([contract.ownerId, ...(await membersOf(db, managersGroup))])]
  await mailTo(db, people, {
    key: call.idempotencyKey,
    template: 'contract-notice-passed',
    ticketId: null,
    values: mailValues(contract, noticeOn, publicUrl, known.id),
  })
  if (contract.isTacit) await recordDecision(db, known.id, { endsOn: contract.endsOn, decision: 'renew', actorId: systemActor.id })
  return {}
}

const renew: Step = async (call, { db }) => ({
  outcome: await endTerm(db, textInput(call, 'contractId'), textInput(call, 'endsOn')),
})

/** Task type `contract`: the steps of a maintenance contract's life; header `do` says which. */
export const contract: TaskHandler = stepsHandler({ terms, ask, record, lapse, renew })
