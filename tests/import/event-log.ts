import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { rm } from 'node:fs/promises'
import type { ImportMapping } from '#schema/import-mapping'
import { readMapping } from '../../activities/import/read-mapping.ts'

/** The columns of the real event log, so that the shipped mapping is what is tested. */
const columns = [
  'number',
  'incident_state',
  'active',
  'reassignment_count',
  'reopen_count',
  'sys_mod_count',
  'made_sla',
  'caller_id',
  'opened_by',
  'opened_at',
  'sys_updated_by',
  'sys_updated_at',
  'contact_type',
  'location',
  'category',
  'subcategory',
  'u_symptom',
  'cmdb_ci',
  'impact',
  'urgency',
  'priority',
  'assignment_group',
  'assigned_to',
  'knowledge',
  'u_priority_confirmation',
  'notify',
  'problem_id',
  'rfc',
  'vendor',
  'caused_by',
  'closed_code',
  'resolved_by',
  'resolved_at',
  'closed_at',
] as const
type Cells = Partial<Record<(typeof columns)[number], string>>

const usual: Record<(typeof columns)[number], string> = {
  number: 'INC1',
  incident_state: 'New',
  active: 'TRUE',
  reassignment_count: '0',
  reopen_count: '0',
  sys_mod_count: '0',
  made_sla: 'TRUE',
  caller_id: 'Caller 7',
  opened_by: 'Opened by  8',
  opened_at: '01-03-2016 09:00',
  sys_updated_by: 'Updated by 21',
  sys_updated_at: '01-03-2016 09:05',
  contact_type: 'Phone',
  location: 'Location 143',
  category: 'Category 55',
  subcategory: 'Subcategory 170',
  u_symptom: '?',
  cmdb_ci: '?',
  impact: '2 - Medium',
  urgency: '2 - Medium',
  priority: '3 - Moderate',
  assignment_group: 'Group 56',
  assigned_to: '?',
  knowledge: 'TRUE',
  u_priority_confirmation: 'FALSE',
  notify: 'Do Not Notify',
  problem_id: '?',
  rfc: '?',
  vendor: '?',
  caused_by: '?',
  closed_code: 'code 5',
  resolved_by: 'Resolved by 149',
  resolved_at: '?',
  closed_at: '?',
}

/** One line of a log: the usual cells with these replaced. */
export const row = (cells: Cells = {}): string => columns.map((name) => cells[name] ?? usual[name]).join(',')
export const header = columns.join(',')
export const log = (...rows: string[]): string => `${[header, ...rows].join('\n')}\n`

/** A whole life: opened, worked on, waiting, resolved, closed. */
export function life(number: string, last: Cells = {}): string[] {
  const at = { number, resolved_at: '01-03-2016 15:00', closed_at: '06-03-2016 16:00', ...last }
  return [
    row({ ...at, sys_updated_at: '01-03-2016 09:05' }),
    row({ ...at, sys_updated_at: '01-03-2016 10:00', sys_mod_count: '1', incident_state: 'Active', assigned_to: 'Resolver 89' }),
    row({
      ...at,
      sys_updated_at: '01-03-2016 11:00',
      sys_mod_count: '2',
      incident_state: 'Awaiting User Info',
      assigned_to: 'Resolver 89',
    }),
    row({ ...at, sys_updated_at: '01-03-2016 15:00', sys_mod_count: '3', incident_state: 'Resolved', assigned_to: 'Resolver 89' }),
    row({
      ...at,
      sys_updated_at: '06-03-2016 16:00',
      sys_mod_count: '4',
      incident_state: 'Closed',
      active: 'FALSE',
      assigned_to: 'Resolver 89',
    }),
  ]
}

export const mappingPath = join(import.meta.dirname, '../../definitions/imports/servicenow-incidents.json')
export const mapping = (changes: { file?: Partial<ImportMapping['file']> } = {}): Promise<ImportMapping> =>
  readMapping(mappingPath).then((shipped) => ({ ...shipped, file: { ...shipped.file, ...changes.file } }))

/** A file that is gone when the test is. */
export async function fileOf(content: string | Uint8Array, name = 'log.csv'): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'guichet-import-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const path = join(folder, name)
  await writeFile(path, content)
  return path
}
