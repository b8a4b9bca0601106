/**
 * Approvals that cannot succeed as they are drawn: more voices are asked for than people are asked. Looks at what can be known before anything runs
 * (lists, decision tables, groups of the register); what only a run can tell is left to the service task, which stalls with its reason. Pure.
 */
import type { Diagnostic } from '#engine/contract'
import type { DecisionModel, Expression, Model, ModelElement } from '#engine/model'
import type { Json } from '#schema/json'
import { error } from './checks.ts'
import { type Known, type Place, resolve, valuesOf } from './known-values.ts'

/** What the check may look at beside the drawing. */
export interface QuorumWorld {
  processes: ReadonlyMap<string, Model>
  decisions: Readonly<Record<string, DecisionModel>>
  /** Active members by group; a group that is not there is nobody's to count. */
  members: ReadonlyMap<string, readonly string[]>
}

/** One approval that cannot succeed. */
export interface QuorumProblem {
  elementId: string
  /** The process whose drawing it is. */
  processId: string
  quorum: number
  voters: number
  /** The group that is too small; null: a list. */
  groupId: string | null
  /** The decision table and row that say so; null: the drawing itself. */
  row: Known['row']
}

interface Voters {
  count: number
  groupId: string | null
  row: Known['row']
}

const deepest = 3
const isText = (value: Json | undefined): value is string => typeof value === 'string' && value !== ''

/** As many as a value names: a list of people, or how many instances a loop makes. */
function countOf(value: Json): number | null {
  if (Array.isArray(value)) return value.every(isText) ? new Set(value).size : null
  return typeof value === 'number' && Number.isInteger(value) ? value : null
}

const counted = (known: readonly Known[] | null): Voters[] | null => {
  if (known === null) return null
  const found = known.flatMap(({ value, row }): Voters[] => {
    const count = countOf(value)
    return count === null ? [] : [{ count, groupId: null, row }]
  })
  return found.length === known.length ? found : null
}

function membersOf(known: readonly Known[] | null, { members }: QuorumWorld): Voters[] | null {
  const found = known?.flatMap(({ value, row }) => {
    const people = isText(value) ? members.get(value) : undefined
    return people ? [{ count: people.length, groupId: value as string, row }] : []
  })
  return found && found.length > 0 ? found : null
}

/** The expressions that an approval's votes are held against: `count(votes[... "approved" ...]) >= N`. */
function thresholdsIn(texts: readonly string[], collection: string): { expression: Expression; more: number }[] {
  const pattern = new RegExp(`count\\(\\s*${collection}\\s*\\[[^\\]]*"approved"[^\\]]*\\]\\s*\\)\\s*(>=|>)\\s*([\\w.]+)`, 'g')
  return texts.flatMap((text) =>
    [...text.matchAll(pattern)].map(([, sign, feel]) => ({ expression: { feel: feel as string }, more: sign === '>' ? 1 : 0 })),
  )
}

const feelOf = (expression: Expression | undefined): string[] => (expression && 'feel' in expression ? [expression.feel] : [])

/** Conditions that look at an element's votes: its own completion condition, and those of the flows and the gateway behind it. */
function conditionsBehind(model: Model, element: ModelElement): string[] {
  const flows = element.outgoing.flatMap((id) => model.flows[id] ?? [])
  const gateways = flows.flatMap(({ targetId }) => model.elements[targetId] ?? []).filter(({ type }) => type === 'exclusiveGateway')
  const further = gateways.flatMap(({ outgoing }) => outgoing.flatMap((id) => model.flows[id] ?? []))
  const own = element.loop?.type === 'multiInstance' ? feelOf(element.loop.completionCondition) : []
  return [...own, ...[...flows, ...further].flatMap(({ condition }) => feelOf(condition))]
}

/** Whether a process asks for approvals, itself or through what it calls. */
export const asksApproval = (model: Model): boolean =>
  Object.values(model.elements).some(({ type, attributes }) => type === 'callActivity' || attributes?.approval !== undefined) ||
  model.references.jobTypes.some((type) => type === 'approvers' || type === 'findApprovers')

type Found = Pick<QuorumProblem, 'quorum' | 'voters' | 'groupId' | 'row'>

/** Pairs that can come about together: two cells of one table only from the same row. */
function tooLarge(quorums: readonly Known[] | null, voters: readonly Voters[] | null): Found[] {
  if (quorums === null || voters === null) return []
  const pairs = quorums.flatMap((quorum) =>
    voters
      .filter(({ row }) => row === null || quorum.row === null || row.taskId !== quorum.row.taskId || row.ruleId === quorum.row.ruleId)
      .map((one) => ({ quorum: Number(quorum.value), voters: one.count, groupId: one.groupId, row: quorum.row ?? one.row })),
  )
  return pairs.filter((pair) => Number.isFinite(pair.quorum) && pair.quorum > pair.voters)
}

