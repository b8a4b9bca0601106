import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { Role } from '#schema/role'
import { PersonRef } from '#schema/view'
import { getDesk } from '../../activities/store/record/desks.ts'
import { makeKey } from '../api-key.ts'
import type { Db } from '../deps.ts'
import { ApiProblem } from '../problem.ts'
import { defineRoute, type Route } from '../route.ts'

const ApiKeyView = z.object({
  id: z.string(),
  name: z.string(),
  start: z.string().describe('First characters, to tell keys apart'),
  person: PersonRef,
  roles: z.array(Role),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime().nullable(),
  lastUsedAt: z.iso.datetime().nullable(),
  deskId: z.string().nullable(),
})
const dayMs = 86_400_000

const selectKeys = (db: Db) =>
  db
    .selectFrom('apiKey')
    .innerJoin('person', 'person.id', 'apiKey.personId')
    .select([
      'apiKey.id',
      'apiKey.name',
      'apiKey.prefix',
      'apiKey.personId',
      'apiKey.deskId',
      'person.name as personName',
      'person.roles',
      'apiKey.createdAt',
      'apiKey.expiresAt',
      'apiKey.lastUsedAt',
    ])

type KeyRow = Awaited<ReturnType<ReturnType<typeof selectKeys>['executeTakeFirstOrThrow']>>
const view = (k: KeyRow): z.infer<typeof ApiKeyView> => ({
  id: k.id,
  name: k.name,
  start: k.prefix,
  person: { id: k.personId, name: k.personName },
  roles: k.roles as Role[],
  createdAt: k.createdAt.toISOString(),
  expiresAt: k.expiresAt?.toISOString() ?? null,
  lastUsedAt: k.lastUsedAt?.toISOString() ?? null,
  deskId: k.deskId,
})

export const apiKeyRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: '/api-keys',
    access: ['administrator'],
    tag: 'API keys',
    summary: 'Living API keys',
    response: z.object({ items: z.array(ApiKeyView), nextCursor: z.null() }),
    handle: async ({ deps }) => ({
      items: (await selectKeys(deps.db).where('apiKey.revokedAt', 'is', null).orderBy('apiKey.createdAt', 'desc').execute()).map(view),
      nextCursor: null,
    }),
  }),
  defineRoute({
    method: 'post',
    path: '/api-keys',
    access: ['administrator'],
    tag: 'API keys',
    summary: 'Make a key; it is shown this once',
    description: 'The key acts as the person it is made for, with that person’s roles. Only a hash is kept.',
    body: z.strictObject({
      name: z.string().trim().min(1).max(100),
      personId: z.string().max(100).optional(),
      expiresInDays: z.int().min(1).max(3_650).optional(),
      deskId: z.string().max(40).optional().describe('What it reports comes to this desk'),
    }),
    status: 201,
    response: ApiKeyView.extend({ key: z.string() }),
    problems: { 422: ['personNotFound', 'deskNotFound'] },
    handle: async ({ deps, body, caller, c }) => {
      const personId = body.personId ?? caller.actor.id
      const person = await deps.db
        .selectFrom('person')
        .select('id')
        .where('id', '=', personId)
        .where('isActive', '=', true)
        .executeTakeFirst()
      if (!person)
        throw new ApiProblem(422, 'personNotFound', {
          params: { id: personId },
          errors: [{ path: 'personId', code: 'personNotFound', message: personId }],
        })
      if (body.deskId && !(await getDesk(deps.db, body.deskId)))
        throw new ApiProblem(422, 'deskNotFound', {
          params: { id: body.deskId },
          errors: [{ path: 'deskId', code: 'deskNotFound', message: body.deskId }],
        })
      const { key, prefix, keyHash } = makeKey()
      const id = randomUUID()
      const now = deps.clock()
      await deps.db
        .insertInto('apiKey')
        .values({
          id,
          name: body.name,
          prefix,
          keyHash,
          personId,
          deskId: body.deskId ?? null,
          createdAt: new Date(now),
          expiresAt: body.expiresInDays ? new Date(now + body.expiresInDays * dayMs) : null,
        })
        .execute()
      const row = await selectKeys(deps.db).where('apiKey.id', '=', id).executeTakeFirstOrThrow()
      c.header('cache-control', 'no-store')
      return { ...view(row), key }
    },
  }),
  defineRoute({
    method: 'delete',
    path: '/api-keys/{id}',
    access: ['administrator'],
    tag: 'API keys',
    summary: 'Revoke a key',
    params: z.object({ id: z.string().max(100) }),
    problems: { 404: ['notFound'] },
    handle: async ({ deps, params }) => {
      const revoked = await deps.db
        .updateTable('apiKey')
        .set({ revokedAt: new Date(deps.clock()) })
        .where('id', '=', params.id)
        .where('revokedAt', 'is', null)
        .returning('id')
        .executeTakeFirst()
      if (!revoked) throw new ApiProblem(404, 'notFound')
    },
  }),
]
