/**
 * One route, declared: method, path, who may call it, the shapes that go in and out, and what it does.
 * The registry (routes/registry.ts) lists them all; mounting, role guard, validation and the OpenAPI document come from the same declaration,
 * so a route without a declared access cannot exist.
 */
import type { Context } from 'hono'
import type { z } from 'zod'
import type { Role } from '#schema/role'
import type { AppDeps, AppEnv, Caller } from './deps.ts'
import type { Locale } from './problem.ts'

/** `public`: no sign-in. `anyone`: any signed-in person. Otherwise one of these roles. */
export type Access = 'public' | 'anyone' | readonly [Role, ...Role[]]
export type Method = 'get' | 'post' | 'patch' | 'delete'

type Parsed<S> = S extends z.ZodType ? z.output<S> : undefined

export interface Call<P, Q, B> {
  deps: AppDeps
  params: Parsed<P>
  query: Parsed<Q>
  body: Parsed<B>
  locale: Locale
  requestId: string
  /** Set unless the route's access is `public`. */
  caller: Caller
  /** The caller's Idempotency-Key made unique to him, or a fresh one. */
  commandKey: string
  c: Context<AppEnv>
}

export interface Route<P = unknown, Q = unknown, B = unknown> {
  method: Method
  /** OpenAPI style, below `/api/v1`: `/tickets/{id}`. */
  path: string
  access: Access
  tag: string
  summary: string
  description?: string
  params?: P
  query?: Q
  /** JSON body. */
  body?: B
  /** Bodies that are not JSON: described here, read by the handler. */
  rawBody?: { mediaType: string; description: string }
  /** Bytes; default `limits.jsonBytes`. */
  maxBytes?: (limits: AppDeps['config']['limits']) => number
  status?: 200 | 201 | 202 | 204
  /** Shape of the answer; absent: not JSON (`answers` says what). */
  response?: z.ZodType
  answers?: { mediaType: string; description: string }
  /** Codes of the problems beside 401, 403 and 422, by status. */
  problems?: Record<number, readonly string[]>
  handle(call: Call<P, Q, B>): Promise<unknown>
}

/** Infers a handler's types from its schemas; forgets them for the registry. */
export function defineRoute<
  P extends z.ZodType | undefined = undefined,
  Q extends z.ZodType | undefined = undefined,
  B extends z.ZodType | undefined = undefined,
>(route: Route<P, Q, B>): Route {
  return route as unknown as Route
}

/** `/tickets/{id}` as Hono spells it. */
export const honoPath = (path: string): string => path.replace(/\{(\w+)\}/g, ':$1')

/** A role list that any of a person's roles satisfies. */
export const mayCall = (access: Access, roles: readonly Role[]): boolean =>
  access === 'public' || access === 'anyone' || roles.some((r) => access.includes(r))
