/** The bundle in which a ticket would go on under other versions of its service levels (ADR 0010). */
import type { Bundle } from '#domain/bundle'
import type { FactOf } from '#schema/fact'
import type { SlaPolicy } from '#schema/sla'
import type { SlaScope } from '#schema/sla-recomputation'
import type { Db } from '../database.ts'
import { calendarIdsOf, type Compilation, decisionIdsOf, type DefinitionKind, withGroupCalendars } from './kinds.ts'
import { compileInPlace } from './imports.ts'
import { composeBundle, getDefinition, groupCalendars, UnknownDefinition } from './definitions.ts'

/** A definition's text that counts as its next version though nobody deployed it. */
export interface Draft {
  source: string
  version: number
}

async function latest(db: Db, kind: DefinitionKind, id: string): Promise<{ compiled: Compilation; version: number }> {
  const definition = await getDefinition(db, kind, id)
  if (!definition) throw new UnknownDefinition(`no ${kind} '${id}' is deployed`)
  return { compiled: await compiledOf(db, kind, id, definition.source), version: definition.version }
}

async function compiledOf(db: Db, kind: DefinitionKind, id: string, source: string): Promise<Compilation> {
  const compiled = await compileInPlace(db, kind, source, id)
  if (!compiled.ok) throw new UnknownDefinition(`${kind} '${id}' does not compile: ${compiled.diagnostics[0]?.message}`)
  return compiled.value
}

/** Does a ticket with this bundle have anything to do with what was edited? */
export function isConcerned(bundle: Bundle, { kind, id }: SlaScope): boolean {
  if (kind === 'process') return bundle.process.processId === id
  return kind === 'sla' ? bundle.policies.some((policy) => policy.id === id) : bundle.calendars[id] !== undefined
}

/**
 * `old` with the latest version (or the draft) of one policy and its target tables, of one calendar, or of all service levels of its
 * process. Everything else stays pinned: process, forms, the other policies and calendars.
 * @throws UnknownDefinition
 */
export async function composePolicies(db: Db, old: Bundle, { kind, id }: SlaScope, draft: Draft | null): Promise<Bundle> {
  if (kind === 'process') {
    const { bundle: fresh } = await composeBundle(db, id)
    return withPolicies(old, fresh.policies, fresh.decisions, { ...old.calendars, ...fresh.calendars })
  }
  const { compiled, version } = draft
    ? { compiled: await compiledOf(db, kind, id, draft.source), version: draft.version }
    : await latest(db, kind, id)
  if (compiled.calendar) return { ...old, calendars: { ...old.calendars, [id]: { ...compiled.calendar, version } } }
  const { policy } = compiled
  if (!policy) throw new UnknownDefinition(`expected a policy or a calendar, found ${kind} '${id}'`)
  const { decisions, calendars } = await namedBy(db, policy)
  const known = new Set(Object.keys({ ...calendars, ...old.calendars }))
  const fresh = withGroupCalendars({ ...policy, version }, await groupCalendars(db), known)
  const policies = old.policies.map((one) => (one.id === id ? fresh : one))
  return withPolicies(old, policies, decisions, { ...calendars, ...old.calendars })
}

/** Of the process's own decisions none is replaced but those that give targets. */
function withPolicies(old: Bundle, policies: SlaPolicy[], from: Bundle['decisions'], calendars: Bundle['calendars']): Bundle {
  const decisions = { ...old.decisions }
  for (const decisionId of policies.flatMap(({ clocks }) => clocks.flatMap(decisionIdsOf))) {
    const decision = from[decisionId]
    if (decision) decisions[decisionId] = decision
  }
  return { ...old, policies, decisions, calendars }
}

async function namedBy(db: Db, policy: SlaPolicy): Promise<Pick<Bundle, 'decisions' | 'calendars'>> {
  const rows = await db
    .selectFrom('definition')
    .distinctOn(['kind', 'id'])
    .select(['kind', 'id', 'version', 'source'])
    .where('kind', 'in', ['decision', 'calendar'])
    .orderBy('kind')
    .orderBy('id')
    .orderBy('version', 'desc')
    .execute()
  const found: Pick<Bundle, 'decisions' | 'calendars'> = { decisions: {}, calendars: {} }
  const ids = rows.filter(({ kind }) => kind === 'calendar').map(({ id }) => id)
  const calendars = new Set(policy.clocks.flatMap((clock) => calendarIdsOf(clock, ids)))
  for (const row of rows) {
    if (row.kind === 'calendar' && !calendars.has(row.id)) continue
    const { decisions, calendar } = await compiledOf(db, row.kind as DefinitionKind, row.id, row.source)
    for (const decision of decisions ?? []) found.decisions[decision.decisionId] = decision
    if (calendar) found.calendars[row.id] = { ...calendar, version: row.version }
  }
  return found
}

/** Which versions differ between two bundles. */
export function versionsBetween(old: Bundle, fresh: Bundle): FactOf<'policiesChanged'>['versions'] {
  const policiesOf = ({ policies }: Bundle) => Object.fromEntries(policies.map(({ id, version }) => [id, version]))
  const calendarsOf = ({ calendars }: Bundle) => Object.fromEntries(Object.values(calendars).map(({ id, version }) => [id, version]))
  const between = (kind: 'sla' | 'calendar', was: Record<string, number>, is: Record<string, number>) =>
    [...new Set([...Object.keys(was), ...Object.keys(is)])].flatMap((id) =>
      was[id] === is[id] ? [] : [{ kind, id, from: was[id] ?? null, to: is[id] ?? null }],
    )
  return [...between('sla', policiesOf(old), policiesOf(fresh)), ...between('calendar', calendarsOf(old), calendarsOf(fresh))]
}
