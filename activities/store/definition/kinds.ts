import type { Bundle } from '#domain/bundle'
import type { Compiled, Diagnostic } from '#engine/contract'
import type { DecisionModel, Model, ModelElement } from '#engine/model'
import { checkItem } from '#domain/catalogue'
import { Calendar } from '#schema/calendar'
import { CatalogueItem } from '#schema/catalogue-item'
import { Form } from '#schema/form'
import { type ClockPolicy, SlaPolicy } from '#schema/sla'
import type { z } from 'zod'
import { compileDecision, compileProcess } from '../../../workflows/engine/compile/index.ts'
import { compileTemplate } from './template-check.ts'

export const definitionKinds = ['process', 'decision', 'form', 'sla', 'calendar', 'template', 'catalogue'] as const
export type DefinitionKind = (typeof definitionKinds)[number]

export interface Compilation {
  name: string
  process?: Model
  decisions?: DecisionModel[]
  form?: Form
  policy?: SlaPolicy
  calendar?: Calendar
  item?: CatalogueItem
}

const error = (elementId: string, code: string, message: string): Diagnostic => ({ elementId, severity: 'error', code, message })
const refuse = (...diagnostics: Diagnostic[]): { ok: false; diagnostics: Diagnostic[] } => ({ ok: false, diagnostics })

function parseJson<T>(schema: z.ZodType<T>, source: string): Compiled<T> {
  let value: unknown
  try {
    value = JSON.parse(source)
  } catch (problem) {
    return refuse(error('', 'notJson', `This is not JSON: ${(problem as Error).message}`))
  }
  const parsed = schema.safeParse(value)
  if (parsed.success) return { ok: true, value: parsed.data, warnings: [] }
  return refuse(
    ...parsed.error.issues.map((issue) =>
      error(issue.path.join('.'), 'schema', `${issue.path.join('.') || 'the document'}: ${issue.message}`),
    ),
  )
}

const named = <T>(compiled: Compiled<T>, toValue: (value: T) => Compilation): Compiled<Compilation> =>
  compiled.ok ? { ...compiled, value: toValue(compiled.value) } : compiled

/** One compiler for each kind of definition. A decision file may hold several decisions. */
const compilers = {
  process: async (source) => named(await compileProcess(source), (process) => ({ name: process.name || process.processId, process })),
  decision: async (source, others) =>
    named(await compileDecision(source, { others }), (decisions) => ({ name: decisions[0]?.name ?? '', decisions })),
  form: async (source) => named(parseJson(Form, source), (form) => ({ name: form.title ?? form.id, form })),
  sla: async (source) => named(parseJson(SlaPolicy, source), (policy) => ({ name: policy.name.en, policy })),
  calendar: async (source) => named(parseJson(Calendar, source), (calendar) => ({ name: calendar.name.en, calendar })),
  catalogue: async (source) => {
    const parsed = parseJson(CatalogueItem, source)
    const wrong = parsed.ok ? checkItem(parsed.value).filter(({ severity }) => severity === 'error') : []
    return wrong.length > 0 ? refuse(...wrong) : named(parsed, (item) => ({ name: item.name.en, item }))
  },
  template: async (source) => compileTemplate(source),
} satisfies Record<DefinitionKind, (source: string, others: readonly string[]) => Promise<Compiled<Compilation>>>

const ownId = ({ process, form, policy, calendar, item }: Compilation): string | undefined =>
  process?.processId ?? form?.id ?? policy?.id ?? calendar?.id ?? item?.id

/**
 * Compiles a definition of any kind. With `id`, the definition must carry it: a process keeps its id from version to version.
 * `others`: the decision files among which imported models are looked for.
 */
export async function compileDefinition(
  kind: DefinitionKind,
  source: string,
  id?: string,
  others: readonly string[] = [],
): Promise<Compiled<Compilation>> {
  const compiled = await compilers[kind](source, others)
  if (!compiled.ok) return compiled
  const found = ownId(compiled.value)
  if (id !== undefined && found !== undefined && found !== id)
    return refuse(error(found, 'idChanged', `Expected the id '${id}', found '${found}': give it its id back, or deploy it as '${found}'.`))
  return compiled.value.name ? compiled : { ...compiled, value: { ...compiled.value, name: id ?? found ?? kind } }
}

export interface Source {
  kind: DefinitionKind
  id: string
  version: number
  source: string
}

const hasDynamic = (model: Model, reads: (element: ModelElement) => { literal: unknown } | { feel: string } | null | undefined): boolean =>
  Object.values(model.elements).some((element) => {
    const expression = reads(element)
    return expression !== null && expression !== undefined && 'feel' in expression
  })

/**
 * The definitions that a process needs, found by following what it names; those named by an expression at run time: all.
 * @param calls what the expressions of call activities will name, where it is known beforehand: those alone, with all that they need
 * @param tagged older versions that are called by their tag (tagged-versions.ts)
 * @param groupCalendars the groups' own opening hours in the register
 */
