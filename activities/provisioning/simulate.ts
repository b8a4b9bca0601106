import { sha256 } from '../store/canonical.ts'
import type { ConnectorKind } from './connector.ts'

/** A system for demonstrations: it does everything, or, when it is told to fail, nothing. */
export const simulate: ConnectorKind = {
  async provision({ name, isFailing }, { key, operation }) {
    if (isFailing) throw new Error(`${name} does not answer (simulated)`)
    return { by: 'system', reference: `${operation}-${sha256(key).slice(0, 8)}` }
  },
}
