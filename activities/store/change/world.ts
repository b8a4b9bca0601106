/** Changes, windows and relations as the pure conflict rules take them. */
import { sql } from 'kysely'
import type { ChangeWorld, Conflict, PlannedChange } from '#domain/change/conflict'
import type { CiRelation } from '#domain/change/scope'
import { type ChangeOutcome, ChangeScope, type ChangeType, type ChangeWindow, type ConflictView, type WindowKind } from '#schema/change'
import type { TicketStatus } from '#schema/ticket'
import { ciRelations } from '../record/configuration-items.ts'
import type { Db, Trx } from '../database.ts'

/** A row of the view `change_record`, with what is always there said so. */
export interface ChangeRow {
  id: string
  number: string
  title: string
  status: TicketStatus
  changeType: ChangeType
  templateId: string | null
  service: string | null
  groupId: string | null
  requesterId: string
  assigneeId: string | null
  implementerId: string | null
  ciIds: string[]
  dependsOn: string[]
  plannedStart: Date | null
  plannedEnd: Date | null
  risk: number | null
  outcome: ChangeOutcome | null
  isUnauthorised: boolean | null
  isImplemented: boolean
  isEnded: boolean
  openedAt: Date
  closedAt: Date | null
}

const isOver = ({ status, isImplemented, isEnded }: ChangeRow): boolean =>
  isEnded || isImplemented || status === 'closed' || status === 'canceled'

export const plannedChange = (row: ChangeRow): PlannedChange => ({
  id: row.id,
  number: row.number,
  ciIds: row.ciIds,
  service: row.service,
  implementerId: row.implementerId,
  dependsOn: row.dependsOn,
  span:
    row.plannedStart && row.plannedEnd && row.plannedEnd > row.plannedStart
      ? { from: row.plannedStart.getTime(), to: row.plannedEnd.getTime() }
      : null,
  isFinished: isOver(row),
})

export async function findChange(db: Db | Trx, id: string): Promise<ChangeRow | undefined> {
  const { rows } = await sql<ChangeRow>`select * from change_record where id = ${id}::uuid`.execute(db)
  return rows[0]
}

export async function listWindows(db: Db | Trx): Promise<(ChangeWindow & { version: number })[]> {
  const rows = await db.selectFrom('changeWindow').selectAll().orderBy('startsAt').orderBy('id').execute()
  return rows.map(({ createdBy: _by, createdAt: _at, ...row }) => ({
    ...row,
    kind: row.kind as WindowKind,
    scope: ChangeScope.parse(row.scope),
  }))
}

export const relationsOf = async (db: Db | Trx): Promise<CiRelation[]> => ciRelations(db)

/** Every change that is not over, the windows, the relations between items. */
export async function changeWorld(db: Db | Trx): Promise<ChangeWorld> {
  const { rows } = await sql<ChangeRow>`select * from change_record where status not in ('closed', 'canceled') and not is_ended`.execute(db)
  return { changes: rows.map(plannedChange), windows: await listWindows(db), relations: await relationsOf(db) }
}

/** Conflicts with the other change's number and the window's name. */
export function conflictViews(found: readonly Conflict[], world: ChangeWorld): ConflictView[] {
  return found.map(({ kind, isBlocking, changeId, windowId, ciIds, from, to }) => {
    const change = world.changes.find(({ id }) => id === changeId)
    const window = world.windows.find(({ id }) => id === windowId)
    return {
      kind,
      isBlocking,
      change: change ? { id: change.id, number: change.number } : null,
      window: window ? { id: window.id, name: window.name } : null,
      ciIds,
      from: new Date(from).toISOString(),
      to: new Date(to).toISOString(),
    }
  })
}
