/** Processes that call activities bind by version tag: the newest deployed version that carries the tag, under a name of its own. */
import { compileProcess } from '../../../workflows/engine/compile/index.ts'
import { taggedId } from '../../../workflows/engine/compile/called-element.ts'
import type { Model } from '../../../workflows/engine/model.ts'
import type { Db, Trx } from '../database.ts'

const CALLED = /<zeebe:calledElement\b[^>]*>/g
const attribute = (tag: string, name: string): string | undefined => new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1]

/** What the XML of a process binds by tag. */
function bindingsIn(source: string): { processId: string; versionTag: string }[] {
  return [...source.matchAll(CALLED)].flatMap(([tag]) => {
    const [processId, versionTag] = [attribute(tag, 'processId'), attribute(tag, 'versionTag')]
    return attribute(tag, 'bindingType') === 'versionTag' && processId && versionTag ? [{ processId, versionTag }] : []
  })
}

/** The tagged versions that `sources` call, and those that these call, by name. One that is not deployed is left out. */
export async function taggedVersions(db: Db | Trx, sources: readonly string[]): Promise<Map<string, Model>> {
  const found = new Map<string, Model>()
  const open = sources.flatMap(bindingsIn)
  for (let binding = open.pop(); binding; binding = open.pop()) {
    const { processId, versionTag } = binding
    const name = taggedId(processId, versionTag)
    if (found.has(name)) continue
    const tagged = await newestWith(db, processId, versionTag)
    if (!tagged) continue
    found.set(name, named(tagged.model, name))
    open.push(...bindingsIn(tagged.source))
  }
  return found
}

async function newestWith(db: Db | Trx, processId: string, versionTag: string): Promise<{ model: Model; source: string } | null> {
  const versions = await db
    .selectFrom('definition')
    .select('source')
    .where('kind', '=', 'process')
    .where('id', '=', processId)
    .orderBy('version', 'desc')
    .execute()
  for (const { source } of versions) {
    if (!source.includes(versionTag)) continue
    const compiled = await compileProcess(source)
    if (compiled.ok && compiled.value.versionTag === versionTag) return { model: compiled.value, source }
  }
  return null
}

/** The model under another name, so that an instance may call several versions of one process. */
function named(model: Model, name: string): Model {
  const elements = Object.fromEntries(
    Object.values(model.elements).map((element) => {
      const id = element.id === model.processId ? name : element.id
      const scopeId = element.scopeId === model.processId ? name : element.scopeId
      return [id, { ...element, id, scopeId }]
    }),
  )
  return { ...model, processId: name, elements }
}
