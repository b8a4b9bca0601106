import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { authRoutes } from '../../api/middleware/sign-in.ts'
import { createApp } from '../../api/app.ts'
import { honoPath, mayCall } from '../../api/route.ts'
import { routes } from '../../api/routes/registry.ts'
import type { Role } from '../../definitions/schema/role.ts'
import { type DemoRole, demo, type TestDesk, testDesk } from './desk.ts'

let desk: TestDesk
beforeAll(async () => {
  desk = await testDesk({ hasDefinitions: false })
})
afterAll(() => desk.close())

const roles = Object.keys(demo) as DemoRole[]
const filled = (path: string) =>
  path
    .replace('{kind}', 'process')
    .replace('{name}', 'confirm')
    .replace(/\{\w+\}/g, '00000000-0000-4000-8000-000000000000')
const rolesOf = async (role: DemoRole): Promise<Role[]> => (await (await desk.as(role))('/session')).json.roles

describe('every route', () => {
  it('is declared in the registry, so that its access is known', () => {
    const declared = new Set([
      ...routes.map((r) => `${r.method.toUpperCase()} /api/v1${honoPath(r.path)}`),
      ...authRoutes.map((r) => `${r.method} ${r.path}`),
    ])
    const mounted = createApp(desk.deps)
      .routes.filter((r) => r.method !== 'ALL')
      .map((r) => `${r.method} ${r.path}`)
      .filter((r) => r.includes('/api/'))
    expect([...new Set(mounted)].sort()).toEqual([...declared].sort())
  })

  it.each(routes.filter((r) => r.access !== 'public').map((r) => [`${r.method.toUpperCase()} ${r.path}`, r] as const))(
    '%s refuses whoever is not signed in',
    async (_name, route) => {
      const answer = await desk.call(filled(route.path), { method: route.method.toUpperCase() })
      expect([answer.status, answer.json?.code]).toEqual([401, 'notSignedIn'])
    },
  )

  it.each(routes.filter((r) => typeof r.access !== 'string').map((r) => [`${r.method.toUpperCase()} ${r.path}`, r] as const))(
    '%s refuses every other role',
    async (_name, route) => {
      let refused = 0
      for (const role of roles) {
        if (mayCall(route.access, await rolesOf(role))) continue
        const answer = await (await desk.as(role))(filled(route.path), { method: route.method.toUpperCase() })
        expect([role, answer.status, answer.json?.code]).toEqual([role, 403, 'forbidden'])
        refused += 1
      }
      expect(refused).toBeGreaterThan(0)
    },
  )

  it('lets a right role past the guard', async () => {
    for (const [role, path] of [
      ['agent', '/groups'],
      ['auditor', '/ledger/facts'],
      ['administrator', '/mail'],
      ['processOwner', '/definitions'],
      ['requester', '/tickets'],
    ] as const) {
      expect([path, (await (await desk.as(role))(path)).status]).toEqual([path, 200])
    }
  })
})

describe('a write from another site', () => {
  it.each<Record<string, string>>([{ origin: 'https://evil.example' }, { 'sec-fetch-site': 'cross-site' }])(
    'is refused: %o',
    async (headers) => {
      const answer = await (await desk.as('requester'))('/interactions', { body: { subject: 'x' }, headers })
      expect([answer.status, answer.json.code]).toEqual([403, 'wrongOrigin'])
    },
  )
})

describe('sign-in', () => {
  it('refuses a wrong password in the language asked for', async () => {
    const answer = await desk.call('/api/auth/sign-in/email', {
      body: { email: demo.agent, password: 'not this one' },
      headers: { 'accept-language': 'fr' },
    })
    expect([answer.status, answer.json.title]).toEqual([401, 'Connexion refusée'])
  })

  it('makes a guesser wait after ten failures, and says how long', async () => {
    const attempt = () => desk.call('/api/auth/sign-in/email', { body: { email: 'nobody@example.org', password: 'guess it' } })
    for (let n = 0; n < 10; n += 1) expect((await attempt()).status).toBe(401)
    const answer = await attempt()
    expect([answer.status, answer.json.code]).toEqual([429, 'tooManyAttempts'])
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
  })

  it('opens no account by itself', async () => {
    expect(
      (await desk.call('/api/auth/sign-up/email', { body: { email: 'me@example.org', password: 'long enough', name: 'Me' } })).status,
    ).toBe(404)
  })

  it('ends with sign-out', async () => {
    const first = await desk.call('/api/auth/sign-in/email', { body: { email: demo.auditor, password: 'guichet' } })
    const cookie = first.headers
      .getSetCookie()
      .map((c) => c.split(';')[0])
      .join('; ')
    expect((await desk.call('/session', { headers: { cookie } })).status).toBe(200)
    expect((await desk.call('/api/auth/sign-out', { method: 'POST', body: {}, headers: { cookie } })).status).toBe(200)
    expect((await desk.call('/session', { headers: { cookie } })).status).toBe(401)
  })
})

describe('an API key', () => {
  it('acts as its person until it is revoked', async () => {
    const admin = await desk.as('administrator')
    const made = (await admin('/api-keys', { body: { name: 'monitoring', personId: 'camille' } })).json
    const withKey = { headers: { authorization: `Bearer ${made.key}` } }
    expect((await desk.call('/session', withKey)).json.id).toBe('camille')
    expect((await desk.call('/groups', withKey)).status).toBe(403)
    expect((await admin('/api-keys')).text).not.toContain(made.key)
    expect((await admin(`/api-keys/${made.id}`, { method: 'DELETE' })).status).toBe(204)
    expect((await desk.call('/session', withKey)).json.code).toBe('invalidApiKey')
  })

  it('expires', async () => {
    const made = (await (await desk.as('administrator'))('/api-keys', { body: { name: 'short', expiresInDays: 1 } })).json
    desk.setClock(Date.now() + 2 * 86_400_000)
    expect((await desk.call('/session', { headers: { authorization: `Bearer ${made.key}` } })).status).toBe(401)
    desk.setClock(Date.now())
  })
})
