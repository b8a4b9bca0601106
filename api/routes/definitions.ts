import { z } from 'zod'
import { CatalogueItem } from '#schema/catalogue-item'
import { frenchOf } from '#schema/diagnostics-fr'
import { Form } from '#schema/form'
import { DefinitionRow, DefinitionView, DiagnosticView, Page } from '#schema/view'
import type { Diagnostic } from '#engine/contract'
import { missingReferences } from '../../activities/store/request/catalogue.ts'
import { importProcess } from '../../activities/store/definition/import.ts'
import { definitionKinds } from '../../activities/store/definition/kinds.ts'
import {
  checkDefinition,
  type Definition,
  deployDefinition,
  getDefinition,
  listDefinitions,
  listVersions,
} from '../../activities/store/definition/definitions.ts'
import type { Db } from '../deps.ts'
import { ApiProblem, type Locale, type ProblemPlace } from '../problem.ts'
import { definitionNames } from '../read/definition-name.ts'
import { defineRoute, type Route } from '../route.ts'

const Kind = z.enum(definitionKinds)
const KindParams = z.object({ kind: Kind })
const DefinitionParams = KindParams.extend({ id: z.string().regex(/^[\w./-]{1,100}$/) })
const readers = ['agent', 'processOwner', 'auditor', 'administrator'] as const
const Source = z.string().min(1)

const view = ({ elementId, severity, code, message, params }: Diagnostic): z.infer<typeof DiagnosticView> => ({
  elementId,
  severity,
  code,
  message,
  ...(params ? { params } : {}),
})
const asPlaces = (diagnostics: readonly Diagnostic[]): ProblemPlace[] =>
  diagnostics.map((d) => {
    const french = frenchOf(d)
    return { path: 'source', code: d.code, message: d.message, elementId: d.elementId, ...(french === undefined ? {} : { french }) }
  })

async function namesOf(db: Db, ids: readonly string[]): Promise<(id: string) => { id: string; name: string }> {
  const rows =
    ids.length === 0
      ? []
      : await db
          .selectFrom('person')
          .select(['id', 'name'])
          .where('id', 'in', [...new Set(ids)])
          .execute()
  return (id) => rows.find((r) => r.id === id) ?? { id, name: id === 'system' ? 'Guichet' : id }
}
type Listed = Omit<Definition, 'source'> & { openInstances: number }
const row = (d: Listed, name: (id: string) => { id: string; name: string }, title: string): DefinitionRow => ({
  kind: d.kind,
  id: d.id,
  name: title,
  version: d.version,
  hash: d.hash,
  deployedAt: d.deployedAt.toISOString(),
  deployedBy: name(d.deployedBy),
  note: d.note,
  openInstances: d.openInstances,
})

async function readDefinition(
  db: Db,
  kind: Definition['kind'],
  id: string,
  version: number | undefined,
  locale: Locale,
): Promise<DefinitionView> {
  const [definition, versions] = await Promise.all([getDefinition(db, kind, id, version), listVersions(db, kind, id)])
  if (!definition) throw new ApiProblem(404, 'definitionNotFound', { params: { kind, id } })
  const name = await namesOf(
    db,
    versions.map((v) => v.deployedBy),
  )
  const titleOf = await definitionNames(db, [definition], locale)
  const listed = versions.find((v) => v.version === definition.version)
  return {
    ...row({ ...definition, openInstances: listed?.openInstances ?? 0 }, name, titleOf(definition)),
    source: definition.source,
    versions: versions.map((v) => ({
      version: v.version,
      deployedAt: v.deployedAt.toISOString(),
      deployedBy: name(v.deployedBy),
      note: v.note,
      openInstances: v.openInstances,
    })),
  }
}

/** What an item of the catalogue names and is not there. An item that is no item is told by its own check. */
async function itemReferences(db: Db, kind: Definition['kind'], source: string): Promise<Diagnostic[]> {
  if (kind !== 'catalogue') return []
  let item: CatalogueItem
  try {
    item = CatalogueItem.parse(JSON.parse(source))
  } catch {
    return []
  }
  return (await missingReferences(db, item)).map(({ path, name }) => ({
    elementId: path,
    severity: 'error',
    code: 'unknownReference',
    message: `"${name}" does not exist: deploy or add it first, or name another.`,
    params: { name },
  }))
}

