import type { ConnectorKind } from './connector.ts'

/** No system: the diagram opens a task for the group. */
export const manual: ConnectorKind = { provision: async () => ({ by: 'manual' }) }
