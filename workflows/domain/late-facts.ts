/**
 * What may still be said of a ticket whose process has ended: its links and its watchers. The workflow writes these facts while it runs, the store
 * appends them afterwards (ADR 0011); both from here, so that nobody can tell the difference.
 */
import type { DeskFact } from '#schema/fact'
import type { Updates } from '../protocol.ts'

export const lateCommands = ['linkTicket', 'unlinkTicket', 'watchTicket', 'unwatchTicket'] as const
export type LateCommand = (typeof lateCommands)[number]
export const isLateCommand = (name: string): name is LateCommand => lateCommands.some((each) => each === name)

const types = {
  linkTicket: 'ticketLinked',
  unlinkTicket: 'ticketUnlinked',
  watchTicket: 'watcherAdded',
  unwatchTicket: 'watcherRemoved',
} as const

export const lateFact = (name: LateCommand, payload: Updates[LateCommand], at: number): DeskFact =>
  ({ type: types[name], at, ...payload }) as DeskFact
