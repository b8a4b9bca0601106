/** What makes a service level policy wrong: by itself, and together with what it names. */
import type { Diagnostic } from '#engine/contract'
import type { Model } from '#engine/model'
import type { ClockCondition, ClockPolicy, SlaPolicy } from '#schema/sla'
import type { Bundle } from './bundle.ts'
import { error } from './checks.ts'
import { conditionsOf } from './desk/conditions.ts'

const warning = (...parts: Parameters<typeof error>): Diagnostic => ({ ...error(...parts), severity: 'warning' })

const isEmptyCondition = ({ given: _given, ...condition }: ClockCondition) =>
  Object.values(condition).every((part) => part === undefined || (Array.isArray(part) && part.length === 0))
const isMoment = ({ facts, elementLeft, messageFrom }: ClockCondition) =>
  facts !== undefined || elementLeft !== undefined || messageFrom !== undefined
const namesStep = ({ elementEntered, elementLeft }: ClockCondition) => elementEntered !== undefined || elementLeft !== undefined

/** `elementId` of a diagnostic is `<clock>` or `<clock>.<part>`. */
export function checkPolicy(policy: SlaPolicy): Diagnostic[] {
  const found: Diagnostic[] = []
  if (policy.clocks.length === 0)
    found.push(error('clocks', 'noClock', 'The policy has no clock: add one, for instance for the resolution.'))
  const ids = policy.clocks.map((clock) => clock.id)
  for (const clock of policy.clocks) {
    if (ids.indexOf(clock.id) !== ids.lastIndexOf(clock.id))
      found.push(error(clock.id, 'duplicateClock', `Two clocks have the id "${clock.id}": rename one.`))
    found.push(...checkConditions(clock), ...checkPauses(clock), ...checkThresholds(clock))
  }
  return found
}

function checkConditions(clock: ClockPolicy): Diagnostic[] {
  const found: Diagnostic[] = []
  const parts = clock.per === 'group' ? (['stop'] as const) : (['start', 'stop'] as const)
  for (const part of parts)
    if (isEmptyCondition(clock[part]))
      found.push(
        error(`${clock.id}.${part}`, 'emptyCondition', `The clock never ${part}s: name a status, a fact, an element or a message.`, {
          part,
        }),
      )
  if (clock.per === 'group' && !isEmptyCondition(clock.start))
    found.push(
      warning(
        `${clock.id}.start`,
        'groupClockStarts',
        'A group’s clock starts when the group gets the ticket: `start` has no effect, remove it.',
      ),
    )
  if (clock.groups !== undefined && clock.per !== 'group')
    found.push(
      error(`${clock.id}.groups`, 'groupsWithoutPer', 'Groups are chosen for a clock of a group: set per to "group", or remove groups.'),
    )
  if (clock.metric === 'span' && !(namesStep(clock.start) && namesStep(clock.stop)))
    found.push(
      error(
        `${clock.id}.metric`,
        'spanNeedsSteps',
        'A span lies between two steps: give start and stop an element that is entered or left.',
      ),
    )
  for (const { part, condition } of conditionsOf(clock))
    if (condition.field?.name === '' || condition.given?.name === '')
      found.push(error(`${clock.id}.${part}`, 'fieldWithoutName', 'The condition looks at a field: give its name.'))
  return found
}

function checkPauses(clock: ClockPolicy): Diagnostic[] {
  const found: Diagnostic[] = []
  const notAState = (part: string) =>
    error(
      `${clock.id}.${part}`,
      'pauseIsAState',
      'A clock pauses as long as the ticket is in a status, a token is in an element or a field has a value; facts, elements left and messages are moments: remove them.',
    )
  if (clock.pause && isMoment(clock.pause)) found.push(notAState('pause'))
  const ids = clock.pauses?.map(({ id }) => id) ?? []
  clock.pauses?.forEach(({ id, when, maxMinutes, maxTotalMinutes }, i) => {
    const at = `${clock.id}.pauses.${i}`
    if (ids.indexOf(id) !== i) found.push(error(at, 'duplicatePause', `Two reasons to pause have the id "${id}": rename one.`, { id }))
    if (isMoment(when)) found.push(notAState(`pauses.${i}`))
    else if (isEmptyCondition(when))
      found.push(error(at, 'emptyCondition', `The reason "${id}" never holds: name a status, an element or a field.`, { part: id }))
    if (maxMinutes !== undefined && maxTotalMinutes !== undefined && maxMinutes > maxTotalMinutes)
      found.push(
        error(at, 'pauseCapOrder', `One pause may last ${maxMinutes} minutes, all together only ${maxTotalMinutes}: lower the first.`, {
          maxMinutes: `${maxMinutes}`,
          maxTotalMinutes: `${maxTotalMinutes}`,
        }),
      )
  })
  return found
}

function checkThresholds(clock: ClockPolicy): Diagnostic[] {
  const found: Diagnostic[] = []
  const at = `${clock.id}.thresholds`
  clock.thresholds.forEach(({ percent, escalationCode }, i) => {
    const before = clock.thresholds[i - 1]?.percent ?? 0
    const params = { percent: `${percent}`, before: `${before}` }
    if (percent === before && i > 0)
      found.push(error(at, 'duplicateThreshold', `There are two thresholds at ${percent} %: keep one.`, params))
    else if (percent <= before)
      found.push(
        error(at, 'thresholdsNotAscending', `Threshold ${percent} % comes after ${before} %: put them in ascending order.`, params),
      )
    if (escalationCode.trim() === '')
      found.push(
        error(at, 'noEscalationCode', `Threshold ${percent} % has no escalation code: give the code that the diagram catches.`, params),
      )
  })
  return found
}

