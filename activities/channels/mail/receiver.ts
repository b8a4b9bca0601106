import { SMTPServer, type SMTPServerAddress, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server'
import type { Logger } from 'pino'
import { type Ingested, type IngestSetup, ingestMail } from './ingest.ts'
import { keepRejected, type MailRefusal, RefusedMail, tooLargeMail } from './reject.ts'

export interface ReceiverSetup extends IngestSetup {
  /** Largest message taken, bytes. */
  maxBytes: number
  log: Logger
  /** After each mail that was taken in (to start its ticket at once). */
  onIngested: (result: Ingested) => void
}
export interface Receiver {
  /** The port it listens on. */
  port: number
  close(): Promise<void>
}

/** Of a message that is too large: enough to know it by. */
const headBytes = 64 * 1024
const maxClients = 50

/** An SMTP reply with its code; nodemailer's server writes `responseCode message`. */
const reply = (refusal: MailRefusal): Error =>
  Object.assign(new Error(`${refusal.status} ${refusal.reason} ${refusal.remedy}`), { responseCode: refusal.smtpCode })
/** Our own trouble: the sender's server keeps the mail and tries again. */
const laterReply = (): Error =>
  Object.assign(new Error('4.3.0 The desk cannot take mail at the moment. Try again later.'), { responseCode: 451 })

async function readAll(stream: SMTPServerDataStream, maxBytes: number): Promise<{ raw: Buffer; bytes: number }> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    bytes += chunk.length
    // beyond the limit the rest is read and dropped: the sender hears the reason only after its last byte
    if (bytes <= maxBytes) chunks.push(chunk)
  }
  return { raw: Buffer.concat(chunks), bytes }
}

const subjectIn = (raw: Buffer): string | null =>
  /^subject:[ \t]*(.*)$/im.exec(raw.subarray(0, headBytes).toString('utf8'))?.[1]?.trim().slice(0, 200) ?? null
const senderOf = (session: SMTPServerSession): string | null => (session.envelope.mailFrom ? session.envelope.mailFrom.address : null)

async function take(setup: ReceiverSetup, stream: SMTPServerDataStream, session: SMTPServerSession): Promise<Ingested> {
  const { raw, bytes } = await readAll(stream, setup.maxBytes)
  const refuse = async (refusal: MailRefusal): Promise<never> => {
    await keepRejected(setup.db, refusal, {
      sender: senderOf(session),
      subject: subjectIn(raw),
      raw: bytes > setup.maxBytes ? raw.subarray(0, headBytes) : raw,
      at: setup.clock(),
    })
    throw new RefusedMail(refusal)
  }
  if (bytes > setup.maxBytes) return refuse(tooLargeMail(setup.maxBytes, bytes))
  try {
    return await ingestMail(setup, raw, { returnPath: senderOf(session) })
  } catch (error) {
    if (error instanceof RefusedMail) return refuse(error.refusal)
    throw error
  }
}

/** A size announced in MAIL FROM (RFC 1870) is refused before a byte is sent. */
function checkAnnounced(setup: ReceiverSetup, address: SMTPServerAddress, done: (error?: Error | null) => void): void {
  const announced = Number((address.args as { SIZE?: string } | undefined)?.SIZE ?? 0)
  if (!(announced > setup.maxBytes)) {
    done()
    return
  }
  const refusal = tooLargeMail(setup.maxBytes, announced)
  keepRejected(setup.db, refusal, { sender: address.address, subject: null, raw: null, at: setup.clock() }).then(
    () => done(reply(refusal)),
    () => done(laterReply()),
  )
}

/** The built-in SMTP receiver. Says "250" only when the mail is committed to the database. */
export function startReceiver(setup: ReceiverSetup, host: string, port: number): Promise<Receiver> {
  const { log } = setup
  const server = new SMTPServer({
    name: 'guichet',
    banner: 'Guichet',
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    maxClients,
    socketTimeout: 60_000,
    disableReverseLookup: true,
    onMailFrom: (address, _session, done) => checkAnnounced(setup, address, done),
    onData: (stream, session, done) => {
      take(setup, stream, session).then(
        (result) => {
          log.info({ outcome: result.outcome, from: senderOf(session) }, 'mail taken in')
          setup.onIngested(result)
          done()
        },
        (error: unknown) => {
          if (error instanceof RefusedMail) {
            log.info({ reason: error.refusal.reason, from: senderOf(session) }, 'mail refused')
            return done(reply(error.refusal))
          }
          log.error({ err: error }, 'mail could not be taken in')
          done(laterReply())
        },
      )
    },
  })
  server.on('error', (error) => log.warn({ err: error }, 'SMTP connection failed'))
  return new Promise((resolve, reject) => {
    server.server.once('error', reject)
    server.listen(port, host, () => {
      server.server.off('error', reject)
      const address = server.server.address()
      resolve({
        port: typeof address === 'object' && address ? address.port : port,
        close: () => new Promise((done) => server.close(() => done())),
      })
    })
  })
}
