/**
 * Why a row, or a whole ticket, was not taken. `line` is the line in the file (the header is line 1).
 *
 * What is refused as a whole: a ticket with any unusable row. Its history would otherwise be recorded with a hole, for ever, and
 * the mended file could not fill it, because the ticket would be known already. What is refused alone: a row that belongs to no
 * ticket (no number) and one that repeats another exactly, since nothing is lost with either.
 */
export interface Rejection {
  line: number
  /** The ticket concerned; null when the row does not name one. */
  reference: string | null
  scope: 'row' | 'ticket'
  code: RejectionCode
  column: string | null
  value: string | null
  reason: string
  remedy: string
}
export type RejectionCode =
  | 'missingReference'
  | 'columnCount'
  | 'duplicate'
  | 'missingValue'
  | 'badDate'
  | 'unknownStatus'
  | 'badValue'
  | 'resolvedBeforeOpened'
  | 'closedBeforeResolved'
  | 'openedTwice'
  | 'numberTaken'

/** A row that was taken with a correction, and which. */
export interface Repair {
  line: number
  reference: string
  code: 'outOfOrder' | 'beforeOpening' | 'lateRow' | 'resolvedAtIgnored' | 'closedAtIgnored'
  reason: string
}

/** A mistake of the file or the mapping as a whole: nothing was read, nothing is imported. */
export class ImportRefused extends Error {
  override name = 'ImportRefused'
  readonly remedy: string
  constructor(message: string, remedy: string) {
    super(message)
    this.remedy = remedy
  }
}
