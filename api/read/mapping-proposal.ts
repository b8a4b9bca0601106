import type { Model, ModelElement } from '#engine/model'
import { type MappingProposal, proposeProgramMapping } from '#engine/migration/mapping'
import type { MappingProposalView } from '#schema/process-migration'
import { composeVersion } from '../../activities/store/operation/migration-bundle.ts'
import type { Db } from '../deps.ts'
import type { Locale } from '../problem.ts'
import { elementNames, type NameOf } from './element-name.ts'

type Element = MappingProposalView['targets'][number]
const shown = ({ id, name, type, scopeId }: ModelElement, prefix = ''): Element => ({ id: `${prefix}${id}`, name, type, scopeId })

/** Where the open tickets of one version stand: how many at each element. */
async function standing(db: Db, processId: string, version: number): Promise<{ open: number; at: Map<string, number> }> {
  const rows = await db
    .selectFrom('instance')
    .select('active')
    .where('processId', '=', processId)
    .where('processVersion', '=', version)
    .where('isEnded', '=', false)
    .execute()
  const at = new Map<string, number>()
  for (const { active } of rows)
    for (const id of new Set((active as unknown as { elementId: string }[]).map(({ elementId }) => elementId)))
      at.set(id, (at.get(id) ?? 0) + 1)
  return { open: rows.length, at }
}

const rowsOf = (model: Model, prefix: string, proposal: MappingProposal, at: Map<string, number>): MappingProposalView['rows'] =>
  Object.values(model.elements)
    .filter(({ type }) => type !== 'process')
    .map((element) => ({
      from: shown(element, prefix),
      toId: proposal.mapping[`${prefix}${element.id}`] ?? null,
      reason: proposal.reasons[`${prefix}${element.id}`] ?? null,
      tickets: at.get(element.id) ?? 0,
    }))

/** What stands for what between two versions of a process, and where its tickets are. @throws UnknownDefinition */
export async function readProposal(
  db: Db,
  processId: string,
  fromVersion: number,
  toVersion: number,
  locale: Locale,
): Promise<MappingProposalView> {
  const [from, to, { open, at }] = await Promise.all([
    composeVersion(db, processId, fromVersion),
    composeVersion(db, processId, toVersion),
    standing(db, processId, fromVersion),
  ])
  const proposal = proposeProgramMapping(from, to)
  const [oldName, newName] = await Promise.all([elementNames(db, from, locale), elementNames(db, to, locale)])
  const say = (nameOf: NameOf, element: Element): Element => ({ ...element, name: nameOf(element.id) ?? element.name })
  const called = Object.values(from.called).filter((model) => to.called[model.processId])
  return {
    processId,
    fromVersion,
    toVersion,
    openTickets: open,
    rows: [rowsOf(from.process, '', proposal, at), ...called.map((model) => rowsOf(model, `${model.processId}/`, proposal, at))]
      .flat()
      .map((row) => ({ ...row, from: say(oldName, row.from) })),
    targets: [to.process, ...called.map(({ processId: id }) => to.called[id]!)].flatMap((model) =>
      Object.values(model.elements)
        .filter(({ type }) => type !== 'process')
        .map((element) => say(newName, shown(element))),
    ),
  }
}
