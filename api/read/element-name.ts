import type { Bundle } from '#domain/bundle'
import type { Db } from '../deps.ts'
import type { Locale } from '../problem.ts'

/** What the diagram calls an element, in the reader's language; null when it has no name. A sequence flow is named by its ends. */
export type NameOf = (elementId: string) => string | null

/** English names by element id and its `name` together: a later version that renames an element says nothing of an earlier one. */
type EnglishNames = ReadonlyMap<string, string>
const keyOf = (elementId: string, name: string) => `${elementId}\n${name}`

/** So many versions back an English name is looked for; beyond, the diagram's own name stands. */
const versionsRead = 10
const named: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }
const decodeEntities = (text: string): string =>
  text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (whole, hex?: string, decimal?: string, name?: string) =>
    name ? (named[name] ?? whole) : String.fromCodePoint(hex ? Number.parseInt(hex, 16) : Number(decimal)),
  )

/** The `guichet:nameEn` of a diagram's elements. The model leaves them out (they are no fact of the process), so they are read from its text. */
export function englishNames(xml: string): EnglishNames {
  const names = new Map<string, string>()
  for (const [tag] of xml.matchAll(/<[A-Za-z][^\s/>]*(?:\s+[\w:.-]+\s*=\s*(?:"[^"]*"|'[^']*'))+\s*\/?>/g)) {
    const attributes = new Map(
      [...tag.matchAll(/([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g)].map(([, key, double, single]) => [
        key,
        decodeEntities(double ?? single ?? ''),
      ]),
    )
    const [id, name, english] = [attributes.get('id'), attributes.get('name'), attributes.get('guichet:nameEn')]
    if (id && name && english) names.set(keyOf(id, name), english)
  }
  return names
}

/** A bundle is immutable and cached by the store: its English names are read once. */
const known = new WeakMap<Bundle, Promise<EnglishNames>>()

async function readEnglish(db: Db, bundle: Bundle): Promise<EnglishNames> {
  const names = new Map<string, string>()
  for (const id of [bundle.process.processId, ...Object.keys(bundle.called)]) {
    const versions = await db
      .selectFrom('definition')
      .select('source')
      .where('kind', '=', 'process')
      .where('id', '=', id)
      .orderBy('version', 'desc')
      .limit(versionsRead)
      .execute()
    for (const { source } of versions) for (const [key, name] of englishNames(source)) if (!names.has(key)) names.set(key, name)
  }
  return names
}

/** Names of a bundle's elements: `name` is French by custom, `guichet:nameEn` the English one. */
export async function elementNames(db: Db, bundle: Bundle | null | undefined, locale: Locale): Promise<NameOf> {
  if (!bundle) return () => null
  let english: EnglishNames = new Map()
  if (locale === 'en') {
    const reading = known.get(bundle) ?? readEnglish(db, bundle)
    known.set(bundle, reading)
    reading.catch(() => known.delete(bundle))
    english = await reading
  }
  const models = [bundle.process, ...Object.values(bundle.called)]
  const nameOf: NameOf = (elementId) => {
    const name = models.find((model) => model.elements[elementId])?.elements[elementId]?.name
    return name ? (english.get(keyOf(elementId, name)) ?? name) : null
  }
  return (id) => {
    const flow = models.find((model) => model.flows[id])?.flows[id]
    return flow ? `${nameOf(flow.sourceId) ?? flow.sourceId} → ${nameOf(flow.targetId) ?? flow.targetId}` : nameOf(id)
  }
}