/** What only shows when all is put together: calendars and decisions that are named and not there. */
export function checkBundle(bundle: Bundle): Diagnostic[] {
  const models = [bundle.process, ...Object.values(bundle.called)]
  const found = bundle.policies.flatMap((policy) => checkNames(policy, bundle))
  for (const policy of bundle.policies)
    for (const { target } of policy.clocks) found.push(...checkTargets(bundle.decisions, target.decisionId, target.output))
  for (const element of models.flatMap((model) => Object.values(model.elements))) {
    const calendarId = element.attributes?.calendar
    if (calendarId !== undefined && !bundle.calendars[calendarId])
      found.push(error(element.id, 'unknownCalendar', `The element names calendar "${calendarId}", which is not deployed.`, { calendarId }))
  }
  return found
}

/** Calendars and decisions that a policy names and that are not there. `elementId` of a diagnostic is `<policy>.<clock>`. */
export function checkNames(policy: SlaPolicy, { calendars, decisions }: Pick<Bundle, 'calendars' | 'decisions'>): Diagnostic[] {
  const found: Diagnostic[] = []
  for (const clock of policy.clocks) {
    const at = `${policy.id}.${clock.id}`
    const choice = clock.calendar
    for (const calendarId of new Set([clock.calendarId, ...(choice?.by === 'group' ? Object.values(choice.calendars ?? {}) : [])]))
      if (!calendars[calendarId])
        found.push(error(at, 'unknownCalendar', `The clock names calendar "${calendarId}", which is not deployed.`, { calendarId }))
    if (!decisions[clock.target.decisionId])
      found.push(
        error(at, 'unknownDecision', `The clock takes its target from decision "${clock.target.decisionId}", which is not deployed.`, {
          decisionId: clock.target.decisionId,
        }),
      )
    if (choice?.by === 'decision' && !decisions[choice.decisionId])
      found.push(
        error(at, 'unknownDecision', `The clock takes its calendar from decision "${choice.decisionId}", which is not deployed.`, {
          decisionId: choice.decisionId,
        }),
      )
  }
  return found
}

/** Steps that a policy names and that none of the processes which use it has. */
export function checkSteps(policy: SlaPolicy, models: readonly Model[]): Diagnostic[] {
  const has = (id: string | undefined) => id === undefined || models.some((model) => model.elements[id] !== undefined)
  return policy.clocks.flatMap((clock) =>
    conditionsOf(clock).flatMap(({ part, condition: { elementEntered, elementLeft } }) =>
      [elementEntered, elementLeft]
        .filter((id) => !has(id))
        .map((id = '') =>
          error(
            `${policy.id}.${clock.id}.${part}`,
            'unknownStep',
            `The clock looks at step "${id}", which ${models.map((model) => `"${model.processId}"`).join(', ')} does not have: name a step of the diagram.`,
            { step: id },
          ),
        ),
    ),
  )
}

/** Codes that some event of the processes catches; null: one catches them all. */
function caughtCodes(models: readonly Model[]): Set<string> | null {
  const codes = new Set<string>()
  for (const element of models.flatMap((model) => Object.values(model.elements))) {
    const isCatching = element.type === 'startEvent' || element.type === 'boundaryEvent'
    if (!isCatching || element.event.type !== 'escalation') continue
    const { code } = element.event
    if (code === null || 'feel' in code) return null
    codes.add(String(code.literal))
  }
  return codes
}

/** Thresholds whose escalation nothing in the diagrams catches: they are recorded, and nobody is told. */
export function checkCaught(policy: SlaPolicy, models: readonly Model[]): Diagnostic[] {
  const codes = caughtCodes(models)
  if (codes === null) return []
  return policy.clocks.flatMap(({ id, thresholds }) =>
    thresholds
      .filter(({ escalationCode }) => !codes.has(escalationCode))
      .map(({ percent, escalationCode }) =>
        warning(
          `${policy.id}.${id}.thresholds`,
          'escalationNotCaught',
          `No diagram catches "${escalationCode}" at ${percent} %: it is recorded and nobody is told. Draw an escalation event for it, or leave it so.`,
          { code: escalationCode, percent: `${percent}` },
        ),
      ),
  )
}

/** A target of zero or less, written in the decision table that gives a clock its time. `elementId` of a diagnostic is the rule's id. */
export function checkTargets(decisions: Bundle['decisions'], decisionId: string, output: string): Diagnostic[] {
  const decision = decisions[decisionId]
  const logic = decision?.nodes[decision.decisionId]?.logic
  if (logic?.type !== 'table') return []
  const { outputs, rules } = logic.table
  const column = outputs.length === 1 ? 0 : outputs.findIndex((o) => o.name === output)
  if (column < 0)
    return [
      error(
        decisionId,
        'unknownOutput',
        `Decision "${decisionId}" has no output "${output}": name one of ${outputs.map((o) => o.name).join(', ')}.`,
        { decisionId, output },
      ),
    ]
  return rules
    .filter((rule) => Number(rule.outputs[column] ?? Number.NaN) <= 0)
    .map((rule) =>
      error(
        rule.id,
        'targetNotPositive',
        `The target "${output}" is ${rule.outputs[column]} minutes: give more than 0, or leave the cell null for no clock.`,
        { output },
      ),
    )
}
