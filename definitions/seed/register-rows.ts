/** A record of the demonstration's register, and how a table of them is written. */
export interface DemoRecord {
  noun: string
  id: string
  values: Record<string, unknown>
}
/** The first cell of a row is the record's id, the others its fields in the order given. */
export const rows = (noun: string, fields: string[], table: unknown[][]): DemoRecord[] =>
  table.map(([id, ...cells]) => ({
    noun,
    id: String(id),
    values: Object.fromEntries(fields.map((field, index) => [field, cells[index] ?? null])),
  }))
