import { promisify } from 'node:util'
import { gunzip, gzip } from 'node:zlib'
import type { Bundle } from '#domain/bundle'
import type { Diagnostic } from '#engine/contract'
import { canonicalJson, sha256 } from '../canonical.ts'
import { type Db, inTransaction, type Trx } from '../database.ts'
import { checkInPlace } from './checks.ts'
import { brokenImporters, compileInPlace } from './imports.ts'
import { type DefinitionKind, pickBundle } from './kinds.ts'
import { appendNext } from '../facts.ts'
import { replaceStartTriggers } from '../correlation/triggers.ts'
import { templateWarnings } from './template-check.ts'
import { taggedVersions } from './tagged-versions.ts'

export type { DefinitionKind }

export interface Definition {
  kind: DefinitionKind
  id: string
  version: number
  name: string
  hash: string
  source: string
  note: string
  deployedAt: Date
  deployedBy: string
}

export class UnknownDefinition extends Error {
  override readonly name = 'UnknownDefinition'
}

export interface Deployment {
  kind: DefinitionKind
  id: string
  source: string
  note?: string
  /** The version that the author started from; 0 for a new definition. Null: whatever is there (seeding). */
  baseVersion: number | null
  actorId: string
  /** UTC epoch ms; now when absent. */
  at?: number
}

export type Deployed =
  | { ok: true; version: number; hash: string; isNew: boolean; diagnostics: Diagnostic[] }
  | { ok: false; reason: 'stale'; currentVersion: number }
  | { ok: false; reason: 'invalid'; diagnostics: Diagnostic[] }

/** What is wrong with a definition, by itself and beside what is deployed, without deploying it. */
export async function checkDefinition(db: Db, kind: DefinitionKind, source: string, id?: string): Promise<Diagnostic[]> {
  const compiled = await compileInPlace(db, kind, source, id)
  if (!compiled.ok) return compiled.diagnostics
  return [
    ...compiled.warnings,
    ...(await brokenImporters(db, kind, source, id)),
    ...(kind === 'template' ? await templateWarnings(db, source) : await checkInPlace(db, kind, compiled.value)),
  ]
}

/**
 * Deploys the next version of a definition: compiled first, refused with diagnostics at their elements when it is wrong, refused
 * as stale when someone deployed since `baseVersion`. The same source again deploys nothing.
 */
export async function deployDefinition(db: Db, deployment: Deployment): Promise<Deployed> {
  const { kind, id, source, actorId } = deployment
  const compiled = await compileInPlace(db, kind, source, id)
  if (!compiled.ok) return { ok: false, reason: 'invalid', diagnostics: compiled.diagnostics }
  const found = kind === 'template' ? await templateWarnings(db, source) : await checkInPlace(db, kind, compiled.value)
  const diagnostics = [...compiled.warnings, ...found, ...(await brokenImporters(db, kind, source, id))]
  if (diagnostics.some(({ severity }) => severity === 'error')) return { ok: false, reason: 'invalid', diagnostics }
  const at = deployment.at ?? Date.now()
  const hash = sha256(source)
  return inTransaction(db, async (trx): Promise<Deployed> => {
    await trx.selectFrom('streamHead').select('sequence').where('streamId', '=', `definition/${kind}/${id}`).forUpdate().execute()
    const current = await trx
      .selectFrom('definition')
      .select(['version', 'hash'])
      .where('kind', '=', kind)
      .where('id', '=', id)
      .orderBy('version', 'desc')
      .limit(1)
      .executeTakeFirst()
    const currentVersion = current?.version ?? 0
    if (deployment.baseVersion !== null && deployment.baseVersion !== currentVersion) return { ok: false, reason: 'stale', currentVersion }
    if (current?.hash === hash) return { ok: true, version: currentVersion, hash, isNew: false, diagnostics }
    const version = currentVersion + 1
    const inserted = await trx
      .insertInto('definition')
      .values({
        kind,
        id,
        version,
        name: compiled.value.name,
        hash,
        source,
        note: deployment.note ?? '',
        deployedAt: new Date(at),
        deployedBy: actorId,
      })
      .onConflict((on) => on.columns(['kind', 'id', 'version']).doNothing())
      .executeTakeFirst()
    if (!inserted.numInsertedOrUpdatedRows) return { ok: false, reason: 'stale', currentVersion: version }
    await appendNext(trx, `definition/${kind}/${id}`, [{ actorId, fact: { type: 'definitionDeployed', at, kind, id, version, hash } }])
    if (compiled.value.process) await replaceStartTriggers(trx, compiled.value.process, version, at)
    return { ok: true, version, hash, isNew: true, diagnostics }
  })
}

