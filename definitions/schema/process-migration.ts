import { z } from 'zod'

/** Moving open tickets from one version of their process to another: an operation over many tickets, dry run first. */
export const processMigrationStates = ['checking', 'checked', 'running', 'paused', 'done', 'aborted'] as const
export const ProcessMigrationState = z.enum(processMigrationStates)
export type ProcessMigrationState = z.infer<typeof ProcessMigrationState>

export const processMigrationActions = ['start', 'pause', 'resume', 'abort'] as const
export type ProcessMigrationAction = (typeof processMigrationActions)[number]

/** What an operation may do next, by state. */
export const nextState: Record<ProcessMigrationAction, Partial<Record<ProcessMigrationState, ProcessMigrationState>>> = {
  start: { checked: 'running' },
  pause: { running: 'paused' },
  resume: { paused: 'running' },
  abort: { checking: 'aborted', checked: 'aborted', running: 'aborted', paused: 'aborted' },
}

export const processMigrationItemStates = ['waiting', 'ready', 'moved', 'refused', 'gone'] as const
export type ProcessMigrationItemState = (typeof processMigrationItemStates)[number]

/** Old element id to new element id. */
export const ElementMapping = z.record(z.string().max(300), z.string().max(300))

const Element = z.object({ id: z.string(), name: z.string(), type: z.string(), scopeId: z.string().nullable() })

/** What stands for what, proposed from the two drawings. */
export const MappingProposalView = z.object({
  processId: z.string(),
  fromVersion: z.int(),
  toVersion: z.int(),
  /** Tickets that are open on the old version. */
  openTickets: z.int(),
  rows: z.array(
    z.object({
      from: Element,
      /** Proposed; null: nothing in the new version stands for it. */
      toId: z.string().nullable(),
      reason: z.enum(['id', 'name', 'neighbourhood']).nullable(),
      /** Open tickets that stand at it now. */
      tickets: z.int(),
    }),
  ),
  targets: z.array(Element),
})
export type MappingProposalView = z.infer<typeof MappingProposalView>

export const ProcessMigrationView = z.object({
  id: z.string(),
  processId: z.string(),
  fromVersion: z.int(),
  toVersion: z.int(),
  mapping: ElementMapping,
  retimesTimers: z.boolean(),
  state: ProcessMigrationState,
  startedBy: z.object({ id: z.string(), name: z.string() }),
  createdAt: z.string(),
  endedAt: z.string().nullable(),
  counts: z.object({ waiting: z.int(), ready: z.int(), moved: z.int(), refused: z.int(), gone: z.int() }),
  /** Why tickets stay where they are, most frequent first. */
  reasons: z.array(
    z.object({
      code: z.string(),
      elementId: z.string().nullable(),
      message: z.string(),
      count: z.int(),
      /** Some of the tickets, at most twenty. */
      tickets: z.array(z.object({ id: z.string(), number: z.string() })),
    }),
  ),
})
export type ProcessMigrationView = z.infer<typeof ProcessMigrationView>
