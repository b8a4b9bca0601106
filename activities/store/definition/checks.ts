/** What is wrong with a definition that compiles: by itself, and beside what is deployed. */
import { checkCaught, checkNames, checkPolicy, checkSteps, checkTargets } from '#domain/check-policy'
import { checkTables } from '#domain/check-tables'
import { checkCalendar, checkForm, checkJobs, checkProcess } from '#domain/checks'
import type { Diagnostic } from '#engine/contract'
import type { DecisionModel, Model } from '#engine/model'
import type { Calendar } from '#schema/calendar'
import type { SlaPolicy } from '#schema/sla'
import { checkItem } from '#domain/catalogue'
import { asksApproval, quorumDiagnostic, type QuorumProblem, quorumProblems } from '#domain/quorum'
import type { Db, Trx } from '../database.ts'
import { groupMembers } from '../approval/group-members.ts'
import { isImporting } from '../../../workflows/engine/compile/index.ts'
import { compileInPlace } from './imports.ts'
import { type Compilation, compileDefinition, type DefinitionKind, policyIdsOf } from './kinds.ts'

/** The deployed definitions that service levels hang together with, by id. */
interface Deployed {
  processes: Map<string, Model>
  policies: Map<string, SlaPolicy>
  decisions: Record<string, DecisionModel>
  calendars: Record<string, Calendar>
}

/** Compiled once in a process: what is deployed under a hash never changes. */
const compiledByHash = new Map<string, Compilation | null>()
const mostCompiled = 500

async function compiledOnce(db: Db | Trx, kind: DefinitionKind, hash: string, source: string): Promise<Compilation | null> {
  if (kind === 'decision' && isImporting(source)) {
    const compiled = await compileInPlace(db, kind, source)
    return compiled.ok ? compiled.value : null
  }
  const key = `${kind} ${hash}`
  const known = compiledByHash.get(key)
  if (known !== undefined) return known
  const compiled = await compileDefinition(kind, source)
  const value = compiled.ok ? compiled.value : null
  if (compiledByHash.size >= mostCompiled) compiledByHash.clear()
  compiledByHash.set(key, value)
  return value
}

async function deployed(db: Db | Trx): Promise<Deployed> {
  const found: Deployed = { processes: new Map(), policies: new Map(), decisions: {}, calendars: {} }
  const rows = await db
    .selectFrom('definition')
    .distinctOn(['kind', 'id'])
    .select(['kind', 'id', 'hash', 'source'])
    .where('kind', 'in', ['process', 'sla', 'decision', 'calendar'])
    .orderBy('kind')
    .orderBy('id')
    .orderBy('version', 'desc')
    .execute()
  for (const row of rows) {
    const compiled = await compiledOnce(db, row.kind as DefinitionKind, row.hash, row.source)
    if (compiled) put(found, compiled)
  }
  return found
}

function put(found: Deployed, { process, policy, decisions, calendar }: Compilation): void {
  if (process) found.processes.set(process.processId, process)
  if (policy) found.policies.set(policy.id, policy)
  for (const decision of decisions ?? []) found.decisions[decision.decisionId] = decision
  if (calendar) found.calendars[calendar.id] = calendar
}

/** A policy's steps, where at least one deployed process follows it; a policy that none follows yet may name any. */
function checkUse(policy: SlaPolicy, { processes }: Deployed): Diagnostic[] {
  const all = [...processes.values()]
  const direct = all.filter((model) => policyIdsOf(model).includes(policy.id))
  const called = new Set(direct.flatMap((model) => model.references.processes))
  const models = [...direct, ...all.filter((model) => called.has(model.processId))]
  return direct.length === 0 ? [] : [...checkSteps(policy, models), ...checkCaught(policy, models)]
}

/** Definitions that are named and not deployed yet are told when a ticket is opened; here it is about those that are there and do not fit. */
export async function checkInPlace(db: Db | Trx, kind: DefinitionKind, compiled: Compilation): Promise<Diagnostic[]> {
  const { process, policy, decisions, form, calendar, item } = compiled
  if (form) return checkForm(form)
  if (calendar) return checkCalendar(calendar)
  if (item) return checkItem(item, await groupMembers(db))
  const own = [...(process ? [...checkProcess(process), ...checkJobs(process)] : []), ...(policy ? checkPolicy(policy) : [])]
  const isConcerned =
    policy !== undefined || decisions !== undefined || (process !== undefined && (policyIdsOf(process).length > 0 || asksApproval(process)))
  if (kind === 'template' || !isConcerned) return own
  const all = await deployed(db)
  put(all, compiled)
  if (policy) return [...own, ...checkNames(policy, all), ...targetsOf(policy, all), ...checkUse(policy, all)]
  if (process) return [...own, ...unfollowed(process, all), ...(await checkQuorums(db, [process], all))]
  const ids = new Set(decisions?.map(({ decisionId }) => decisionId))
  const targets = [...all.policies.values()]
    .flatMap(({ clocks }) => clocks)
    .filter(({ target }) => ids.has(target.decisionId))
    .flatMap(({ target }) => checkTargets(all.decisions, target.decisionId, target.output))
  return [...checkTables(decisions ?? []), ...targets, ...(await checkRows(db, ids, all))]
}

async function checkQuorums(db: Db | Trx, processes: readonly Model[], all: Deployed): Promise<Diagnostic[]> {
  const world = { ...all, members: await groupMembers(db) }
  return processes.flatMap((process) => quorumProblems(process, world)).map(quorumDiagnostic)
}

/** What is deployed and can no longer be approved: groups shrink after a deployment. */
export async function shortOfVoters(db: Db | Trx): Promise<QuorumProblem[]> {
  const all = await deployed(db)
  const world = { ...all, members: await groupMembers(db) }
  return [...all.processes.values()].filter((model) => asksApproval(model)).flatMap((model) => quorumProblems(model, world))
}

/** The rows of decisions that deployed processes take their approvals from; said at the row. */
async function checkRows(db: Db | Trx, ids: ReadonlySet<string>, all: Deployed): Promise<Diagnostic[]> {
  const users = [...all.processes.values()].filter((model) => asksApproval(model))
  const world = { ...all, members: await groupMembers(db) }
  return users
    .flatMap((process) => quorumProblems(process, world))
    .filter(({ row }) => row !== null && ids.has(row.decisionId))
    .map((problem) => ({ ...quorumDiagnostic(problem), elementId: problem.row?.ruleId ?? problem.elementId }))
}

/** Steps that a policy looks at and that the new drawing no longer has: only told, since one of the two must be deployed first. */
function unfollowed(process: Model, all: Deployed): Diagnostic[] {
  const policies = policyIdsOf(process).flatMap((id) => all.policies.get(id) ?? [])
  return policies.flatMap((policy) => checkUse(policy, all)).map((found): Diagnostic => ({ ...found, severity: 'warning' }))
}

const targetsOf = ({ clocks }: SlaPolicy, { decisions }: Deployed): Diagnostic[] =>
  clocks.flatMap(({ target }) => checkTargets(decisions, target.decisionId, target.output))
