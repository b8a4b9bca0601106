import type { Db } from '../deps.ts'

/** Names of people and groups by id; an id that nobody has (any more) stands for itself. */
export async function namesOf(db: Db, ids: readonly string[]): Promise<(id: string) => { id: string; name: string }> {
  const wanted = [...new Set(ids)]
  if (wanted.length === 0) return (id) => ({ id, name: id })
  const [people, groups] = await Promise.all([
    db.selectFrom('person').select(['id', 'name']).where('id', 'in', wanted).execute(),
    db.selectFrom('supportGroup').select(['id', 'name']).where('id', 'in', wanted).execute(),
  ])
  const names = new Map([...groups, ...people].map(({ id, name }) => [id, name]))
  return (id) => ({ id, name: names.get(id) ?? (id === 'system' ? 'Guichet' : id) })
}
