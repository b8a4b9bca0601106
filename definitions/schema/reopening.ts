import { z } from 'zod'

/** What becomes of a ticket whose requester says, after its resolution, that it does not work: decision `reopen-policy`. */
export const Reopening = z.enum(['reopen', 'newTicket'])
export type Reopening = z.infer<typeof Reopening>