/** A user task that is drawn as an approval, over a list that is known. */
function drawnApproval(place: Place, element: ModelElement): Found[] {
  const { loop } = element
  if (element.attributes?.approval === undefined || loop?.type !== 'multiInstance') return []
  const voters = counted(resolve(place, element, loop.collection ?? loop.cardinality))
  const texts = conditionsBehind(place.model, element)
  return thresholdsIn(texts, loop.outputCollection ?? 'votes').flatMap(({ expression, more }) => {
    const quorums = resolve(place, element, expression)
    const raised = quorums?.map((one) => ({ ...one, value: Number(one.value) + more })) ?? null
    return tooLarge(raised, voters)
  })
}

/** What a service task is handed under a name: its own input alone when it has inputs, else what is visible. */
const handed = (place: Place, element: ModelElement, name: string): Known[] | null =>
  element.inputs
    ? (element.inputs.find(({ target }) => target === name) ?? null) && resolve(place, element, { feel: name })
    : valuesOf(place, name)

const one: Known[] = [{ value: 1, row: null }]
const isHanded = (element: ModelElement, name: string): boolean => element.inputs?.some(({ target }) => target === name) ?? false

/** A service task that names the approvers: by list, by group, or one manager. */
function namedApprovers(place: Place, world: QuorumWorld, element: ModelElement): Found[] {
  if (element.type !== 'serviceTask' || !('literal' in element.job.jobType)) return []
  const { headers, jobType } = element.job
  const isOlder = jobType.literal === 'findApprovers'
  if (jobType.literal !== 'approvers' && !isOlder) return []
  const group = headers.group
  const quorum = headers.quorum === undefined ? handed(place, element, 'quorum') : [{ value: Number(headers.quorum), row: null }]
  const needed = quorum ?? (element.inputs && !isHanded(element, 'quorum') ? one : null)
  if (group) return tooLarge(needed ?? one, membersOf([{ value: group, row: null }], world))
  const groupName = isOlder ? 'approverGroup' : 'askGroup'
  const list = isOlder ? null : handed(place, element, 'ask')
  const voters = list === null ? membersOf(handed(place, element, groupName), world) : counted(list.map(asList))
  return tooLarge(needed, voters)
}

/** One name is a list of one. */
const asList = (known: Known): Known => (isText(known.value) ? { ...known, value: [known.value] } : known)

function inProcess(place: Place, world: QuorumWorld, depth: number): (Found & { elementId: string })[] {
  return Object.values(place.model.elements).flatMap((element) => {
    const own = [...drawnApproval(place, element), ...namedApprovers(place, world, element)]
    const found = own.map((problem) => ({ ...problem, elementId: element.id }))
    if (element.type !== 'callActivity' || !('literal' in element.processId) || depth >= deepest) return found
    const called = world.processes.get(String(element.processId.literal))
    if (!called) return found
    const inner = inProcess({ model: called, decisions: world.decisions, call: { element, place } }, world, depth + 1)
    // the mistake is where the values come from: at the call
    return [...found, ...inner.map((problem) => ({ ...problem, elementId: element.id }))]
  })
}

/** Every approval of a process that cannot succeed, once for each quorum and number of voters. */
export function quorumProblems(model: Model, world: QuorumWorld): QuorumProblem[] {
  const seen = new Set<string>()
  return inProcess({ model, decisions: world.decisions, call: null }, world, 0).flatMap((found) => {
    const key = JSON.stringify([found.elementId, found.quorum, found.voters, found.groupId, found.row?.ruleId])
    if (seen.has(key)) return []
    seen.add(key)
    return [{ ...found, processId: model.processId }]
  })
}

/** Said at the element, with the remedy. */
export function quorumDiagnostic({ elementId, quorum, voters, groupId, row }: QuorumProblem): Diagnostic {
  const who = groupId === null ? `the list names ${voters}` : `group '${groupId}' has ${voters} active members`
  const where = row === null ? '' : ` (decision '${row.decisionId}', row ${row.number})`
  const params = {
    quorum: `${quorum}`,
    voters: `${voters}`,
    group: groupId ?? '',
    decision: row?.decisionId ?? '',
    row: `${row?.number ?? ''}`,
  }
  const remedy = groupId === null ? 'name more approvers' : 'add members to the group'
  return error(
    elementId,
    groupId === null ? 'quorumBeyondList' : 'quorumBeyondGroup',
    `${quorum} approvals are needed and ${who}${where}, so it could never be approved: ask for ${voters || 'one'} or fewer, or ${remedy}.`,
    params,
  )
}