export async function pickBundle(
  processId: string,
  sources: readonly Source[],
  calls?: readonly string[],
  tagged?: ReadonlyMap<string, Model>,
  groupCalendars: Readonly<Record<string, string>> = {},
): Promise<{ ok: true; bundle: Bundle } | { ok: false; problem: string }> {
  const all = {
    process: new Map<string, Model>(),
    decision: new Map<string, DecisionModel>(),
    form: new Map<string, Form>(),
    sla: new Map<string, SlaPolicy>(),
    calendar: new Map<string, Calendar>(),
  }
  const files = sources.filter(({ kind }) => kind === 'decision')
  for (const source of sources) {
    const others = files.filter(({ id }) => id !== source.id).map((file) => file.source)
    const compiled = await compileDefinition(source.kind, source.source, undefined, others)
    if (!compiled.ok)
      return {
        ok: false,
        problem: `${source.kind} '${source.id}' version ${source.version} no longer compiles: ${compiled.diagnostics[0]?.message}`,
      }
    const { process, decisions, form, policy, calendar } = compiled.value
    if (process) all.process.set(source.id, process)
    for (const decision of decisions ?? []) all.decision.set(decision.decisionId, decision)
    if (form) all.form.set(source.id, form)
    // The deployed version counts, whatever the file says: clocks are pinned to it.
    if (policy) all.sla.set(source.id, { ...policy, version: source.version })
    if (calendar) all.calendar.set(source.id, { ...calendar, version: source.version })
  }
  for (const [name, model] of tagged ?? []) all.process.set(name, model)
  const missing: string[] = []
  const pick = <T>(from: Map<string, T>, kind: string, ids: Iterable<string>): Record<string, T> => {
    const picked: Record<string, T> = {}
    for (const id of ids) {
      const value = from.get(id)
      if (value) picked[id] = value
      else missing.push(`${kind} '${id}'`)
    }
    return picked
  }
  const models = reachable([processId, ...(calls ?? [])], all.process)
  const process = all.process.get(processId)
  if (!process) return { ok: false, problem: `no process '${processId}' is deployed` }
  const isFree = (reads: Parameters<typeof hasDynamic>[1]) => models.some((model) => hasDynamic(model, reads))
  for (const [id, policy] of all.sla) all.sla.set(id, withGroupCalendars(policy, groupCalendars, all.calendar))
  const policies = pick(all.sla, 'sla', [...new Set(models.flatMap(policyIdsOf))])
  const clocks = Object.values(policies).flatMap((policy) => policy.clocks)
  const decisions = new Set([...models.flatMap((model) => model.references.decisions), ...clocks.flatMap(decisionIdsOf)])
  if (isFree((element) => (element.type === 'businessRuleTask' ? element.decision?.decisionId : null)))
    for (const id of all.decision.keys()) decisions.add(id)
  const forms = new Set(models.flatMap((model) => model.references.forms))
  if (isFree((element) => (element.type === 'userTask' ? element.formId : null))) for (const id of all.form.keys()) forms.add(id)
  const called = new Set([...models.flatMap((model) => model.references.processes), ...(calls ?? [])])
  if (calls === undefined && isFree((element) => (element.type === 'callActivity' ? element.processId : null)))
    for (const id of all.process.keys()) called.add(id)
  // Clocks name calendars, and so do elements that set an instant in working days (guichet:calendar).
  const calendars = new Set(clocks.flatMap((clock) => calendarIdsOf(clock, all.calendar.keys())))
  for (const model of models)
    for (const { attributes } of Object.values(model.elements)) if (attributes?.calendar !== undefined) calendars.add(attributes.calendar)
  const bundle: Bundle = {
    process,
    called: pick(all.process, 'process', called),
    decisions: pick(all.decision, 'decision', decisions),
    forms: pick(all.form, 'form', forms),
    policies: Object.values(policies),
    calendars: pick(all.calendar, 'calendar', calendars),
  }
  if (missing.length > 0)
    return { ok: false, problem: `process '${processId}' names ${missing.join(', ')}, which is not deployed. Deploy it first.` }
  return { ok: true, bundle }
}

/** The policies that a process says it follows. */
export const policyIdsOf = (model: Model): string[] => model.attributes.slaPolicies?.split(/[\s,]+/).filter(Boolean) ?? []

/** The decisions that give a clock its target and its calendar. */
export const decisionIdsOf = ({ target, calendar }: ClockPolicy): string[] =>
  calendar?.by === 'decision' ? [target.decisionId, calendar.decisionId] : [target.decisionId]

/** The policy with the groups' own hours written in where it asks for them; a calendar that is not deployed is left out, and the policy's counts. */
export function withGroupCalendars(
  policy: SlaPolicy,
  groupCalendars: Readonly<Record<string, string>>,
  calendars: { has(id: string): boolean },
): SlaPolicy {
  const own = () => Object.fromEntries(Object.entries(groupCalendars).filter(([, calendarId]) => calendars.has(calendarId)))
  const asks = ({ calendar }: ClockPolicy) => calendar?.by === 'group' && calendar.calendars === undefined
  if (!policy.clocks.some(asks)) return policy
  return {
    ...policy,
    clocks: policy.clocks.map((clock) => (asks(clock) ? { ...clock, calendar: { by: 'group' as const, calendars: own() } } : clock)),
  }
}

/** The calendars that a clock may take; where a table or a variable names it, any of `all`. */
export function calendarIdsOf({ calendarId, calendar }: ClockPolicy, all: Iterable<string>): string[] {
  if (calendar === undefined) return [calendarId]
  return [calendarId, ...(calendar.by === 'group' && calendar.calendars ? Object.values(calendar.calendars) : all)]
}

function reachable(processIds: readonly string[], processes: Map<string, Model>): Model[] {
  const found = new Map<string, Model>()
  const visit = (id: string) => {
    const model = processes.get(id)
    if (!model || found.has(id)) return
    found.set(id, model)
    for (const called of model.references.processes) visit(called)
  }
  for (const processId of processIds) visit(processId)
  return [...found.values()]
}
