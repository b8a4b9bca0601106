import { createHash } from 'node:crypto'
import type { Json } from '#schema/json'
import { managersGroup, membersOf } from '../store/approval/approvers.ts'
import { type Contract, contractTerms, endTerm, type KnownContract, readContract, recordDecision } from '../store/record/contracts.ts'
import type { Db } from '../store/database.ts'
import { isKnownInstance } from '../store/ticket/instances.ts'
import { openTicket } from '../store/ticket/intake.ts'
import { systemActor } from '#schema/role'
import { mailTo } from './mail-to.ts'
import { maybeText, type Step, stepsHandler, textInput } from './step.ts'
import { hopeless, type TaskHandler } from './task.ts'

/** The ticket in which a term is decided about; one for each term, however often it is asked for. */
function decisionTicketId(contractId: string, endsOn: string): string {
  const hex = createHash('sha256').update(`contract/${contractId}/${endsOn}`).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

async function contractOf(db: Db, contractId: string): Promise<KnownContract> {
  const known = await readContract(db, contractId)
  if (!known) throw hopeless('unknownContract', `expected a maintenance contract '${contractId}', found none`)
  return known
}

const dateIn = (date: string, locale: 'fr' | 'en'): string =>
  new Intl.DateTimeFormat(locale === 'fr' ? 'fr-FR' : 'en-GB', { dateStyle: 'long', timeZone: 'UTC' }).format(new Date(`${date}T00:00:00Z`))

/** Input `now`: the instance's own time, whose first ten characters are the day in the process's zone. */
const terms: Step = async (call, { db }) => {
  const known = await contractOf(db, textInput(call, 'contractId'))
  return { terms: contractTerms(known, textInput(call, 'now').slice(0, 10)) as unknown as Json }
}

async function decisionFields(db: Db, { contract }: KnownContract, noticeOn: string) {
  const owner = await db.selectFrom('person').select(['locale', 'isActive']).where('id', '=', contract.ownerId).executeTakeFirst()
  const supplier = await db.selectFrom('supplier').select('name').where('id', '=', contract.supplierId).executeTakeFirst()
  const locale = owner?.locale === 'en' ? 'en' : 'fr'
  const [notice, end] = [dateIn(noticeOn, locale), dateIn(contract.endsOn, locale)]
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
  }
}

/** Opens the ticket in which the owner decides; he is told by its process. */
const ask: Step = async (call, { db }) => {
  const known = await contractOf(db, textInput(call, 'contractId'))
  const { contract } = known
  const { noticeOn } = contractTerms(known, contract.startsOn)
  const ticketId = decisionTicketId(known.id, contract.endsOn)
  if (await isKnownInstance(db, ticketId)) return { decisionTicketId: ticketId }
  const { fields, said } = await decisionFields(db, known, noticeOn)
  const extra = {
    ...said,
    contractId: known.id,
    contractReference: contract.reference,
    noticeOn,
    endsOn: contract.endsOn,
    isTacit: contract.isTacit,
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
  noticeOn: dateIn(noticeOn, locale),
  endsOn: dateIn(contract.endsOn, locale),
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
