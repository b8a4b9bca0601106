/** Processes that hear of changes to records: a line each. In the transaction of the change, so that none is lost. */
import { randomUUID } from 'node:crypto'
import { publishMessage } from '../correlation/publish.ts'
import type { Trx } from '../database.ts'

/** A change waits for the process to listen this long: its last step may still be on its way. */
const changeLivesMs = 24 * 3_600_000

/** By noun: the message's name, and the variable that carries the record's id, which is the key too. */
const announcements: Record<string, { name: string; variable: string }> = {
  'maintenance-contract': { name: 'contractChanged', variable: 'contractId' },
}

/** Tells a record's process that the record was made or changed; the first message starts it. */
export async function announceChange(trx: Trx, nounId: string, recordId: string, actorId: string, at: number): Promise<void> {
  const announcement = announcements[nounId]
  if (!announcement) return
  await publishMessage(trx, {
    name: announcement.name,
    correlationKey: recordId,
    messageId: randomUUID(),
    variables: { [announcement.variable]: recordId },
    timeToLiveMs: changeLivesMs,
    source: actorId,
    at,
  })
}
