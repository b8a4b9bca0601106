import { Client, Connection, isGrpcServiceError, ServiceError, type TLSConfig, type WorkflowClientInterceptor } from '@temporalio/client'
import type { DataConverter } from '@temporalio/common'
import { taskQueue } from '../workflows/protocol.ts'
import { databaseBlobs } from './blobs.ts'
import { GuichetCodec, payloadKey } from './codec.ts'
import type { Db } from './store/database.ts'

type Environment = Record<string, string | undefined>

export interface TemporalSettings {
  address: string
  namespace: string
  /** For Temporal Cloud, or a cluster behind TLS. */
  tls?: TLSConfig | true
  apiKey?: string
}

/**
 * TEMPORAL_ADDRESS (host:port), TEMPORAL_NAMESPACE, TEMPORAL_TLS (`true`), TEMPORAL_API_KEY; client certificates as PEM text in
 * TEMPORAL_TLS_CERT and TEMPORAL_TLS_KEY, a private authority in TEMPORAL_TLS_CA. An API key or a certificate implies TLS.
 */
export function temporalSettings(env: Environment): TemporalSettings {
  const { TEMPORAL_TLS_CERT: certificate, TEMPORAL_TLS_KEY: key, TEMPORAL_TLS_CA: authority, TEMPORAL_API_KEY: apiKey } = env
  if ((certificate === undefined) !== (key === undefined))
    throw new Error('expected TEMPORAL_TLS_CERT and TEMPORAL_TLS_KEY together, found one of them')
  const isTls = env.TEMPORAL_TLS === 'true' || certificate !== undefined || authority !== undefined || apiKey !== undefined
  const tls: TLSConfig = {
    ...(certificate !== undefined && key !== undefined ? { clientCertPair: { crt: Buffer.from(certificate), key: Buffer.from(key) } } : {}),
    ...(authority !== undefined ? { serverRootCACertificate: Buffer.from(authority) } : {}),
  }
  return {
    address: env.TEMPORAL_ADDRESS ?? '127.0.0.1:7233',
    namespace: env.TEMPORAL_NAMESPACE ?? 'default',
    ...(isTls ? { tls: Object.keys(tls).length > 0 ? tls : true } : {}),
    ...(apiKey !== undefined ? { apiKey } : {}),
  }
}

/** Where this installation's workflows run. Several installations may share a namespace under different names. */
export const taskQueueOf = (env: Environment): string => env.GUICHET_TASK_QUEUE ?? taskQueue

/** The data converter that worker, API and replays share: without it a payload cannot be read. */
export function createDataConverter(db: Db, env: Environment): DataConverter {
  return { payloadCodecs: [createCodec(db, env)] }
}

export function createCodec(db: Db, env: Environment): GuichetCodec {
  const key = payloadKey(env.GUICHET_KEY)
  return new GuichetCodec({ blobs: databaseBlobs(db), ...(key !== undefined ? { key } : {}) })
}

/** gRPC status code. */
const failedPrecondition = 9

/** The server failed the workflow task in which the update was heard, and the update with it: nothing came of it for the workflow. */
const isAborted = (error: unknown): boolean =>
  error instanceof ServiceError &&
  isGrpcServiceError(error.cause) &&
  error.cause.code === failedPrecondition &&
  error.cause.details.includes('workflow task failure')

const updateAttempts = 3

/** Brings an update again whose workflow task failed. Under the same id: what was carried out all the same is answered, not done twice. */
const bringUpdatesAgain: WorkflowClientInterceptor = {
  async startUpdate(input, next) {
    for (let attempt = 1; ; attempt++) {
      try {
        return await next(input)
      } catch (error) {
        if (attempt >= updateAttempts || !isAborted(error)) throw error
      }
    }
  },
}

/**
 * A client that does not wait for the server: while Temporal is away, calls fail with UNAVAILABLE, and succeed again when it is back.
 * `close` ends the connection.
 */
export function createTemporalClient(db: Db, env: Environment = process.env): { client: Client; close(): Promise<void> } {
  const { namespace, address, tls, apiKey } = temporalSettings(env)
  const connection = Connection.lazy({ address, ...(tls !== undefined ? { tls } : {}), ...(apiKey !== undefined ? { apiKey } : {}) })
  const interceptors = { workflow: [bringUpdatesAgain] }
  const client = new Client({ connection, namespace, dataConverter: createDataConverter(db, env), interceptors })
  return { client, close: () => connection.close() }
}
