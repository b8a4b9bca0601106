/** DMN files that import others: found among the latest deployed decisions, by their namespace (DMN 1.3 clause 6.3.3). */
import type { Compiled, Diagnostic } from '#engine/contract'
import { isImporting } from '../../../workflows/engine/compile/index.ts'
import type { Db, Trx } from '../database.ts'
import { type Compilation, compileDefinition, type DefinitionKind } from './kinds.ts'

interface DecisionSource {
  id: string
  source: string
}

const latestDecisions = (db: Db | Trx): Promise<DecisionSource[]> =>
  db
    .selectFrom('definition')
    .distinctOn('id')
    .select(['id', 'source'])
    .where('kind', '=', 'decision')
    .orderBy('id')
    .orderBy('version', 'desc')
    .execute()

const besides = (all: readonly DecisionSource[], id: string | undefined): string[] =>
  all.flatMap((one) => (one.id === id ? [] : [one.source]))

/** As `compileDefinition`, with what a decision imports. */
export async function compileInPlace(db: Db | Trx, kind: DefinitionKind, source: string, id?: string): Promise<Compiled<Compilation>> {
  const others = kind === 'decision' && isImporting(source) ? besides(await latestDecisions(db), id) : []
  return compileDefinition(kind, source, id, others)
}

/** Deployed decisions that import this one and no longer compile with it: an error, for all that they decide would stop. */
export async function brokenImporters(db: Db | Trx, kind: DefinitionKind, source: string, id: string | undefined): Promise<Diagnostic[]> {
  if (kind !== 'decision' || id === undefined) return []
  const all = await latestDecisions(db)
  const before = all.find((one) => one.id === id)?.source
  if (before === undefined) return []
  const broken: Diagnostic[] = []
  for (const importer of all.filter((one) => one.id !== id && isImporting(one.source))) {
    const rest = all.filter((one) => one.id !== id && one.id !== importer.id).map((one) => one.source)
    const compiled = await compileDefinition('decision', importer.source, importer.id, [source, ...rest])
    if (compiled.ok) continue
    // Not this one's doing, when it did not compile before.
    if (!(await compileDefinition('decision', importer.source, importer.id, [before, ...rest])).ok) continue
    const reason = compiled.diagnostics[0]?.message ?? ''
    broken.push({
      elementId: '',
      severity: 'error',
      code: 'breaksImporter',
      message: `the decision '${importer.id}' imports this one and would no longer compile: ${reason}`,
      params: { id: importer.id, reason },
    })
  }
  return broken
}
