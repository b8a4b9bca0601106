/** A file written for another engine, rewritten in the dialect that is deployed here; the drawing stays as it is. */
import type { Compiled } from '../contract.ts'
import { leaveOutUnsupported } from './dialect/camunda8.ts'
import { convertDialect, isForeignDialect, withUsualPrefixes } from './dialect/index.ts'
import { parseBpmn } from './moddle.ts'

export interface Imported {
  xml: string
  /** Whether anything had to be rewritten; else `xml` is what came. */
  isForeign: boolean
}

const FOREIGN_NAMESPACE = /^http:\/\/(camunda\.org\/schema\/1\.0|activiti\.org|flowable\.org)\/bpmn/

/** The warnings list what was not carried over, by element. */
export async function importProcess(source: string): Promise<Compiled<Imported>> {
  const xml = withUsualPrefixes(source)
  const parsed = await parseBpmn(xml, true)
  if (Array.isArray(parsed)) return { ok: false, diagnostics: parsed }
  const isForeign = isForeignDialect(xml)
  const converted = isForeign ? convertDialect(parsed.definitions, parsed.create, {}) : []
  const warnings = [...converted, ...leaveOutUnsupported(parsed.definitions, parsed.create)]
  if (!isForeign && warnings.length === 0) return { ok: true, value: { xml, isForeign: false }, warnings: [] }
  const attributes = parsed.definitions.$attrs ?? {}
  for (const [name, value] of Object.entries(attributes))
    if (name.startsWith('xmlns:') && FOREIGN_NAMESPACE.test(String(value))) delete attributes[name]
  return { ok: true, value: { xml: await parsed.write(), isForeign: true }, warnings }
}
