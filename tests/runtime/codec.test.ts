import { randomBytes } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { defaultPayloadConverter, type Payload } from '@temporalio/common'
import { expect, test } from 'vitest'
import { type BlobStore, GuichetCodec, payloadKey, sha256 } from '../../activities/codec.ts'
import { claim, local } from '../../workflows/runtime/payload.ts'

class MemoryBlobs implements BlobStore {
  readonly kept = new Map<string, Uint8Array>()
  reads = 0
  async read(hash: string): Promise<Uint8Array> {
    this.reads++
    const content = this.kept.get(hash)
    if (content === undefined) throw new Error(`expected a stored blob ${hash}, found none`)
    return content
  }
  async write(hash: string, content: Uint8Array): Promise<void> {
    this.kept.set(hash, content)
  }
}

const payloadOf = (value: unknown): Payload => defaultPayloadConverter.toPayload(value) as Payload
const decodedValue = (payload: Payload): unknown => defaultPayloadConverter.fromPayload(payload)
const key = randomBytes(32)
const long = { text: 'panne réseau '.repeat(1_000) }

test.each([
  ['small, plain', { a: 1 }, undefined],
  ['large, compressed', long, undefined],
  ['small, encrypted', { a: 1 }, key],
  ['large, compressed and encrypted', long, key],
  ['nothing at all', null, key],
])('%s comes back as it went', async (_, value, withKey) => {
  const codec = new GuichetCodec({ blobs: new MemoryBlobs(), ...(withKey ? { key: withKey } : {}) })
  const [encoded] = await codec.encode([payloadOf(value)])
  const [decoded] = await codec.decode([encoded as Payload])
  expect(decodedValue(decoded as Payload)).toEqual(value)
})

test('a compressed payload is smaller, an encrypted one does not show its content', async () => {
  const plain = payloadOf(long)
  const [small] = await new GuichetCodec({ blobs: new MemoryBlobs() }).encode([plain])
  expect(small?.data?.length).toBeLessThan((plain.data?.length ?? 0) / 10)
  const [secret] = await new GuichetCodec({ blobs: new MemoryBlobs(), key }).encode([payloadOf({ title: 'salaires' })])
  expect(Buffer.from(secret?.data ?? []).includes('salaires')).toBe(false)
})

test('an altered or foreign encrypted payload is refused', async () => {
  const codec = new GuichetCodec({ blobs: new MemoryBlobs(), key })
  const [encoded] = await codec.encode([payloadOf({ a: 1 })])
  const altered = Uint8Array.from(encoded?.data ?? [])
  altered[14] = (altered[14] ?? 0) ^ 1
  await expect(codec.decode([{ ...(encoded as Payload), data: altered }])).rejects.toThrow()
  await expect(new GuichetCodec({ blobs: new MemoryBlobs(), key: randomBytes(32) }).decode([encoded as Payload])).rejects.toThrow()
  await expect(new GuichetCodec({ blobs: new MemoryBlobs() }).decode([encoded as Payload])).rejects.toThrow('GUICHET_KEY')
})

test('what is too large goes to the blob store and leaves a hash', async () => {
  const blobs = new MemoryBlobs()
  const codec = new GuichetCodec({ blobs, claimFromBytes: 10_000 })
  const value = { noise: randomBytes(20_000).toString('hex') }
  const [encoded] = await codec.encode([payloadOf(value)])
  expect(encoded?.data?.length).toBe(64)
  expect(blobs.kept.size).toBe(1)
  const [decoded] = await codec.decode([encoded as Payload])
  expect(decodedValue(decoded as Payload)).toEqual(value)
})

test('a claim is fetched once per process', async () => {
  const blobs = new MemoryBlobs()
  const content = Buffer.from(JSON.stringify({ process: 'incident' }))
  await blobs.write(sha256(content), gzipSync(content))
  const codec = new GuichetCodec({ blobs })
  const [sent] = await codec.encode([claim(sha256(content)).payload])
  expect(Buffer.from(sent?.data ?? []).toString()).toBe(sha256(content))
  for (let i = 0; i < 3; i++) {
    const [received] = await codec.decode([sent as Payload])
    expect(decodedValue(received as Payload)).toEqual({ process: 'incident' })
  }
  expect(blobs.reads).toBe(1)
})

test('an unknown hash is an error that names it', async () => {
  const hash = sha256(Buffer.from('nothing'))
  await expect(new GuichetCodec({ blobs: new MemoryBlobs() }).decode([claim(hash).payload])).rejects.toThrow(hash)
  expect(() => claim('not-a-hash')).toThrow('SHA-256')
})

test('what stays in the worker is left alone', async () => {
  const payload = local(long).payload
  const [encoded] = await new GuichetCodec({ blobs: new MemoryBlobs(), key }).encode([payload])
  expect(encoded).toBe(payload)
})

test('a key of another length is refused', () => {
  expect(payloadKey(undefined)).toBeUndefined()
  expect(payloadKey(key.toString('base64'))).toEqual(key)
  expect(payloadKey(key.toString('hex'))).toEqual(key)
  expect(() => payloadKey('c2hvcnQ=')).toThrow('32 bytes')
})
