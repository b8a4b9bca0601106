import type { DecisionModel } from '#engine/model'
import type { Db, Trx } from '../database.ts'
import { isImporting } from '../../../workflows/engine/compile/index.ts'
import { compileInPlace } from './imports.ts'
import { getDefinition, UnknownDefinition } from './definitions.ts'

/** Compiled by content; there are some tens of decisions. */
const compiled = new Map<string, DecisionModel>()
const compiledLimit = 200

/**
 * The latest deployed version of a decision that is asked outside a process.
 * @throws UnknownDefinition when it is not deployed
 */
export async function loadDecision(db: Db | Trx, id: string): Promise<DecisionModel> {
  const definition = await getDefinition(db, 'decision', id)
  if (!definition) throw new UnknownDefinition(`no decision '${id}' is deployed`)
  // What imports others changes with them.
  const isAlone = !isImporting(definition.source)
  const known = isAlone ? compiled.get(definition.hash) : undefined
  if (known) return known
  const result = await compileInPlace(db, 'decision', definition.source, id)
  const model = result.ok ? result.value.decisions?.find(({ decisionId }) => decisionId === id) : undefined
  if (!model) throw new Error(`expected the deployed decision "${id}" to compile, found that it does not`)
  if (compiled.size >= compiledLimit) compiled.clear()
  if (isAlone) compiled.set(definition.hash, model)
  return model
}
