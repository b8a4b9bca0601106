import type { Variables } from '#schema/json'

/** What another system is asked to do. The same `key` for every repetition: it is done once. */
export interface ProvisionOrder {
  key: string
  operation: string
  subject: Variables
  /** Null: a trial, which is about no ticket and does nothing. */
  ticketId: string | null
  signal: AbortSignal
}

/** A system as an administrator has set it up. */
export interface Connector {
  id: string
  kind: string
  name: string
  url: string | null
  isFailing: boolean
  /** Sealed (signature.ts); null: calls are not signed. */
  secret: string | null
}

/** `manual`: no system does it, people do. `refused`: asking again will not help. A thrown error means: it may help. */
export type Provisioned = { by: 'system'; reference: string } | { by: 'manual' } | { by: 'refused'; reason: string }

export interface ConnectorKind {
  /** @param installationSecret opens the connector's own */
  provision(connector: Connector, order: ProvisionOrder, installationSecret: string): Promise<Provisioned>
}
