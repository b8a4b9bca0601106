import type { ImportReport } from './import-file.ts'
import type { Rejection } from './rejection.ts'

/** The report as people read it: what was refused, where, why and what to do; then what was mended; then the sums. */
export function reportText(report: ImportReport, isDryRun: boolean): string {
  const refused = new Set(report.rejections.filter((one) => one.scope === 'ticket').map((one) => one.reference)).size
  const lines = [
    ...(report.rejections.length === 0 ? [] : [`Refused (${report.rejections.length}):`, ...report.rejections.map(rejectionText), '']),
    ...(report.repairs.length === 0
      ? []
      : [
          `Taken with a correction (${report.repairs.length}):`,
          ...report.repairs.map((one) => `  line ${one.line} ${one.reference}: ${one.reason}`),
          '',
        ]),
    `${isDryRun ? 'Would import' : 'Imported'} ${report.accepted} of ${report.tickets} tickets (${report.facts} facts from ${report.rows} rows, source ${report.source}).`,
    `Already known: ${report.skipped}. Tickets refused: ${refused}. Rows refused: ${report.rejections.length}.`,
  ]
  return lines.join('\n')
}

function rejectionText({ line, reference, scope, column, value, reason, remedy }: Rejection): string {
  const place = [
    `line ${line}`,
    reference ?? '(no number)',
    column === null ? null : `column ${column}`,
    value === null ? null : `value "${value}"`,
  ]
    .filter((part) => part !== null)
    .join(', ')
  return `  ${place}: ${reason}. ${scope === 'ticket' ? 'The ticket is left out as a whole' : 'The row is left out'}; ${remedy}.`
}
