/** The only place that calls the API: JSON with the session cookie, refusals (RFC 9457 problem+json) thrown as `ApiProblem`. */
import type { Problem } from '#schema/problem'

export const apiRoot = '/api/v1'

/** A refusal by the API, or `network` (status 0) when no answer came. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem'
  readonly problem: Problem
  constructor(problem: Problem) {
    super(problem.detail ?? problem.title)
    this.problem = problem
  }
  get status(): number {
    return this.problem.status
  }
  get code(): string {
    return this.problem.code
  }
  get remedy(): string | undefined {
    return this.problem.remedy
  }
  /** Refusals by field path (`values.title` and `/values/title` become `title`): the first of each field. */
  fieldErrors(): Record<string, string> {
    const found: Record<string, string> = {}
    for (const error of this.problem.errors ?? []) {
      const key = error.path.replace(/^[/.]/, '').split(/[/.]/).at(-1) ?? ''
      if (key !== '' && !(key in found)) found[key] = error.message
    }
    return found
  }
}

export const isProblem = (error: unknown): error is ApiProblem => error instanceof ApiProblem

export type Query = Record<string, string | number | boolean | null | undefined>

export interface CallOptions {
  method?: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  query?: Query
  /** Sent as JSON, or as it is when FormData. */
  body?: unknown
  signal?: AbortSignal
  /** One key per intention of a person: a retried write is done once. */
  idempotencyKey?: string
}

export function address(path: string, query: Query = {}): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query))
    if (value !== undefined && value !== null && value !== '') search.set(name, String(value))
  const tail = search.toString()
  return `${path.startsWith('/api/') ? path : apiRoot + path}${tail === '' ? '' : `?${tail}`}`
}

/** Calls `path` (under /api/v1, or absolute from /api/). Throws `ApiProblem`. */
export async function call<T>(path: string, options: CallOptions = {}): Promise<T> {
  const { method = 'GET', body, signal, idempotencyKey } = options
  const headers = new Headers({
    accept: 'application/json, application/problem+json',
    'accept-language': document.documentElement.lang || 'fr',
  })
  if (idempotencyKey !== undefined) headers.set('idempotency-key', idempotencyKey)
  const isForm = body instanceof FormData
  if (body !== undefined && !isForm) headers.set('content-type', 'application/json')
  let response: Response
  try {
    response = await fetch(address(path, options.query), {
      method,
      headers,
      credentials: 'same-origin',
      ...(body === undefined ? {} : { body: isForm ? body : JSON.stringify(body) }),
      ...(signal === undefined ? {} : { signal }),
    })
  } catch (cause) {
    if (signal?.aborted) throw cause
    throw new ApiProblem({ type: 'about:blank', title: 'network', status: 0, code: 'network' })
  }
  if (!response.ok) throw new ApiProblem(await readProblem(response))
  if (response.status === 204) return undefined as T
  const text = await response.text()
  return (text === '' ? undefined : JSON.parse(text)) as T
}

async function readProblem(response: Response): Promise<Problem> {
  const base: Problem = {
    type: 'about:blank',
    title: response.statusText || String(response.status),
    status: response.status,
    code: `http${response.status}`,
  }
  try {
    const body = (await response.json()) as Partial<Problem> & { message?: string }
    return { ...base, ...(body.message === undefined ? {} : { detail: body.message }), ...body, status: response.status }
  } catch {
    return base
  }
}

export const newIdempotencyKey = (): string =>
  globalThis.crypto?.randomUUID?.() ??
  `${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}-${Math.random().toString(36).slice(2)}`
