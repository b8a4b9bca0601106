import { z } from 'zod'
import { Metric } from './sla.ts'
import { ChannelId, TicketFields, TicketKind, TicketStatus, type TicketField } from './ticket.ts'

/**
 * How the rows of a foreign event log (one row an event, many rows a ticket) become facts. Column names are the
 * file's own, everything else is ours. A mapping is data: bringing in another tool's export is a new JSON file.
 */
const column = z.string().min(1)

/** What a cell holds. `leadingNumber` reads the 3 of "3 - Moderate". People and groups become placeholders named like the cell. */
export const CellKind = z.enum(['text', 'number', 'leadingNumber', 'person', 'group'])
export type CellKind = z.infer<typeof CellKind>

/** Columns put together to one text; the unknown ones are left out. */
const Joined = z.object({ columns: z.array(column).min(1), separator: z.string().default(' · ') })

const mappedFields = TicketFields.keyof().exclude(['title', 'description', 'status', 'pendingReason'])

export const ImportMapping = z.strictObject({
  /** Also the source's name: a ticket is the same one when (source, reference) is, whatever the file is called. */
  id: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'kebab-case, such as servicenow-incidents'),
  version: z.int().min(1),
  /** What the mapping decides and why, for the reader. */
  notes: z.array(z.string()).default([]),
  file: z.strictObject({
    delimiter: z.string().length(1).default(','),
    /** A label of the WHATWG Encoding Standard, such as utf-8 or windows-1252. */
    encoding: z.string().default('utf-8'),
    /** Tokens YYYY, MM, DD, HH, mm, ss; everything else stands for itself. */
    dateFormat: z.string().default('YYYY-MM-DD HH:mm:ss'),
    /** IANA zone the file's dates are written in. */
    timeZone: z.string().default('Etc/UTC'),
    /** Cells that mean "not known". The empty cell always does. */
    unknown: z.array(z.string()).default([]),
  }),
  kind: TicketKind,
  /** The ticket's number in the source. */
  reference: column,
  event: z.strictObject({
    at: column,
    by: column.optional(),
    /** Breaks ties between rows of the same instant. */ order: column.optional(),
  }),
  opened: z.strictObject({ at: column, by: column.optional() }),
  /** The instants that the source itself gives. Where unknown, the history has the row's time, and figures of duration leave the ticket out. */
  resolvedAt: column.optional(),
  closedAt: column.optional(),
  /** How often the source says it was reopened: tells a real reopening from a row that came late. */
  reopenCount: column.optional(),
  status: z.strictObject({ column, values: z.record(z.string(), TicketStatus) }),
  channel: z.strictObject({ column, values: z.record(z.string(), ChannelId) }).optional(),
  title: Joined,
  description: Joined.optional(),
  fields: z.partialRecord(
    mappedFields,
    z.strictObject({
      column,
      kind: CellKind,
      /** Recorded with the resolution only: the source fills it in backwards. */ atResolution: z.boolean().default(false),
      /** Stands for an unknown cell, where the field must have a value. */ whenUnknown: z.string().optional(),
    }),
  ),
  /** A yes/no column that says whether the agreement was kept. The source's last word counts. */
  sla: z
    .strictObject({
      column,
      metric: Metric,
      met: z.array(z.string()).min(1),
      breached: z.array(z.string()).min(1),
      policyId: z.string(),
      policyVersion: z.int().min(1),
      calendarId: z.string(),
      calendarVersion: z.int().min(1),
    })
    .optional(),
  /** Kept with the ticket as they stand in its last row, by column name. */
  extra: z.array(column).default([]),
})
export type ImportMapping = z.infer<typeof ImportMapping>
export type MappedField = Exclude<TicketField, 'title' | 'description' | 'status' | 'pendingReason'>

/** Every column that the mapping names; the file must have them all. */
export function columnsOf(mapping: ImportMapping): string[] {
  const named = [
    mapping.reference,
    ...Object.values(mapping.event),
    ...Object.values(mapping.opened),
    mapping.resolvedAt,
    mapping.closedAt,
    mapping.reopenCount,
    mapping.status.column,
    mapping.channel?.column,
    ...mapping.title.columns,
    ...(mapping.description?.columns ?? []),
    ...Object.values(mapping.fields).map((field) => field?.column),
    mapping.sla?.column,
    ...mapping.extra,
  ]
  return [...new Set(named.filter((name): name is string => name !== undefined))]
}
