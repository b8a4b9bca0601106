import type { ConnectorKind } from './connector.ts'
import { openSecret, signatureHeaders } from './signature.ts'

/** An answer takes this long at most. */
const timeoutMs = 20_000
const referenceLimit = 200
/** Too early, too many, timed out: the same call may succeed later. */
const passing = new Set([408, 425, 429])

/**
 * Posts the order as JSON to the configured address, under an `Idempotency-Key` (the same for every attempt). 2xx: done, with the `reference` of the
 * answer; signed, when the connector has a secret. Another 4xx: refused for good. Everything else may pass.
 */
export const webhook: ConnectorKind = {
  async provision({ id, url, name, secret }, { key, operation, subject, ticketId, signal }, installationSecret) {
    if (url === null) return { by: 'refused', reason: `connector ${id} has no address: set one` }
    const body = JSON.stringify({ operation, subject, ticketId })
    const signature = secret === null ? {} : signatureHeaders(openSecret(installationSecret, secret), body, Date.now())
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json', 'idempotency-key': key, ...signature },
      body,
      redirect: 'error',
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    })
    const text = (await response.text()).slice(0, 10_000)
    if (response.ok) return { by: 'system', reference: referenceIn(text) }
    const reason = `${name} answered ${response.status}${text === '' ? '' : `: ${text.slice(0, 300)}`}`
    if (response.status >= 400 && response.status < 500 && !passing.has(response.status)) return { by: 'refused', reason }
    throw new Error(reason)
  },
}

function referenceIn(text: string): string {
  try {
    const answer = JSON.parse(text) as { reference?: unknown } | null
    return typeof answer?.reference === 'string' ? answer.reference.slice(0, referenceLimit) : ''
  } catch {
    return ''
  }
}
