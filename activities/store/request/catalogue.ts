/** Items of the catalogue as they are deployed, and what the desk's calendar says about their delivery. */
import { addBusinessDays } from '#domain/calendar'
import { Calendar } from '#schema/calendar'
import { CatalogueItem } from '#schema/catalogue-item'
import type { Db, Trx } from '../database.ts'
import { getDefinition } from '../definition/definitions.ts'

/** The calendar of the desk's promises to requesters. */
export const promiseCalendarId = 'fr-business'

/** The deployed version counts, whatever the file says: requests are pinned to it. */
const itemOf = ({ source, version }: { source: string; version: number }): CatalogueItem => ({
  ...CatalogueItem.parse(JSON.parse(source)),
  version,
})

/** The latest version of every item, by name. */
export async function listItems(db: Db | Trx): Promise<CatalogueItem[]> {
  const rows = await db
    .selectFrom('definition')
    .distinctOn('id')
    .select(['source', 'version'])
    .where('kind', '=', 'catalogue')
    .orderBy('id')
    .orderBy('version', 'desc')
    .execute()
  return rows.map(itemOf)
}

/** One version of an item, the latest when `version` is absent. */
export async function getItem(db: Db | Trx, id: string, version?: number): Promise<CatalogueItem | undefined> {
  const found = await getDefinition(db, 'catalogue', id, version)
  return found && itemOf(found)
}

/** So many working days after `from`; wall days where the desk has no calendar. */
export async function workingDaysAfter(db: Db | Trx, from: number, days: number, calendarId = promiseCalendarId): Promise<number> {
  const found = await getDefinition(db, 'calendar', calendarId)
  return found ? addBusinessDays(Calendar.parse(JSON.parse(found.source)), from, days) : from + days * 86_400_000
}

/** What an item names and is not there: form, process, owner, group, entitlement. Paths in the item. */
export async function missingReferences(db: Db | Trx, item: CatalogueItem): Promise<{ path: string; name: string }[]> {
  const has = async (path: string, name: string | null, isThere: (name: string) => Promise<unknown>) =>
    name === null || (await isThere(name)) ? [] : [{ path, name }]
  const row = (table: 'person' | 'supportGroup' | 'entitlement') => (id: string) =>
    db.selectFrom(table).select('id').where('id', '=', id).executeTakeFirst()
  const found = await Promise.all([
    has('formId', item.formId, (id) => getDefinition(db, 'form', id)),
    has('fulfilment.processId', item.fulfilment.processId, (id) => getDefinition(db, 'process', id)),
    has('fulfilment.groupId', item.fulfilment.groupId, row('supportGroup')),
    has('ownerId', item.ownerId, row('person')),
    has('entitlementId', item.entitlementId, row('entitlement')),
    ...item.audience.groups.map((id, index) => has(`audience.groups.${index}`, id, row('supportGroup'))),
    ...item.approvals.flatMap(({ approvers }, round) =>
      approvers.map((approver, index) => {
        const path = `approvals.${round}.approvers.${index}`
        if (typeof approver === 'string') return has(path, null, row('person'))
        return 'group' in approver ? has(path, approver.group, row('supportGroup')) : has(path, approver.person, row('person'))
      }),
    ),
  ])
  return found.flat()
}
