import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { ApiProblem, address, call } from '../../ui/client/http.ts'
import { formatAgo, formatBytes } from '../../ui/i18n/formats.ts'

const answer = (status: number, body: unknown): Response =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/problem+json' } })

beforeEach(() => vi.stubGlobal('document', { documentElement: { lang: 'fr' } }))
afterEach(() => vi.unstubAllGlobals())

async function refusalOf(work: Promise<unknown>): Promise<ApiProblem> {
  try {
    await work
  } catch (error) {
    if (error instanceof ApiProblem) return error
    throw error
  }
  throw new Error('expected a refusal, found an answer')
}

describe('calling the API', () => {
  test('leaves empty questions out of the address', () =>
    expect(address('/tickets', { q: '', view: 'mine', cursor: null, limit: 5 })).toBe('/api/v1/tickets?view=mine&limit=5'))
  test('keeps addresses outside the version', () => expect(address('/api/auth/sign-out')).toBe('/api/auth/sign-out'))
  test('a refusal is an ApiProblem with its remedy', async () => {
    vi.stubGlobal('fetch', async () => answer(409, { type: 'about:blank', title: 'Stale', status: 409, code: 'stale', remedy: 'Reload' }))
    const refusal = await refusalOf(call('/x'))
    expect([refusal.status, refusal.code, refusal.remedy]).toEqual([409, 'stale', 'Reload'])
  })
  test('an answer that is no problem document still is a refusal', async () => {
    vi.stubGlobal('fetch', async () => new Response('<html>', { status: 502 }))
    expect((await refusalOf(call('/x'))).status).toBe(502)
  })
  test('no answer is status 0', async () => {
    vi.stubGlobal('fetch', async () => Promise.reject(new TypeError('failed to fetch')))
    expect((await refusalOf(call('/x'))).problem).toMatchObject({ status: 0, code: 'network' })
  })
  test('sends the key of the intention and the language', async () => {
    const fetched = vi.fn(async () => new Response(null, { status: 204 }))
    vi.stubGlobal('fetch', fetched)
    await call('/x', { method: 'POST', body: {}, idempotencyKey: 'k1' })
    const [, options] = fetched.mock.calls[0] as unknown as [string, { headers: Headers }]
    expect([options.headers.get('idempotency-key'), options.headers.get('accept-language')]).toEqual(['k1', 'fr'])
  })
  test('names the fields that the server refused', () =>
    expect(
      new ApiProblem({
        type: '',
        title: '',
        status: 422,
        code: 'invalidForm',
        errors: [
          { path: 'values.title', code: 'required', message: 'A' },
          { path: 'form.values.title', code: 'x', message: 'B' },
          { path: '/email', code: 'x', message: 'C' },
        ],
      }).fieldErrors(),
    ).toEqual({ title: 'A', email: 'C' }))
})

describe('formats', () => {
  const now = Date.parse('2026-03-02T12:00:00Z')
  test('just now', () => expect(formatAgo(now - 30_000, now, 'fr')).toBe('à l’instant'))
  test('whole hours, rounded down', () => expect(formatAgo(now - 119 * 60_000, now, 'en')).toBe('1 hr ago'))
  test('bytes in decimal units', () =>
    expect([formatBytes(999, 'en'), formatBytes(25_000_000, 'en'), formatBytes(1_500, 'fr')]).toEqual(['999 B', '25 MB', '1,5 ko']))
})