export const definitionRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: '/definitions',
    access: readers,
    tag: 'Definitions',
    summary: 'Deployed definitions, latest versions',
    query: z.object({ kind: Kind.optional(), limit: z.coerce.number().optional() }),
    response: Page(DefinitionRow),
    handle: async ({ deps, query, locale }) => {
      const rows = await listDefinitions(deps.db, query.kind)
      const titleOf = await definitionNames(deps.db, rows, locale)
      const name = await namesOf(
        deps.db,
        rows.map((r) => r.deployedBy),
      )
      return { items: rows.map((r) => row(r, name, titleOf(r))), nextCursor: null, total: rows.length }
    },
  }),
  defineRoute({
    method: 'get',
    path: '/definitions/{kind}/{id}',
    access: readers,
    tag: 'Definitions',
    summary: 'One definition with its source and versions',
    params: DefinitionParams,
    query: z.object({ version: z.coerce.number().int().min(1).optional() }),
    response: DefinitionView,
    problems: { 404: ['definitionNotFound'] },
    handle: ({ deps, params, query, locale }) => readDefinition(deps.db, params.kind, params.id, query.version, locale),
  }),
  defineRoute({
    method: 'post',
    path: '/definitions/{kind}/check',
    access: ['processOwner', 'administrator'],
    tag: 'Definitions',
    summary: 'Check a definition without deploying it',
    params: KindParams,
    body: z.strictObject({ source: Source }),
    maxBytes: (l) => l.definitionBytes,
    response: z.object({ diagnostics: z.array(DiagnosticView) }),
    problems: { 413: ['tooLarge'] },
    handle: async ({ deps, params, body }) => {
      const found = [
        ...(await checkDefinition(deps.db, params.kind, body.source)),
        ...(await itemReferences(deps.db, params.kind, body.source)),
      ]
      return { diagnostics: found.map(view) }
    },
  }),
  defineRoute({
    method: 'post',
    path: '/definitions/process/import',
    access: ['processOwner', 'administrator'],
    tag: 'Definitions',
    summary: 'Convert a process drawn for Camunda, Flowable or Activiti',
    description: 'Nothing is deployed. The diagnostics list, by element, what has no counterpart here and was not carried over.',
    body: z.strictObject({ source: Source }),
    maxBytes: (l) => l.definitionBytes,
    response: z.object({ source: z.string(), isForeign: z.boolean(), diagnostics: z.array(DiagnosticView) }),
    problems: { 413: ['tooLarge'], 422: ['invalidDefinition'] },
    handle: async ({ body }) => {
      const imported = await importProcess(body.source)
      if (!imported.ok)
        throw new ApiProblem(422, 'invalidDefinition', {
          params: { count: imported.diagnostics.length },
          errors: asPlaces(imported.diagnostics),
        })
      const { xml, isForeign } = imported.value
      return { source: xml, isForeign, diagnostics: imported.warnings.map(view) }
    },
  }),
  defineRoute({
    method: 'post',
    path: '/definitions/{kind}/{id}',
    access: ['processOwner', 'administrator'],
    tag: 'Definitions',
    summary: 'Deploy the next version',
    description:
      'Tickets opened from now on follow it; open ones keep theirs. `baseVersion` is the version the author started from (0 or null: a new definition).',
    params: DefinitionParams,
    body: z.strictObject({ source: Source, note: z.string().max(2_000).default(''), baseVersion: z.int().min(0).nullable().default(null) }),
    maxBytes: (l) => l.definitionBytes,
    status: 201,
    response: z.object({ version: z.int(), diagnostics: z.array(DiagnosticView) }),
    problems: { 409: ['staleVersion'], 413: ['tooLarge'], 422: ['invalidDefinition'] },
    handle: async ({ deps, params, body, caller }) => {
      const { kind, id } = params
      const base = body.baseVersion ?? 0
      const missing = await itemReferences(deps.db, kind, body.source)
      if (missing.length > 0)
        throw new ApiProblem(422, 'invalidDefinition', { params: { count: missing.length }, errors: asPlaces(missing) })
      const deployed = await deployDefinition(deps.db, {
        kind,
        id,
        source: body.source,
        note: body.note,
        baseVersion: base,
        actorId: caller.actor.id,
        at: deps.clock(),
      })
      if (deployed.ok) return { version: deployed.version, diagnostics: deployed.diagnostics.map(view) }
      if (deployed.reason === 'stale') throw new ApiProblem(409, 'staleVersion', { params: { current: deployed.currentVersion, base } })
      const errors = deployed.diagnostics.filter((d) => d.severity === 'error')
      throw new ApiProblem(422, 'invalidDefinition', { params: { count: errors.length }, errors: asPlaces(errors) })
    },
  }),
  defineRoute({
    method: 'get',
    path: '/forms/{id}',
    access: 'anyone',
    tag: 'Definitions',
    summary: 'A form, latest version',
    params: z.object({ id: z.string().max(100) }),
    response: Form,
    problems: { 404: ['formNotFound'] },
    handle: async ({ deps, params }) => {
      const definition = await getDefinition(deps.db, 'form', params.id)
      if (!definition) throw new ApiProblem(404, 'formNotFound', { params: { id: params.id } })
      return Form.parse(JSON.parse(definition.source))
    },
  }),
]
