import { defaultPayloadConverter, type Payload, RawValue } from '@temporalio/common'

/**
 * Two marks that the payload codec (activities/codec.ts) understands. The codec runs outside the workflow sandbox;
 * what crosses the boundary is only the payload's metadata.
 */
export const claimEncoding = 'binary/guichet-claim'
export const localMark = 'guichet-local'

const utf8 = (text: string): Uint8Array => {
  const bytes = new Uint8Array(text.length)
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i)
  return bytes
}

/** An argument that is fetched by its content's hash: the history holds the hash, never the content. */
export function claim(hash: string): RawValue {
  if (!/^[0-9a-f]{64}$/.test(hash)) throw new TypeError(`expected a SHA-256 in hex, found ${JSON.stringify(hash)}`)
  return RawValue.fromPayload({ metadata: { encoding: utf8(claimEncoding) }, data: utf8(hash) })
}

/** An argument of a local activity: it never leaves the worker, so it is neither compressed nor encrypted. */
export function local(value: unknown): RawValue {
  const payload = defaultPayloadConverter.toPayload(value) as Payload
  return RawValue.fromPayload({ ...payload, metadata: { ...payload.metadata, [localMark]: utf8('1') } })
}
