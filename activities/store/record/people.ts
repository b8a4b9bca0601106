import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { type Actor, Role } from '#schema/role'
import type { PersonView } from '#schema/view'
import { type Db, inTransaction, type Trx } from '../database.ts'
import { appendNext } from '../facts.ts'

export interface NewPerson {
  id?: string
  name: string
  email: string
  locale?: 'fr' | 'en'
  roles?: Role[]
  groups?: string[]
  isVip?: boolean
  /** Hash by better-auth's `hashPassword`; without one the person cannot sign in by password. */
  passwordHash?: string | null
}

const peopleQuery = (db: Db | Trx) =>
  db
    .selectFrom('person')
    .select(['person.id', 'person.name', 'person.email', 'person.locale', 'person.roles', 'person.isVip', 'person.isActive'])
    .select((eb) =>
      eb
        .selectFrom('groupMember')
        .select(sql<string[]>`coalesce(array_agg(group_id order by group_id), '{}')`.as('groups'))
        .whereRef('groupMember.personId', '=', 'person.id')
        .as('groups'),
    )

type PersonRow = Awaited<ReturnType<ReturnType<typeof peopleQuery>['execute']>>[number]

const personView = (row: PersonRow): PersonView => ({
  id: row.id,
  name: row.name,
  email: row.email,
  locale: row.locale as 'fr' | 'en',
  roles: row.roles.map((role) => Role.parse(role)),
  groups: row.groups ?? [],
  isVip: row.isVip,
})

/** An active person with his groups. */
export async function getPerson(db: Db | Trx, id: string): Promise<PersonView | undefined> {
  const row = await peopleQuery(db).where('person.id', '=', id).where('isActive', '=', true).executeTakeFirst()
  return row && personView(row)
}

/** Mail addresses are compared without regard to case. */
export async function findPersonByEmail(db: Db | Trx, email: string): Promise<PersonView | undefined> {
  const row = await peopleQuery(db)
    .where(sql`lower(email)`, '=', email.trim().toLowerCase())
    .where('isActive', '=', true)
    .executeTakeFirst()
  return row && personView(row)
}

/** People by part of name or address, accents and case ignored, best first. */
export async function searchPeople(db: Db | Trx, text: string, limit = 20): Promise<PersonView[]> {
  const pattern = `%${text.replace(/[\\%_]/g, '\\$&')}%`
  const rows = await peopleQuery(db)
    .where('isActive', '=', true)
    .where(sql<boolean>`unaccent(name || ' ' || email) ilike unaccent(${pattern})`)
    .orderBy(sql`similarity(unaccent(name), unaccent(${text}))`, 'desc')
    .orderBy('name')
    .limit(limit)
    .execute()
  return rows.map(personView)
}

export const actorOf = ({ id, name, roles, groups }: PersonView): Actor => ({ id, name, roles, groups })

/** Adds a person, with account and memberships, and records it. */
export function addPerson(db: Db | Trx, person: NewPerson, actorId: string, at = Date.now()): Promise<string> {
  return inTransaction(db, async (trx) => {
    const id = person.id ?? randomUUID()
    const { name, email, locale = 'fr', roles = ['requester'], groups = [], isVip = false } = person
    await trx
      .insertInto('person')
      .values({ id, name, email: email.trim().toLowerCase(), emailVerified: true, locale, roles, isVip })
      .execute()
    if (person.passwordHash)
      await trx
        .insertInto('authAccount')
        .values({ id: randomUUID(), userId: id, accountId: id, providerId: 'credential', password: person.passwordHash })
        .execute()
    if (groups.length > 0)
      await trx
        .insertInto('groupMember')
        .values(groups.map((groupId) => ({ groupId, personId: id })))
        .execute()
    const changed = (field: string, to: string | string[]) => ({
      actorId,
      fact: { type: 'recordChanged' as const, at, noun: 'person', id, field, from: null, to },
    })
    await appendNext(trx, `person/${id}`, [changed('name', name), changed('roles', roles), changed('groups', groups)])
    return id
  })
}
