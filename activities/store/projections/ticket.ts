import { type Insertable, sql, type UpdateObject } from 'kysely'
import type { FactOf, RecordedFact } from '#schema/fact'
import type { Json } from '#schema/json'
import { isTicketField, openStatuses, type TicketStatus } from '#schema/ticket'
import { type Database, instant, json, type Trx } from '../database.ts'

export interface TicketAddress {
  number: string
  requesterId: string
  groupId: string | null
  assigneeId: string | null
  /** Null: the default desk. */
  deskId: string | null
}
const address = ['number', 'requesterId', 'groupId', 'assigneeId', 'deskId'] as const

const isOpen = (status: unknown): boolean => openStatuses.includes(status as TicketStatus)

type Patch = UpdateObject<Database, 'ticket'>

/** The first row of a ticket: what its `ticketOpened` fact says. */
export function openedTicket({ fact, sequence }: { fact: FactOf<'ticketOpened'>; sequence: number }): Insertable<Database['ticket']> {
  const { opening } = fact
  const { fields } = opening
  return {
    id: opening.ticketId,
    number: opening.number,
    kind: opening.kind,
    channel: opening.channel,
    interactionId: opening.interactionId,
    title: fields.title,
    description: fields.description ?? '',
    status: fields.status ?? 'new',
    impact: fields.impact ?? null,
    urgency: fields.urgency ?? null,
    priority: fields.priority ?? null,
    category: fields.category ?? null,
    service: fields.service ?? null,
    ciId: fields.ciId ?? null,
    requesterId: fields.requesterId,
    deskId: fields.deskId ?? null,
    deskType: fields.deskType ?? null,
    groupId: fields.groupId ?? null,
    assigneeId: fields.assigneeId ?? null,
    resolutionCode: fields.resolutionCode ?? null,
    resolution: fields.resolution ?? null,
    pendingReason: fields.pendingReason ?? null,
    openedById: opening.openedById,
    openedAt: instant(fact.at),
    updatedAt: instant(fact.at),
    isImported: opening.channel === 'import',
    extra: json(opening.extra),
    lastSequence: sequence,
  }
}

/** Status carries the instants and the count of reopenings: resolved or closed, then open again, is one reopening. */
function changeStatus(patch: Patch, from: unknown, to: unknown, at: Date): void {
  if (to === 'resolved') Object.assign(patch, { resolvedAt: at, closedAt: null })
  else if (to === 'closed' || to === 'canceled') patch.closedAt = at
  else if (isOpen(to) && (from === 'resolved' || from === 'closed')) {
    Object.assign(patch, { resolvedAt: null, closedAt: null, reopenCount: sql`reopen_count + 1` })
  }
}

const requiredText = new Set(['title', 'description', 'status', 'requesterId'])
const numbers = new Set(['impact', 'urgency', 'priority'])

/** A process may set a field's variable to anything; the column takes what it can hold, the fact keeps the rest. */
export function columnValue(field: string, value: Json): string | number | null {
  if (numbers.has(field))
    return value !== null && value !== '' && Number.isInteger(Number(value)) && Math.abs(Number(value)) < 2 ** 31 ? Number(value) : null
  if (value === null) return requiredText.has(field) ? '' : null
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function apply(patch: Patch, { fact, actorId }: RecordedFact): void {
  const at = instant(fact.at)
  switch (fact.type) {
    case 'ticketChanged':
      if (!isTicketField(fact.field)) return
      Object.assign(patch, { [fact.field]: columnValue(fact.field, fact.to) })
      if (fact.field === 'status') changeStatus(patch, fact.from, fact.to, at)
      return
    case 'messageAdded':
      if (fact.direction === 'out' && fact.visibility === 'public' && actorId !== 'system')
        patch.respondedAt ??= sql<Date>`coalesce(responded_at, ${at})`
      return
    case 'clockStopped':
      if (fact.metric === 'firstResponse') patch.respondedAt ??= sql<Date>`coalesce(responded_at, ${at})`
      return
    case 'surveyAnswered':
      Object.assign(patch, { surveyScore: fact.score, surveyComment: fact.comment })
      return
    case 'imported':
      patch.isImported = true
      return
  }
}

/** Several reopenings in one batch (imported history) must each count: they are written one after the other. */
const splits = (patch: Patch, { fact }: RecordedFact): boolean =>
  patch.reopenCount !== undefined && fact.type === 'ticketChanged' && fact.field === 'status'

export async function projectTicket(trx: Trx, ticketId: string, facts: readonly RecordedFact[]): Promise<TicketAddress | null> {
  const opened = facts.find(
    (recorded): recorded is RecordedFact & { fact: FactOf<'ticketOpened'> } => recorded.fact.type === 'ticketOpened',
  )
  if (opened) await trx.insertInto('ticket').values(openedTicket(opened)).execute()
  const last = facts.at(-1)
  if (!last) return (await trx.selectFrom('ticket').select(address).where('id', '=', ticketId).executeTakeFirst()) ?? null

  let patch: Patch = {}
  for (const recorded of facts) {
    if (splits(patch, recorded)) {
      await trx.updateTable('ticket').set(patch).where('id', '=', ticketId).execute()
      patch = {}
    }
    apply(patch, recorded)
  }
  const latest = instant(facts.reduce((max, { fact }) => Math.max(max, fact.at), 0))
  patch.updatedAt = sql<Date>`greatest(updated_at, ${latest})`
  patch.lastSequence = last.sequence
  const row = await trx.updateTable('ticket').set(patch).where('id', '=', ticketId).returning(address).executeTakeFirst()
  return row ?? null
}
