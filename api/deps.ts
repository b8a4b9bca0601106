/** What the API is made with: passed in, never looked up. */
import type { Kysely } from 'kysely'
import type { Logger } from 'pino'
import type { Actor } from '#schema/role'
import type { PersonView } from '#schema/view'
import type { Database } from '../activities/store/database.ts'
import type { Commander } from './commands.ts'
import type { ApiConfig } from './config.ts'
import type { EventHub } from './events.ts'
import type { Identity } from './identity.ts'
import type { Locale } from './problem.ts'

export type Db = Kysely<Database>

export interface AppDeps {
  db: Db
  /** Sends updates to the tickets' workflows. */
  commander: Commander
  /** Starts waiting intakes and delivers waiting commands, now; must not throw when Temporal is away. */
  kickIntake: () => void
  identity: Identity
  events: EventHub
  /** UTC epoch ms. */
  clock: () => number
  config: ApiConfig
  log: Logger
}

/** Who calls: the actor that acts, with what the edge knows beside it. `via`: how he proved it. */
export interface Caller {
  actor: Actor
  person: PersonView
  via: 'session' | 'apiKey'
  /** The desk that the API key writes to; absent: the default one, unless the call names another. */
  deskId?: string
}

export interface AppEnv {
  Variables: {
    requestId: string
    log: Logger
    caller: Caller | null
    locale: Locale
  }
}
