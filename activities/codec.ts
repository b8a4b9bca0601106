import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'
import { gunzipSync, zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import type { Payload, PayloadCodec } from '@temporalio/common'
import { claimEncoding, localMark } from '../workflows/runtime/payload.ts'

/** Content-addressed store. Bundles are kept gzipped under the hash of their canonical JSON (store/definitions.ts); large payloads as they are. */
export interface BlobStore {
  /** @throws when nothing is stored under `hash` */
  read(hash: string): Promise<Uint8Array>
  write(hash: string, content: Uint8Array): Promise<void>
}

export interface CodecOptions {
  blobs: BlobStore
  /** AES-256 key. Absent: payloads are not encrypted. */
  key?: Uint8Array
  /** Payloads from this size on are compressed; smaller ones do not shrink enough to pay for it. */
  compressFromBytes?: number
  /** Payloads that are still larger than this after compression go to the blob store; the history holds their hash. */
  claimFromBytes?: number
}

const encoding = 'binary/guichet'
const ivBytes = 12
const tagBytes = 16
/** Decoded claims kept per process. Bundles are some ten kilobytes, and few of them are in use at a time. */
const cacheBytes = 64 * 1024 * 1024

const ascii = (text: string): Uint8Array => Buffer.from(text, 'latin1')
const text = (bytes: Uint8Array | null | undefined): string => (bytes ? Buffer.from(bytes).toString('latin1') : '')
export const sha256 = (content: Uint8Array): string => createHash('sha256').update(content).digest('hex')

/** `GUICHET_KEY` is 32 bytes in base64 or hex. @throws when it has another length */
export function payloadKey(value: string | undefined): Uint8Array | undefined {
  if (value === undefined || value === '') return undefined
  const key = /^[0-9a-f]{64}$/i.test(value) ? Buffer.from(value, 'hex') : Buffer.from(value, 'base64')
  if (key.length !== 32) throw new Error(`GUICHET_KEY: expected 32 bytes in base64 or hex, found ${key.length}`)
  return key
}

/**
 * What Temporal stores is compressed, and encrypted when a key is set; what is large, and every bundle, is kept in the blob
 * table under its hash. Runs in worker and client, outside the workflow sandbox. Flags of an encoded payload, in the order in
 * which they were applied: `z` compressed (zstd), `e` encrypted (AES-256-GCM, iv + content + tag).
 */
export class GuichetCodec implements PayloadCodec {
  readonly #blobs: BlobStore
  readonly #key: Uint8Array | undefined
  readonly #compressFrom: number
  readonly #claimFrom: number
  readonly #cache = new Map<string, Uint8Array>()
  #cachedBytes = 0

  constructor({ blobs, key, compressFromBytes = 1_024, claimFromBytes = 128 * 1_024 }: CodecOptions) {
    this.#blobs = blobs
    this.#key = key
    this.#compressFrom = compressFromBytes
    this.#claimFrom = claimFromBytes
  }

  async encode(payloads: Payload[]): Promise<Payload[]> {
    return Promise.all(payloads.map((payload) => this.#encode(payload)))
  }

  async decode(payloads: Payload[]): Promise<Payload[]> {
    return Promise.all(payloads.map((payload) => this.#decode(payload)))
  }

  async #encode(payload: Payload): Promise<Payload> {
    const inner = text(payload.metadata?.encoding)
    if (inner === claimEncoding || payload.metadata?.[localMark] !== undefined) return payload
    let data = payload.data ?? new Uint8Array()
    let flags = ''
    if (data.length >= this.#compressFrom) {
      const smaller = zstdCompressSync(data)
      if (smaller.length < data.length) {
        data = smaller
        flags += 'z'
      }
    }
    if (this.#key !== undefined) {
      data = this.#encrypt(data, this.#key)
      flags += 'e'
    }
    if (data.length > this.#claimFrom) {
      const hash = sha256(data)
      await this.#blobs.write(hash, data)
      data = ascii(hash)
      flags += 'c'
    }
    if (flags === '') return payload
    return { metadata: { ...payload.metadata, encoding: ascii(encoding), inner: ascii(inner), flags: ascii(flags) }, data }
  }

  async #decode(payload: Payload): Promise<Payload> {
    const outer = text(payload.metadata?.encoding)
    if (outer === claimEncoding)
      return { metadata: { encoding: ascii('json/plain') }, data: await this.#fetch(text(payload.data), gunzipSync) }
    if (outer !== encoding) return payload
    const { inner, flags: applied, ...rest } = payload.metadata ?? {}
    let data = payload.data ?? new Uint8Array()
    for (const flag of [...text(applied)].reverse()) data = await this.#undo(flag, data)
    return { metadata: { ...rest, encoding: inner ?? ascii('json/plain') }, data }
  }

  async #undo(flag: string, data: Uint8Array): Promise<Uint8Array> {
    if (flag === 'c') return this.#fetch(text(data), (content) => content)
    if (flag === 'e') return this.#decrypt(data)
    if (flag === 'z') return zstdDecompressSync(data)
    throw new Error(`expected a payload flag z, e or c, found '${flag}'`)
  }

  #encrypt(data: Uint8Array, key: Uint8Array): Uint8Array {
    const iv = randomBytes(ivBytes)
    const cipher = createCipheriv('aes-256-gcm', key, iv)
    return Buffer.concat([iv, cipher.update(data), cipher.final(), cipher.getAuthTag()])
  }

  #decrypt(data: Uint8Array): Uint8Array {
    if (this.#key === undefined) throw new Error('expected GUICHET_KEY to be set, found an encrypted payload without it')
    const decipher = createDecipheriv('aes-256-gcm', this.#key, data.subarray(0, ivBytes))
    decipher.setAuthTag(data.subarray(data.length - tagBytes))
    return Buffer.concat([decipher.update(data.subarray(ivBytes, data.length - tagBytes)), decipher.final()])
  }

  /** Least recently used goes first. Content under a hash never changes, so nothing is ever stale. */
  async #fetch(hash: string, unpack: (stored: Uint8Array) => Uint8Array): Promise<Uint8Array> {
    const known = this.#cache.get(hash)
    if (known !== undefined) {
      this.#cache.delete(hash)
      this.#cache.set(hash, known)
      return known
    }
    const content = unpack(await this.#blobs.read(hash))
    this.#cache.set(hash, content)
    this.#cachedBytes += content.length
    for (const [oldest, { length }] of this.#cache) {
      if (this.#cachedBytes <= cacheBytes || oldest === hash) break
      this.#cache.delete(oldest)
      this.#cachedBytes -= length
    }
    return content
  }
}