/** One version of a definition, the latest when `version` is absent. */
export async function getDefinition(db: Db | Trx, kind: DefinitionKind, id: string, version?: number): Promise<Definition | undefined> {
  let query = db.selectFrom('definition').selectAll().where('kind', '=', kind).where('id', '=', id)
  if (version !== undefined) query = query.where('version', '=', version)
  return (await query.orderBy('version', 'desc').limit(1).executeTakeFirst()) as Definition | undefined
}

/** The latest version of each definition (of one kind), with how many open tickets run on any version of it (processes only). */
export async function listDefinitions(
  db: Db | Trx,
  kind?: DefinitionKind,
): Promise<(Omit<Definition, 'source'> & { openInstances: number })[]> {
  let query = db
    .selectFrom('definition')
    .distinctOn(['kind', 'id'])
    .select(['kind', 'id', 'version', 'name', 'hash', 'note', 'deployedAt', 'deployedBy'])
    .select((eb) =>
      eb
        .selectFrom('instance')
        .select(eb.fn.countAll<number>().as('open'))
        .whereRef('instance.processId', '=', 'definition.id')
        .where('instance.isEnded', '=', false)
        .as('openInstances'),
    )
  if (kind) query = query.where('kind', '=', kind)
  const rows = await query.orderBy('kind').orderBy('id').orderBy('version', 'desc').execute()
  return rows.map((row) => ({
    ...row,
    kind: row.kind as DefinitionKind,
    openInstances: row.kind === 'process' ? (row.openInstances ?? 0) : 0,
  }))
}

/** All versions of one definition, newest first, each with its open tickets (processes only). */
export async function listVersions(
  db: Db | Trx,
  kind: DefinitionKind,
  id: string,
): Promise<(Omit<Definition, 'source'> & { openInstances: number })[]> {
  const rows = await db
    .selectFrom('definition')
    .select(['kind', 'id', 'version', 'name', 'hash', 'note', 'deployedAt', 'deployedBy'])
    .select((eb) =>
      eb
        .selectFrom('instance')
        .select(eb.fn.countAll<number>().as('open'))
        .whereRef('instance.processId', '=', 'definition.id')
        .whereRef('instance.processVersion', '=', 'definition.version')
        .where('instance.isEnded', '=', false)
        .as('openInstances'),
    )
    .where('kind', '=', kind)
    .where('id', '=', id)
    .orderBy('version', 'desc')
    .execute()
  return rows.map((row) => ({
    ...row,
    kind: row.kind as DefinitionKind,
    openInstances: row.kind === 'process' ? (row.openInstances ?? 0) : 0,
  }))
}

export interface Composed {
  hash: string
  bundle: Bundle
  /** Version of the process in it. */
  version: number
}

/** Kinds that no instance runs by. */
export const notRun: DefinitionKind[] = ['template', 'catalogue']

const composed = new WeakMap<Db, Map<string, { signature: string; value: Composed }>>()

