import { createHash } from 'node:crypto'
import type { Context } from 'hono'
import type { AppDeps, AppEnv } from '../deps.ts'
import { ApiProblem } from '../problem.ts'

/** A first call that never finished (its process died) gives its key back after this. */
const abandonedAfterMs = 60_000
const keyPattern = /^[\x21-\x7e]{1,200}$/

/** What makes two calls the same: method, address and body. A multipart body counts by its length (its boundary differs at each attempt). */
async function fingerprintOf(c: Context<AppEnv>): Promise<string> {
  const hash = createHash('sha256').update(`${c.req.method} ${new URL(c.req.url).pathname}\n`)
  if ((c.req.header('content-type') ?? '').startsWith('multipart/')) hash.update('multipart')
  else hash.update(Buffer.from(await c.req.arrayBuffer()))
  return hash.digest('hex')
}

/**
 * Runs a write once per (caller, Idempotency-Key). The same call again gets the recorded answer with `Idempotent-Replayed: true`; a different
 * call under the same key is refused (422). Only what succeeded is recorded: after a refusal nothing has happened, so the key is free again.
 */
export async function idempotent(deps: AppDeps, c: Context<AppEnv>, run: () => Promise<Response>): Promise<Response> {
  const key = c.req.header('idempotency-key')
  const caller = c.get('caller')
  if (!key || !caller) return run()
  if (!keyPattern.test(key))
    throw new ApiProblem(422, 'invalidCall', {
      errors: [{ path: 'header.Idempotency-Key', code: 'invalid_format', message: 'expected 1 to 200 visible ASCII characters' }],
    })
  const actorId = caller.actor.id
  const fingerprint = await fingerprintOf(c)
  const recorded = await takeKey(deps, key, actorId, fingerprint)
  if (recorded) return recorded
  const own = () => deps.db.deleteFrom('idempotency').where('key', '=', key).where('actorId', '=', actorId).execute()
  let response: Response
  try {
    response = await run()
  } catch (error) {
    await own()
    throw error
  }
  const isJson = (response.headers.get('content-type') ?? '').startsWith('application/json')
  if (response.status >= 300 || (response.status !== 204 && !isJson)) {
    await own()
    return response
  }
  const text = response.status === 204 ? '' : await response.clone().text()
  await deps.db
    .updateTable('idempotency')
    .set({ status: response.status, response: text })
    .where('key', '=', key)
    .where('actorId', '=', actorId)
    .execute()
  return response
}

/** Claims the key (null), or answers for its first use. */
async function takeKey(deps: AppDeps, key: string, actorId: string, fingerprint: string): Promise<Response | null> {
  const now = new Date(deps.clock())
  const claimed = await deps.db
    .insertInto('idempotency')
    .values({ key, actorId, fingerprint, createdAt: now })
    .onConflict((oc) =>
      oc
        .columns(['key', 'actorId'])
        .doUpdateSet({ fingerprint, createdAt: now })
        .where('idempotency.status', 'is', null)
        .where('idempotency.createdAt', '<', new Date(deps.clock() - abandonedAfterMs)),
    )
    .returning('key')
    .executeTakeFirst()
  if (claimed) return null
  const first = await deps.db.selectFrom('idempotency').selectAll().where('key', '=', key).where('actorId', '=', actorId).executeTakeFirst()
  if (first && first.fingerprint !== fingerprint) throw new ApiProblem(422, 'idempotencyMismatch')
  if (!first || first.status === null) throw new ApiProblem(409, 'idempotencyInProgress', { headers: { 'retry-after': '2' } })
  const headers = { 'content-type': 'application/json', 'idempotent-replayed': 'true' }
  return new Response(first.status === 204 ? null : first.response, { status: first.status, headers })
}
