import type { Db, Trx } from '../database.ts'

/** Active members by group, in the order of their ids; a group of the register without any is there, and empty. */
export async function groupMembers(db: Db | Trx): Promise<Map<string, string[]>> {
  const rows = await db
    .selectFrom('supportGroup')
    .leftJoin('groupMember', 'groupMember.groupId', 'supportGroup.id')
    .leftJoin('person', (on) => on.onRef('person.id', '=', 'groupMember.personId').on('person.isActive', '=', true))
    .select(['supportGroup.id as groupId', 'person.id as personId'])
    .orderBy('supportGroup.id')
    .orderBy('person.id')
    .execute()
  const found = new Map<string, string[]>()
  for (const { groupId, personId } of rows) {
    const members = found.get(groupId) ?? []
    if (personId !== null) members.push(personId)
    found.set(groupId, members)
  }
  return found
}
