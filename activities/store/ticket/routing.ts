/** What routing needs to know of a group, and the memory of what it chose. */
import { sql } from 'kysely'
import { isWorkingTime } from '#domain/calendar'
import { onCallAt } from '#domain/on-call'
import { chooseAssignee, type RoutingCandidate, type RoutingMode, RoutingReason } from '#domain/routing'
import { type Db, instant, json, type Trx } from '../database.ts'
import { absencesIn, latestCalendar, onCallInput, usualCalendarId } from '../record/on-call.ts'

export interface RoutingOrder {
  idempotencyKey: string
  ticketId: string
  groupId: string | null
  mode: RoutingMode
  skills: readonly string[]
  /** Whose rows to name in the reason. */
  decisionId: string | null
  /** UTC epoch ms */
  at: number
}

/** A choice that its ticket does not show yet counts as load for so long. */
const unseenMs = 120_000

/** People who may take the group's tickets, each with his load and what stands against him. */
async function candidatesOf(trx: Trx, groupId: string, skills: readonly string[], at: number): Promise<RoutingCandidate[]> {
  const calendar = await latestCalendar(trx, usualCalendarId)
  const today = new Intl.DateTimeFormat('en-CA', { timeZone: calendar?.timeZone ?? 'Europe/Paris' }).format(at)
  const away = (await absencesIn(trx, { from: at, to: at })).filter(({ startsOn, endsOn }) => startsOn <= today && today <= endsOn)
  const { rows } = await sql<{ id: string; name: string; load: number; skills: string[]; lastGivenAt: Date | null }>`
    select person.id, person.name,
      (select count(*)::int from ticket where ticket.assignee_id = person.id and ticket.status in ('new', 'assigned', 'inProgress'))
      + (select count(*)::int from routing_choice choice left join ticket on ticket.id = choice.ticket_id
          where choice.person_id = person.id and choice.chosen_at > ${instant(at - unseenMs)} and ticket.assignee_id is null) as load,
      coalesce((select array_agg(skill.code) from person_skill join skill on skill.id = person_skill.skill_id and skill.archived_at is null where person_skill.person_id = person.id), '{}') as skills,
      (select max(chosen_at) from routing_choice where routing_choice.person_id = person.id) as last_given_at
    from group_member join person on person.id = group_member.person_id and person.is_active
    where group_member.group_id = ${groupId} and 'agent' = any(person.roles) order by person.id`.execute(trx)
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    load: row.load,
    missingSkills: skills.filter((skill) => !row.skills.includes(skill)),
    isAway: away.some(({ personId }) => personId === row.id),
    lastGivenAt: row.lastGivenAt?.getTime() ?? null,
  }))
}

async function firedRows(trx: Trx, ticketId: string, decisionId: string | null): Promise<{ rows: number[]; ruleIds: string[] }> {
  if (decisionId === null) return { rows: [], ruleIds: [] }
  const fact = await trx
    .selectFrom('fact')
    .select('body')
    .where('streamId', '=', ticketId)
    .where('type', '=', 'decisionEvaluated')
    .where(sql`body ->> 'decisionId'`, '=', decisionId)
    .orderBy('sequence', 'desc')
    .limit(1)
    .executeTakeFirst()
  const { rows = [], ruleIds = [] } = (fact?.body ?? {}) as { rows?: number[]; ruleIds?: string[] }
  return { rows, ruleIds }
}

async function isOpen(trx: Trx, groupId: string, at: number): Promise<boolean> {
  const group = await trx.selectFrom('supportGroup').select('calendarId').where('id', '=', groupId).executeTakeFirst()
  const calendar = await latestCalendar(trx, group?.calendarId ?? usualCalendarId)
  return calendar === null || isWorkingTime(calendar, at)
}

async function reasonFor(trx: Trx, order: RoutingOrder): Promise<RoutingReason> {
  const { groupId, mode, at } = order
  const skills = [...order.skills]
  const isKnown = groupId !== null
  const candidates = isKnown ? await candidatesOf(trx, groupId, skills, at) : []
  const isGroupOpen = isKnown ? await isOpen(trx, groupId, at) : false
  const shifts = isKnown && mode === 'onCall' ? onCallAt(groupId, await onCallInput(trx, { from: at, to: at + 1 }, groupId), at) : []
  const people =
    shifts.length === 0
      ? []
      : await namesOf(
          trx,
          shifts.map(({ personId }) => personId),
        )
  const onCall = shifts.flatMap(({ personId, level }) => {
    const name = people.find(({ id }) => id === personId)?.name
    return name === undefined ? [] : [{ id: personId, name, level }]
  })
  const { chosen, why } = chooseAssignee({ groupId, mode, isGroupOpen, candidates, onCall })
  const fired = await firedRows(trx, order.ticketId, order.decisionId)
  return RoutingReason.parse({ groupId, mode, skills, decisionId: order.decisionId, ...fired, isGroupOpen, chosen, candidates, why })
}

const namesOf = (trx: Trx, ids: readonly string[]) =>
  trx.selectFrom('person').select(['id', 'name']).where('id', 'in', ids).where('isActive', '=', true).execute()

/** Chooses once per key: the same step tried again gets the same answer. Choices of one group are made one after the other. */
export function routeOnce(db: Db, order: RoutingOrder): Promise<RoutingReason> {
  return db.transaction().execute(async (trx) => {
    const { idempotencyKey, ticketId, groupId } = order
    await sql`select pg_advisory_xact_lock(hashtext(${`routing/${groupId ?? ''}`}))`.execute(trx)
    const known = await trx.selectFrom('routingChoice').select('reason').where('idempotencyKey', '=', idempotencyKey).executeTakeFirst()
    if (known) return RoutingReason.parse(known.reason)
    const reason = await reasonFor(trx, order)
    await trx
      .insertInto('routingChoice')
      .values({
        idempotencyKey,
        ticketId,
        groupId: groupId ?? '',
        personId: reason.chosen?.id ?? null,
        reason: json(reason),
        chosenAt: instant(order.at),
      })
      .execute()
    return reason
  })
}
