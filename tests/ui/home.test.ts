import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import type { Role } from '#schema/role'
import { homeOf } from '../../ui/shell/home.ts'

const people = JSON.parse(readFileSync(new URL('../../definitions/seed/people.json', import.meta.url), 'utf8')) as {
  id: string
  roles: Role[]
}[]

it.each([
  ['camille', '/portal'],
  ['alex', '/queue'],
  ['priya', '/studio'],
  ['odile', '/audit'],
  ['admin', '/admin/people'],
  ['nadia', '/queue'],
  ['leila', '/queue'],
  ['claire', '/portal'],
])('%s lands on %s', (id, home) => expect(homeOf(people.find((person) => person.id === id)!)).toBe(home))
it('somebody without a role lands on the portal', () => expect(homeOf({ roles: [] })).toBe('/portal'))