/** The bundle of a process out of these versions. @throws UnknownDefinition when something that it names is not among them */
export async function bundleFrom(
  db: Db,
  processId: string,
  sources: readonly { kind: string; id: string; version: number; source: string }[],
  calls: readonly string[] | undefined,
  ownHours: Awaited<ReturnType<typeof groupCalendars>>,
): Promise<Bundle> {
  const tagged = await taggedVersions(
    db,
    sources.map(({ source }) => source),
  )
  const all = sources as readonly { kind: DefinitionKind; id: string; version: number; source: string }[]
  const picked = await pickBundle(processId, all, calls, tagged, ownHours)
  if (!picked.ok) throw new UnknownDefinition(picked.problem)
  return picked.bundle
}

/**
 * Everything that an instance of the process runs by, from the latest deployed versions, stored under its hash. Composed
 * anew only when something was deployed since.
 * @param calls what its call activities will name, where expressions name it
 * @throws UnknownDefinition when the process, or something that it names, is not deployed.
 */
export async function composeBundle(db: Db, processId: string, calls?: readonly string[]): Promise<Composed> {
  const latest = await db
    .selectFrom('definition')
    .distinctOn(['kind', 'id'])
    .select(['kind', 'id', 'version', 'hash'])
    .where('kind', 'not in', notRun)
    .orderBy('kind')
    .orderBy('id')
    .orderBy('version', 'desc')
    .execute()
  const ownHours = await groupCalendars(db)
  const signature = sha256(canonicalJson([latest, ownHours]))
  const cache = composed.get(db) ?? new Map<string, { signature: string; value: Composed }>()
  composed.set(db, cache)
  const name = [processId, ...(calls ?? [])].join(' ')
  const known = cache.get(name)
  if (known?.signature === signature) return known.value
  const process = latest.find((row) => row.kind === 'process' && row.id === processId)
  if (!process) throw new UnknownDefinition(`no process '${processId}' is deployed`)
  const sources = await db
    .selectFrom('definition')
    .distinctOn(['kind', 'id'])
    .select(['kind', 'id', 'version', 'source'])
    .where('kind', 'not in', notRun)
    .orderBy('kind')
    .orderBy('id')
    .orderBy('version', 'desc')
    .execute()
  const bundle = await bundleFrom(db, processId, sources, calls, ownHours)
  const value = { hash: await storeBundle(db, bundle), bundle, version: process.version }
  cache.set(name, { signature, value })
  return value
}

/** The opening hours of groups that have some in the register, by group. */
export async function groupCalendars(db: Db): Promise<Record<string, string>> {
  const rows = await db.selectFrom('supportGroup').select(['id', 'calendarId']).where('calendarId', 'is not', null).orderBy('id').execute()
  return Object.fromEntries(rows.map(({ id, calendarId }) => [id, calendarId as string]))
}

const pack = promisify(gzip)
const unpack = promisify(gunzip)

/** Stores a bundle under the hash of its canonical JSON. */
export async function storeBundle(db: Db | Trx, bundle: Bundle): Promise<string> {
  const content = canonicalJson(bundle)
  const hash = sha256(content)
  await db
    .insertInto('blob')
    .values({ hash, content: await pack(content) })
    .onConflict((on) => on.column('hash').doNothing())
    .execute()
  return hash
}

/** Bundles are immutable: once read, one process keeps the latest hundred. */
const loaded = new Map<string, Bundle>()
const loadedLimit = 100

/** @throws UnknownDefinition when the store has no such bundle. */
export async function loadBundle(db: Db | Trx, hash: string): Promise<Bundle> {
  const known = loaded.get(hash)
  if (known) return known
  const row = await db.selectFrom('blob').select('content').where('hash', '=', hash).executeTakeFirst()
  if (!row) throw new UnknownDefinition(`no bundle ${hash} in the store`)
  const bundle = JSON.parse((await unpack(row.content)).toString('utf8')) as Bundle
  loaded.set(hash, bundle)
  const oldest = loaded.keys().next().value
  if (loaded.size > loadedLimit && oldest) loaded.delete(oldest)
  return bundle
}
