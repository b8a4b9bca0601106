/** Pre-approved ways of routine changes, and their withdrawal. */
import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { checkTemplate, type Refusal } from '#domain/change/check'
import { failuresWithin } from '#domain/change/outcome'
import { systemActor } from '#schema/role'
import { type ChangeTemplate, TemplateDraft } from '#schema/change'
import { type Db, inTransaction, instant, json, type Trx } from '../database.ts'
import { templateOutcomes } from './outcomes.ts'
import { recordChanges } from './record-facts.ts'

export type TemplateSaved =
  | { ok: true; template: ChangeTemplate }
  | { ok: false; reason: 'notFound' | 'conflict' }
  | { ok: false; reason: 'refused'; refusals: Refusal[] }

export interface TemplateUse {
  template: ChangeTemplate
  openChanges: number
  closedChanges: number
  successfulChanges: number
  /** Failures that count towards its withdrawal now. */
  failures: number
}

type Row = { id: string; version: number; state: string; draft: unknown; withdrawnReason: string | null; revisedAt: Date }
const templateOf = ({ id, version, state, draft, withdrawnReason }: Row): ChangeTemplate => ({
  ...TemplateDraft.parse(draft),
  id,
  version,
  state: state === 'withdrawn' ? 'withdrawn' : 'active',
  withdrawnReason,
})

const rowOf = (trx: Db | Trx, id: string) => trx.selectFrom('changeTemplate').selectAll().where('id', '=', id)

export async function findTemplate(db: Db | Trx, id: string): Promise<ChangeTemplate | undefined> {
  const row = await rowOf(db, id).executeTakeFirst()
  return row && templateOf(row)
}

export async function listTemplates(db: Db | Trx, at = Date.now()): Promise<TemplateUse[]> {
  const rows = await db.selectFrom('changeTemplate').selectAll().orderBy('state').orderBy('name').execute()
  const { rows: uses } = await sql<{ templateId: string; open: number; closed: number; good: number }>`
    select template_id, count(*) filter (where status not in ('closed', 'canceled'))::int as open, count(*) filter (where status = 'closed')::int as closed,
      count(*) filter (where status = 'closed' and outcome in ('successful', 'successfulWithIssues'))::int as good
    from change_record where template_id is not null group by template_id`.execute(db)
  const found: TemplateUse[] = []
  for (const row of rows) {
    const template = templateOf(row)
    const use = uses.find(({ templateId }) => templateId === row.id)
    const ended = use ? await templateOutcomes(db, row.id, null, at) : []
    found.push({
      template,
      openChanges: use?.open ?? 0,
      closedChanges: use?.closed ?? 0,
      successfulChanges: use?.good ?? 0,
      failures: failuresWithin(ended, template.failureDays, row.revisedAt.getTime(), at),
    })
  }
  return found
}

/** A revision of a withdrawn template puts it back in use: its earlier failures no longer count. */
export function saveTemplate(
  db: Db | Trx,
  save: { id: string | null; version: number | null; draft: TemplateDraft; newId?: string },
  actorId: string,
  at = Date.now(),
): Promise<TemplateSaved> {
  return inTransaction(db, async (trx) => {
    const row = save.id === null ? null : ((await rowOf(trx, save.id).forUpdate().executeTakeFirst()) ?? null)
    if (save.id !== null && row === null) return { ok: false, reason: 'notFound' }
    if (row && save.version !== null && row.version !== save.version) return { ok: false, reason: 'conflict' }
    const id = save.id ?? save.newId ?? randomUUID()
    const draft = TemplateDraft.parse(save.draft)
    const refusals = checkTemplate(draft)
    const { rows: namesakes } = await sql`select 1 from change_template where lower(name) = lower(${draft.name}) and id <> ${id}`.execute(
      trx,
    )
    if (namesakes.length > 0) refusals.push({ path: 'name', code: 'nameTaken' })
    if (refusals.length > 0) return { ok: false, reason: 'refused', refusals }
    const before = row && { ...TemplateDraft.parse(row.draft), state: row.state }
    const version = await recordChanges(trx, { noun: 'changeTemplate', id, before, after: { ...draft, state: 'active' } }, actorId, at)
    const values = {
      version,
      state: 'active',
      name: draft.name,
      draft: json(draft),
      withdrawnReason: null,
      withdrawnAt: null,
      revisedAt: instant(at),
    }
    if (row) await trx.updateTable('changeTemplate').set(values).where('id', '=', id).execute()
    else
      await trx
        .insertInto('changeTemplate')
        .values({ id, ...values, createdAt: instant(at) })
        .execute()
    return { ok: true, template: { ...draft, id, version, state: 'active', withdrawnReason: null } }
  })
}

/** Takes a template out of use, with the reason; changes under way go on. False: it was not in use. */
export function withdrawTemplate(db: Db | Trx, id: string, reason: string, actorId: string, at = Date.now()): Promise<boolean> {
  return inTransaction(db, async (trx) => {
    const row = await rowOf(trx, id).forUpdate().executeTakeFirst()
    if (!row || row.state === 'withdrawn') return false
    const [before, after] = [
      { state: 'active', withdrawnReason: null },
      { state: 'withdrawn', withdrawnReason: reason },
    ]
    const version = await recordChanges(trx, { noun: 'changeTemplate', id, before, after }, actorId, at)
    await trx
      .updateTable('changeTemplate')
      .set({ version, state: 'withdrawn', withdrawnReason: reason, withdrawnAt: instant(at) })
      .where('id', '=', id)
      .execute()
    return true
  })
}

/** How many open changes keep a template from being deleted; null: there is no such template; 0: it is gone. */
export function deleteTemplate(db: Db | Trx, id: string, actorId: string, at = Date.now()): Promise<number | null> {
  return inTransaction(db, async (trx) => {
    const row = await rowOf(trx, id).forUpdate().executeTakeFirst()
    if (!row) return null
    const { rows } = await sql<{
      count: number
    }>`select count(*)::int as count from change_record where template_id = ${id} and status not in ('closed', 'canceled')`.execute(trx)
    const open = rows[0]?.count ?? 0
    if (open > 0) return open
    await recordChanges(
      trx,
      { noun: 'changeTemplate', id, before: { ...TemplateDraft.parse(row.draft), state: row.state }, after: null },
      actorId,
      at,
    )
    await trx.deleteFrom('changeTemplate').where('id', '=', id).execute()
    return 0
  })
}

/**
 * Counts an ended change against its template: with `maxFailures` failures within `failureDays` since its last revision the template is
 * withdrawn by itself. Asked twice, it withdraws once.
 */
export function judgeTemplate(
  db: Db | Trx,
  templateId: string,
  ticketId: string,
  at = Date.now(),
): Promise<{ isWithdrawn: boolean; failures: number }> {
  return inTransaction(db, async (trx) => {
    const row = await rowOf(trx, templateId).forUpdate().executeTakeFirst()
    if (!row) return { isWithdrawn: false, failures: 0 }
    const { maxFailures, failureDays } = TemplateDraft.parse(row.draft)
    const failures = failuresWithin(await templateOutcomes(trx, templateId, ticketId, at), failureDays, row.revisedAt.getTime(), at)
    if (failures < maxFailures) return { isWithdrawn: false, failures }
    await withdrawTemplate(trx, templateId, `failures:${failures}/${failureDays}`, systemActor.id, at)
    return { isWithdrawn: true, failures }
  })
}
