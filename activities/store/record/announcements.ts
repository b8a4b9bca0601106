/** Processes that hear of changes to records: a line each. In the transaction of the change, so that none is lost. */
import { randomUUID } from 'node:crypto'
import { publishMessage } from '../correlation/publish.ts'
import type { Trx } from '../database.ts'

/** A change waits for the process to listen this long: its last step may still be on its way. */
const changeLivesMs = 24 * 3_600_000

interface Announcement {
  name: string
  /** Carries the id of the record that the process watches, which is the key too. */
  variable: string
  /** Whose process hears of it, where that is another record's. */
  about?: (trx: Trx, recordId: string) => Promise<string | undefined>
}

const licenceOf = async (trx: Trx, installationId: string): Promise<string | undefined> =>
  (await trx.selectFrom('installation').select('licenceId').where('id', '=', installationId).executeTakeFirst())?.licenceId

/** By noun of the record that was changed. */
const announcements: Record<string, Announcement> = {
  'maintenance-contract': { name: 'contractChanged', variable: 'contractId' },
  licence: { name: 'licenceChanged', variable: 'licenceId' },
  installation: { name: 'licenceChanged', variable: 'licenceId', about: licenceOf },
}

/** Tells a record's process that the record was made or changed; the first message starts it. */
export async function announceChange(trx: Trx, nounId: string, recordId: string, actorId: string, at: number): Promise<void> {
  const announcement = announcements[nounId]
  const watchedId = announcement?.about ? await announcement.about(trx, recordId) : recordId
  if (!announcement || watchedId === undefined) return
  await publishMessage(trx, {
    name: announcement.name,
    correlationKey: watchedId,
    // Records of one import are one change to whoever watches what they belong to.
    messageId: announcement.about ? `${nounId}/${at}` : randomUUID(),
    variables: { [announcement.variable]: watchedId },
    timeToLiveMs: changeLivesMs,
    source: actorId,
    at,
  })
}
