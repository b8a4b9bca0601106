/** What licences and contracts ask by themselves: their open and settled questions, and the seats that were asked about. */
import { sql } from 'kysely'
import type { LicenceSeatsView, ReclaimedSeatView, RecordQuestionView } from '#schema/licence-view'
import { addDays } from '#schema/calendar-date'
import { renewalProposal } from '#domain/licence-position'
import { installationsOf, readLicence } from '../../activities/store/record/licences.ts'
import { type AskedTicket, ticketsAbout } from '../../activities/store/ticket/asked-tickets.ts'
import type { Db } from '../deps.ts'
import { namesOf } from './person-names.ts'

/** Processes that ask about a record, and the variable in which its id stands. */
const askers = {
  licence: { variable: 'licenceId', processIds: ['licence-decision', 'licence-overuse'] },
  'maintenance-contract': { variable: 'contractId', processIds: ['contract-decision'] },
} as const
export type AskingNoun = keyof typeof askers

/** Questions and seats shown; older ones are in the history. */
const shown = 50
const yearDays = 365

const refsOf = async (db: Db, asked: readonly AskedTicket[]) => {
  const ids = asked.map(({ ticketId }) => ticketId)
  const rows =
    ids.length === 0
      ? []
      : await db
          .selectFrom('ticket')
          .select(['id', 'number', 'title', 'status', 'openedAt', 'assigneeId', 'resolution'])
          .where('id', 'in', ids)
          .execute()
  return new Map(rows.map((row) => [row.id, row]))
}
const refOf = ({ id, number, title, status }: { id: string; number: string; title: string; status: string }) => ({
  id,
  number,
  title,
  status: status as RecordQuestionView['ticket']['status'],
})

export async function recordQuestions(db: Db, nounId: AskingNoun, recordId: string): Promise<RecordQuestionView[]> {
  const { variable, processIds } = askers[nounId]
  const asked = await Promise.all(
    processIds.map(async (processId) =>
      (await ticketsAbout(db, processId, variable, recordId)).map((ticket) => ({ ...ticket, processId })),
    ),
  )
  const all = asked.flat()
  const rows = await refsOf(db, all)
  const nameOf = await namesOf(
    db,
    [...rows.values()].flatMap(({ assigneeId }) => assigneeId ?? []),
  )
  return all
    .flatMap(({ ticketId, processId, isOpen }) => {
      const row = rows.get(ticketId)
      if (!row) return []
      const { assigneeId, resolution, openedAt } = row
      const assignee = assigneeId === null ? null : nameOf(assigneeId)
      return [{ ticket: refOf(row), processId, openedAt: openedAt.toISOString(), isOpen, assignee, answer: isOpen ? null : resolution }]
    })
    .sort((a, b) => Number(b.isOpen) - Number(a.isOpen) || b.openedAt.localeCompare(a.openedAt))
    .slice(0, shown)
}

/** When each installation came to the state in which it is. */
async function settledAt(db: Db, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map()
  const streams = ids.map((id) => `installation/${id}`)
  const { rows } = await sql<{ streamId: string; at: Date }>`select stream_id, max(at) as at from fact
    where stream_id = any(${streams}) and type = 'recordChanged' and body ->> 'field' = 'status' group by 1`.execute(db)
  return new Map(rows.map(({ streamId, at }) => [streamId.slice('installation/'.length), at.toISOString()]))
}

const stateOf = { reclaimRequested: 'waiting', kept: 'kept', removed: 'reclaimed' } as const

/** Null: no such licence. */
export async function licenceSeats(db: Db, licenceId: string, today: string): Promise<LicenceSeatsView | null> {
  const known = await readLicence(db, licenceId)
  if (!known) return null
  const rows = await db
    .selectFrom('installation')
    .leftJoin('person', 'person.id', 'installation.personId')
    .leftJoin('configurationItem as ci', 'ci.id', 'installation.ciId')
    .select(['installation.id', 'installation.status', 'reviewedOn', 'keepReason', 'person.name as personName', 'ci.name as ciName'])
    .where('licenceId', '=', licenceId)
    .where('reviewedOn', 'is not', null)
    .where('installation.status', 'in', Object.keys(stateOf))
    .orderBy('reviewedOn', 'desc')
    .orderBy('installation.id')
    .execute()
  const questions = await ticketsAbout(db, 'licence-reclaim', 'licenceId', licenceId)
  const refs = await refsOf(db, questions)
  const since = await settledAt(
    db,
    rows.map(({ id }) => id),
  )
  const { seats: owned, annualCost, reclaimGraceDays } = known.licence
  const seats = rows.map(({ id, status, reviewedOn, keepReason, personName, ciName }): ReclaimedSeatView => {
    const state = stateOf[status as keyof typeof stateOf]
    const question = refs.get(questions.find(({ variables }) => variables.installationId === id)?.ticketId ?? '')
    return {
      installationId: id,
      holder: [personName, ciName].filter((name) => name !== null).join(', '),
      state,
      askedOn: reviewedOn,
      answerBy: state === 'waiting' && reviewedOn !== null ? addDays(reviewedOn, reclaimGraceDays) : null,
      settledAt: state === 'waiting' ? null : (since.get(id) ?? null),
      reason: state === 'kept' ? keepReason : null,
      ticket: question ? refOf(question) : null,
    }
  })
  const lately = seats.filter(
    ({ state, settledAt: at }) => state === 'reclaimed' && at !== null && at.slice(0, 10) > addDays(today, -yearDays),
  )
  const count = (state: ReclaimedSeatView['state']) => seats.filter((seat) => seat.state === state).length
  return {
    seats: seats.slice(0, shown),
    counts: { waiting: count('waiting'), kept: count('kept'), reclaimed: count('reclaimed') },
    savedPerYear: annualCost === null || owned === 0 ? null : Math.round((annualCost / owned) * lately.length * 100) / 100,
    proposal: renewalProposal(known.licence, await installationsOf(db, [licenceId]), today),
  }
}
