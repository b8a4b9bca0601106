/** Why a window, a template, a meeting or a plan is refused, at its field. Codes have words in api/problem-texts.ts and in the UI. */
import type { ChangeWindow, MeetingDraft, TemplateDraft, WindowDraft } from '#schema/change'
import { horizonMs } from './conflict.ts'
import { leavesFreeMoment } from './freeze.ts'
import { occurrencesOf, parseRule } from './recurrence.ts'

export interface Refusal {
  path: string
  code: string
}

function isTimeZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone })
    return true
  } catch {
    return false
  }
}
/** 2026-02-30 has the right shape and is no day. */
function isRealWallTime(text: string): boolean {
  const at = Date.parse(`${text}Z`)
  return !Number.isNaN(at) && new Date(at).toISOString().slice(0, 16) === text
}

export function checkWindow(draft: WindowDraft, id: string, others: readonly ChangeWindow[], at: number): Refusal[] {
  const found: Refusal[] = []
  if (!isTimeZone(draft.timeZone)) found.push({ path: 'timeZone', code: 'unknownTimeZone' })
  for (const path of ['startsAt', 'endsAt'] as const) if (!isRealWallTime(draft[path])) found.push({ path, code: 'noSuchDay' })
  if (draft.rule !== null && parseRule(draft.rule) === null) found.push({ path: 'rule', code: 'unreadableRule' })
  if (found.length > 0) return found
  if (draft.endsAt <= draft.startsAt) return [{ path: 'endsAt', code: 'endsBeforeStart' }]
  const window = { ...draft, id }
  if (occurrencesOf(window, at, at + 10 * 366 * 86_400_000).length === 0) return [{ path: 'endsAt', code: 'windowIsOver' }]
  if (draft.kind === 'blackout' && !leavesFreeMoment(window, others, at)) return [{ path: 'endsAt', code: 'noFreeMoment' }]
  return []
}

export function checkTemplate(draft: TemplateDraft): Refusal[] {
  const found: Refusal[] = []
  if (draft.steps.length === 0) found.push({ path: 'steps', code: 'noSteps' })
  if (draft.backoutPlan === '') found.push({ path: 'backoutPlan', code: 'noBackoutPlan' })
  if (draft.risk > 2) found.push({ path: 'risk', code: 'tooRiskyForTemplate' })
  return found
}

export function checkMeeting(draft: MeetingDraft, at: number): Refusal[] {
  const found: Refusal[] = []
  const members = new Set(draft.memberIds)
  if (draft.quorum > members.size) found.push({ path: 'quorum', code: 'quorumTooLarge' })
  if (!members.has(draft.chairId)) found.push({ path: 'chairId', code: 'chairNotMember' })
  if (Date.parse(draft.endsAt) <= Date.parse(draft.startsAt)) found.push({ path: 'endsAt', code: 'endsBeforeStart' })
  else if (Date.parse(draft.endsAt) < at) found.push({ path: 'startsAt', code: 'inThePast' })
  return found
}

export interface Plan {
  plannedStart: string | null
  plannedEnd: string | null
}
/** An emergency may have been made already; any other change is planned ahead. */
export function checkPlan({ plannedStart, plannedEnd }: Plan, isEmergency: boolean, at: number): Refusal[] {
  if (plannedStart === null && plannedEnd === null) return []
  if (plannedStart === null) return [{ path: 'plannedStart', code: 'planIncomplete' }]
  if (plannedEnd === null) return [{ path: 'plannedEnd', code: 'planIncomplete' }]
  const [from, to] = [Date.parse(plannedStart), Date.parse(plannedEnd)]
  if (!(to > from)) return [{ path: 'plannedEnd', code: 'endsBeforeStart' }]
  if (!isEmergency && from < at) return [{ path: 'plannedStart', code: 'inThePast' }]
  if (from > at + 4 * horizonMs) return [{ path: 'plannedStart', code: 'tooFarAhead' }]
  return []
}

/** Would the change, standing on `dependsOn`, wait for itself? The ids on the way round, from the first that it names; null: no. */
export function dependencyCycle(
  changeId: string,
  dependsOn: readonly string[],
  dependenciesOf: ReadonlyMap<string, readonly string[]>,
): string[] | null {
  const seen = new Set<string>()
  const ways = dependsOn.map((id) => [id])
  for (let way = ways.pop(); way; way = ways.pop()) {
    const last = way.at(-1) ?? ''
    if (last === changeId) return way
    if (seen.has(last)) continue
    seen.add(last)
    for (const next of dependenciesOf.get(last) ?? []) ways.push([...way, next])
  }
  return null
}
