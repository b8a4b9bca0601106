/** Records of the register as the API serves them; the nouns say what is in `values`. */
import { z } from 'zod'
import { PersonRef } from './view.ts'

export const RecordView = z.object({
  id: z.string(),
  version: z.int().describe('Send it back with a change: an older one is refused'),
  title: z.string(),
  isArchived: z.boolean(),
  updatedAt: z.iso.datetime(),
  values: z.record(z.string(), z.json()),
  /** Names of what the values refer to, by field and id. */
  names: z.record(z.string(), z.record(z.string(), z.string())),
  /** Worked out, not recorded: a licence's position, a contract's notice date. */
  derived: z.record(z.string(), z.json()),
})
export type RecordView = z.infer<typeof RecordView>

export const RecordChangeView = z.object({
  sequence: z.int(),
  at: z.iso.datetime(),
  actor: PersonRef,
  field: z.string(),
  from: z.json(),
  to: z.json(),
  /** Names of what the values refer to, by id. */
  names: z.record(z.string(), z.string()),
})
export type RecordChangeView = z.infer<typeof RecordChangeView>

export const ImpactItemView = z.object({
  id: z.string(),
  code: z.string(),
  name: z.string(),
  class: z.string(),
  criticality: z.string(),
  status: z.string(),
  serviceId: z.string().nullable(),
  serviceName: z.string().nullable(),
  distance: z.int(),
  viaId: z.string(),
  kind: z.string(),
  openTickets: z.int(),
})
export type ImpactItemView = z.infer<typeof ImpactItemView>

/** What a CSV file would do, or did: every row is accounted for. */
export const ImportRow = z.object({
  line: z.int(),
  outcome: z.enum(['add', 'change', 'unchanged', 'refused']),
  title: z.string(),
  /** Changed fields, in the file's own words. */
  changes: z.array(z.object({ field: z.string(), from: z.json(), to: z.json() })),
  problems: z.array(z.object({ column: z.string(), value: z.string(), code: z.string(), message: z.string() })),
  /** The row as it stands in the file, of refused ones. */
  cells: z.array(z.string()).optional(),
})
export type ImportRow = z.infer<typeof ImportRow>
export const ImportReport = z.object({
  isDryRun: z.boolean(),
  encoding: z.enum(['utf-8', 'windows-1252']),
  delimiter: z.string(),
  headers: z.array(z.object({ header: z.string(), field: z.string().nullable() })),
  counts: z.object({ add: z.int(), change: z.int(), unchanged: z.int(), refused: z.int() }),
  /** Refused rows first; then what changes, up to a limit. */
  rows: z.array(ImportRow),
  isCut: z.boolean(),
})
export type ImportReport = z.infer<typeof ImportReport>
