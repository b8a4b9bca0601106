import type { DefinitionKind } from '../../activities/store/definition/kinds.ts'
import type { Db } from '../deps.ts'
import type { Locale } from '../problem.ts'
import { englishNames } from './element-name.ts'

type Named = { kind: DefinitionKind; id: string; name: string; hash: string }
type Names = Partial<Record<Locale, string>>

/** What a definition calls itself in both languages; nothing for a language that it does not speak. */
export function namesIn({ kind, id, name, source }: Named & { source: string }): Names {
  if (kind === 'process') return { fr: name, en: englishNames(source).get(`${id}\n${name}`) }
  if (kind === 'decision' || kind === 'template') return {}
  const { title, title_fr: titleFr, name: names } = JSON.parse(source) as { title?: string; title_fr?: string; name?: Names }
  return kind === 'form' ? { fr: titleFr, en: title } : (names ?? {})
}

/** Sources are content-addressed: each is read once. */
const known = new Map<string, Names>()
const keyOf = ({ kind, id, hash }: Named): string => `${kind} ${id} ${hash}`

/** Names of definitions in the reader's language; the deployed name where they have none in it. */
export async function definitionNames(db: Db, rows: readonly Named[], locale: Locale): Promise<(row: Named) => string> {
  const unread = rows.filter((row) => !known.has(keyOf(row)))
  if (unread.length > 0) {
    const sources = await db
      .selectFrom('definition')
      .select(['kind', 'id', 'name', 'hash', 'source'])
      .where('hash', 'in', [...new Set(unread.map(({ hash }) => hash))])
      .execute()
    for (const row of sources as (Named & { source: string })[]) known.set(keyOf(row), namesIn(row))
  }
  return (row) => known.get(keyOf(row))?.[locale] ?? row.name
}
