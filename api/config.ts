import { installationSecret } from '../activities/installation-secret.ts'

const mebibyte = 1024 * 1024

export interface ApiConfig {
  databaseUrl: string
  temporalAddress: string
  temporalNamespace: string
  host: string
  port: number
  smtpHost: string
  /** Port of the built-in receiver; 0 takes a free one, null: no receiver. */
  smtpPort: number | null
  /** Outgoing server; null: the sink, mails count as sent and are read in the UI. */
  smtpUrl: string | null
  publicUrl: string
  /** Address that outgoing mail comes from and that replies go to. */
  mailAddress: string
  /** Signs sessions and survey links. */
  secret: string
  /** Take the client's address from X-Forwarded-For (only behind one's own proxy). */
  trustProxy: boolean
  /** Whoever is not signed in may read the status page. */
  isStatusPublic: boolean
  /** Folder of the built UI. */
  uiFolder: string
  limits: {
    jsonBytes: number
    attachmentBytes: number
    definitionBytes: number
    mailBytes: number
    pageSize: number
    streamsPerPerson: number
    commandTimeoutMs: number
  }
}

export const defaultLimits: ApiConfig['limits'] = {
  jsonBytes: mebibyte,
  attachmentBytes: 25 * mebibyte,
  definitionBytes: 5 * mebibyte,
  mailBytes: 25 * mebibyte,
  pageSize: 200,
  streamsPerPerson: 20,
  commandTimeoutMs: 8_000,
}

const portFrom = (name: string, value: string | undefined, fallback: number): number => {
  const port = value === undefined || value === '' ? fallback : Number(value)
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error(`expected a port number in ${name}, found "${value}"`)
  return port
}

/** Reads the environment; throws with the variable's name where one is missing or unusable. */
export function readConfig(env: NodeJS.ProcessEnv, uiFolder: string): ApiConfig {
  const databaseUrl = env['DATABASE_URL']
  if (!databaseUrl) throw new Error('expected DATABASE_URL, found nothing: start by "npm start", or set it to a PostgreSQL address')
  const port = portFrom('PORT', env['PORT'], 8080)
  const host = env['HOST'] || '127.0.0.1'
  return {
    databaseUrl,
    temporalAddress: env['TEMPORAL_ADDRESS'] || '127.0.0.1:7233',
    temporalNamespace: env['TEMPORAL_NAMESPACE'] || 'default',
    host,
    port,
    smtpHost: env['SMTP_HOST'] || host,
    smtpPort: env['SMTP_PORT'] === '' || env['SMTP_PORT'] === 'off' ? null : portFrom('SMTP_PORT', env['SMTP_PORT'], 2525),
    smtpUrl: env['SMTP_URL'] || null,
    publicUrl: (env['GUICHET_PUBLIC_URL'] || `http://localhost:${port}`).replace(/\/+$/, ''),
    mailAddress: env['GUICHET_MAIL_ADDRESS'] || 'support@guichet.localhost',
    secret: installationSecret(env),
    trustProxy: env['GUICHET_TRUST_PROXY'] === '1',
    isStatusPublic: env['GUICHET_PUBLIC_STATUS'] === '1',
    uiFolder,
    limits: defaultLimits,
  }
}
