/** Rules by which problems are proposed. One rule is a row and a stream of facts, `recurrenceRule/<id>`. */
import type { Json } from '#schema/json'
import type { RecurrenceField, RecurrenceRule } from '#schema/recurrence'
import { type Db, inTransaction, instant, type Trx } from '../database.ts'
import { appendNext } from '../facts.ts'

export async function recurrenceRules(db: Db | Trx): Promise<(RecurrenceRule & { version: number })[]> {
  const rows = await db.selectFrom('recurrenceRule').selectAll().orderBy('id').execute()
  return rows.map(({ nameFr, nameEn, field, id, least, days, isActive, version }) => ({
    id,
    name: { fr: nameFr, en: nameEn },
    field: field as RecurrenceField,
    least,
    days,
    isActive,
    version,
  }))
}

export type RuleSaved =
  | { ok: true; version: number }
  | { ok: false; reason: 'conflict' }
  /** Another active rule, named so, asks the same. */
  | { ok: false; reason: 'repeated'; name: RecurrenceRule['name'] }

/**
 * Adds or changes a rule, and records what changed.
 * @param expected the one that was edited; absent: whatever is there
 */
export function saveRecurrenceRule(db: Db | Trx, rule: RecurrenceRule, actorId: string, at: number, expected?: number): Promise<RuleSaved> {
  return inTransaction(db, async (trx): Promise<RuleSaved> => {
    await trx.selectFrom('recurrenceRule').select('id').where('id', '=', rule.id).forUpdate().execute()
    const rules = await recurrenceRules(trx)
    const before = rules.find(({ id }) => id === rule.id)
    if (expected !== undefined && before?.version !== expected) return { ok: false, reason: 'conflict' }
    const twin = rules.find((other) => rule.isActive && other.isActive && other.id !== rule.id && asksTheSame(other, rule))
    if (twin) return { ok: false, reason: 'repeated', name: twin.name }
    const { id, name, field, least, days, isActive } = rule
    const version = (before?.version ?? 0) + 1
    const row = { nameFr: name.fr, nameEn: name.en, field, least, days, isActive, version, updatedAt: instant(at) }
    await trx
      .insertInto('recurrenceRule')
      .values({ id, ...row })
      .onConflict((on) => on.column('id').doUpdateSet(row))
      .execute()
    const facts = (['name', 'field', 'least', 'days', 'isActive'] as const)
      .filter((key) => JSON.stringify(before?.[key]) !== JSON.stringify(rule[key]))
      .map((key) => ({
        actorId,
        fact: {
          type: 'recordChanged' as const,
          at,
          noun: 'recurrenceRule',
          id,
          field: key,
          from: (before?.[key] ?? null) as Json,
          to: rule[key] as Json,
        },
      }))
    if (facts.length > 0) await appendNext(trx, `recurrenceRule/${id}`, facts)
    return { ok: true, version }
  })
}

const asksTheSame = (one: RecurrenceRule, other: RecurrenceRule): boolean =>
  one.field === other.field && one.least === other.least && one.days === other.days
