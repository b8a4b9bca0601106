/** The shipped definitions, compiled and put together as a deployment does. */
import { readdirSync, readFileSync } from 'node:fs'
import type { Bundle } from '#domain/bundle'
import type { Compiled } from '#engine/contract'
import { compileDecision, compileProcess } from '../../workflows/engine/compile/index.ts'
import { Calendar } from '#schema/calendar'
import { Form } from '#schema/form'
import { SlaPolicy } from '#schema/sla'

const folder = new URL('../../definitions/', import.meta.url)
export const sourceOf = (path: string): string => readFileSync(new URL(path, folder), 'utf8')
export const filesIn = (path: string): string[] => readdirSync(new URL(`${path}/`, folder)).sort()

function compiledValue<T>(compiled: Compiled<T>): T {
  if (!compiled.ok) throw new Error(compiled.diagnostics.map((d) => `${d.elementId}: ${d.code}: ${d.message}`).join('\n'))
  return compiled.value
}

/** @param processId file name of the process */
export async function shippedBundle(processId = 'incident'): Promise<Bundle> {
  const decisions = await Promise.all(
    filesIn('decisions').map(async (file) => compiledValue(await compileDecision(sourceOf(`decisions/${file}`)))),
  )
  const read = <T extends { id: string }>(path: string, schema: { parse(value: unknown): T }) =>
    filesIn(path).map((file) => schema.parse(JSON.parse(sourceOf(`${path}/${file}`))))
  const byId = <T extends { id: string }>(items: T[]) => Object.fromEntries(items.map((item) => [item.id, item]))
  const process = compiledValue(await compileProcess(sourceOf(`processes/${processId}.bpmn`)))
  const policyIds = process.attributes.slaPolicies?.split(/[\s,]+/) ?? []
  return {
    process,
    called: {},
    decisions: Object.fromEntries(decisions.flat().map((decision) => [decision.decisionId, decision])),
    forms: byId(read('forms', Form)),
    policies: read('sla', SlaPolicy).filter(({ id }) => policyIds.includes(id)),
    calendars: byId(read('calendars', Calendar)),
  }
}
