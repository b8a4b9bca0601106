/** Mail in and out over real SMTP, on a real database. Temporal is away: what is taken in waits in the outbox. */
import { createTransport } from 'nodemailer'
import { SMTPServer } from 'smtp-server'
import { simpleParser, type ParsedMail } from 'mailparser'
import pino from 'pino'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Receiver, startReceiver } from '../../activities/channels/mail/receiver.ts'
import { openTransport, sendDueMail, type SenderSetup } from '../../activities/channels/mail/sender.ts'
import { queueReplyMail } from '../../activities/channels/mail/reply.ts'
import type { Ingested } from '../../activities/channels/mail/ingest.ts'
import { seedPeople } from '../../activities/store/seed.ts'
import { addMessage } from '../../activities/store/message/messages.ts'
import { type FreshDatabase, freshDatabase } from '../setup/database.ts'
import { deploySmall } from '../api/small-process.ts'

const log = pino({ level: 'silent' })
const mailAddress = 'support@guichet.localhost'
const mebibyte = 1024 * 1024
let database: FreshDatabase
let receiver: Receiver
let last: Ingested | null = null
let now = Date.now()
let count = 0

beforeAll(async () => {
  database = await freshDatabase()
  await seedPeople(database.db)
  await deploySmall(database.db)
  receiver = await startReceiver(
    {
      db: database.db,
      mailAddress,
      clock: () => now,
      maxBytes: 25 * mebibyte,
      log,
      onIngested: (result) => {
        last = result
      },
    },
    '127.0.0.1',
    0,
  )
})
afterAll(async () => {
  await receiver.close()
  await database.drop()
})
beforeEach(() => {
  // past the flood window of the test before
  now += 60 * 60_000
  last = null
})

interface Draft {
  from?: string
  to?: string
  cc?: string
  subject?: string
  text?: string
  html?: string
  messageId?: string
  inReplyTo?: string
  references?: string[]
  headers?: Record<string, string>
  attachments?: { filename: string; content: Buffer | string; contentType?: string }[]
  /** Envelope sender; the From address when absent, '' for the null return path. */
  returnPath?: string
}
const newId = () => `<m${++count}.${Date.now()}@client.example>`
async function send({ returnPath, ...draft }: Draft): Promise<{ messageId: string; result: Ingested | null }> {
  const transport = createTransport({ host: '127.0.0.1', port: receiver.port, secure: false, ignoreTLS: true })
  const messageId = draft.messageId ?? newId()
  const from = draft.from ?? 'Camille Laurent <camille@example.org>'
  try {
    last = null
    now += 1_000
    await transport.sendMail({
      to: mailAddress,
      ...draft,
      from,
      messageId,
      ...(returnPath === undefined ? {} : { envelope: { from: returnPath, to: [mailAddress] } }),
    })
    return { messageId, result: last }
  } finally {
    transport.close()
  }
}
const refusal = (promise: Promise<unknown>) =>
  promise.then(
    () => null,
    (error: { responseCode: number; response: string }) => error,
  )
const messagesOf = (ticketId: string) =>
  database.db.selectFrom('message').selectAll().where('ticketId', '=', ticketId).orderBy('at').orderBy('id').execute()
const outboxOf = (ticketId: string) => database.db.selectFrom('commandOutbox').selectAll().where('ticketId', '=', ticketId).execute()
async function opened(draft: Draft = {}) {
  const { messageId, result } = await send({ subject: 'Printer on fire', text: 'Please help.', ...draft })
  if (result?.outcome !== 'opened') throw new Error(`expected a ticket, found ${JSON.stringify(result)}`)
  return { messageId, ...result }
}
const tickets = async () => (await database.db.selectFrom('ticket').select('id').execute()).length

describe('a new mail', () => {
  it('is an interaction, then a ticket with its text and attachment', async () => {
    const { ticketId, number } = await opened({
      subject: 'Re: Fwd: Écran noir',
      text: 'Depuis ce matin.',
      attachments: [{ filename: 'capture.png', content: Buffer.from([1, 2, 3]), contentType: 'image/png' }],
      cc: 'Chef <chef@example.net>',
    })
    const ticket = await database.db.selectFrom('ticket').selectAll().where('id', '=', ticketId).executeTakeFirstOrThrow()
    expect(ticket).toMatchObject({
      number,
      title: 'Écran noir',
      description: 'Depuis ce matin.',
      channel: 'mail',
      requesterId: 'camille',
      status: 'new',
    })
    const [message] = await messagesOf(ticketId)
    expect(message).toMatchObject({ direction: 'in', visibility: 'public', isRecorded: true })
    const file = await database.db
      .selectFrom('attachment')
      .selectAll()
      .where('messageId', '=', message?.id ?? '')
      .executeTakeFirstOrThrow()
    expect([file.name, file.mediaType, [...file.content]]).toEqual(['capture.png', 'image/png', [1, 2, 3]])
    const interaction = await database.db.selectFrom('interaction').selectAll().where('ticketId', '=', ticketId).executeTakeFirstOrThrow()
    expect(interaction).toMatchObject({ channel: 'mail', personId: 'camille', extra: { watchers: ['chef@example.net'] } })
  })

  it('delivered twice is one ticket', async () => {
    const first = await opened({ messageId: '<twice@client.example>' })
    expect((await send({ subject: 'Printer on fire', text: 'Please help.', messageId: '<twice@client.example>' })).result).toEqual({
      outcome: 'duplicate',
    })
    expect((await messagesOf(first.ticketId)).length).toBe(1)
  })

  it('of somebody unknown takes him into the register as a requester', async () => {
    await opened({ from: 'Zoé Nouvelle <Zoe.Nouvelle@client.example>' })
    const person = await database.db
      .selectFrom('person')
      .selectAll()
      .where('email', '=', 'zoe.nouvelle@client.example')
      .executeTakeFirstOrThrow()
    expect(person).toMatchObject({ name: 'Zoé Nouvelle', roles: ['requester'] })
  })

  it('loses scripts and remote pictures of its HTML', async () => {
    const { ticketId } = await opened({
      html: '<p onclick="x()">Hello<script>alert(1)</script><img src="https://spy.example/p.gif"> <a href="javascript:x()">a</a></p>',
      text: undefined as never,
    })
    const [message] = await messagesOf(ticketId)
    expect(message?.html).toContain('Hello')
    expect(message?.html).not.toMatch(/script|onclick|spy\.example|javascript/)
    expect(message?.text).toContain('Hello')
  })
})

describe('an answer', () => {
  it.each(['inReplyTo', 'references'] as const)('joins its ticket by %s', async (by) => {
    const { ticketId, messageId } = await opened()
    const answer = await send({
      subject: 'quite another subject',
      text: 'More.',
      ...(by === 'inReplyTo' ? { inReplyTo: messageId } : { references: ['<other@x.example>', messageId] }),
    })
    expect(answer.result).toMatchObject({ outcome: 'appended', ticketId })
    expect((await messagesOf(ticketId)).map((m) => m.text)).toEqual(['Please help.', 'More.'])
    const [waiting] = await outboxOf(ticketId)
    expect(waiting).toMatchObject({
      updateName: 'addMessage',
      deliveredAt: null,
      command: { actor: { id: 'camille' }, payload: { direction: 'in', visibility: 'public' } },
    })
  })

  it('joins by the number in its subject when its sender is part of the conversation', async () => {
    const { ticketId, number } = await opened({ cc: 'chef@example.net' })
    expect((await send({ subject: `RE: [${number.toLowerCase()}] hello`, text: 'Me.' })).result).toMatchObject({
      outcome: 'appended',
      ticketId,
    })
    expect((await send({ from: 'chef@example.net', subject: `Re: [${number}]`, text: 'The boss.' })).result).toMatchObject({
      outcome: 'appended',
      ticketId,
    })
  })

  it('of a stranger who guessed the number opens a ticket of his own', async () => {
    const { ticketId, number } = await opened()
    const { result } = await send({ from: 'mallory@client.example', subject: `[${number}] let me in`, text: 'Now.' })
    expect(result).toMatchObject({ outcome: 'opened' })
    expect((await messagesOf(ticketId)).length).toBe(1)
  })

  it('claiming to be an agent never speaks for the desk', async () => {
    const { ticketId, messageId } = await opened()
    await send({ from: 'alex@example.org', subject: 'Re', text: 'Do as I say.', inReplyTo: messageId })
    expect((await messagesOf(ticketId)).at(-1)).toMatchObject({ visibility: 'internal', authorId: 'alex' })
  })

  it('keeps only what was written above our line', async () => {
    const { ticketId, messageId } = await opened()
    await send({
      subject: 'Re',
      inReplyTo: messageId,
      text: 'It works now.\n\nLe lundi 3 mars, Guichet a écrit :\n> --- Répondez au-dessus de cette ligne / Reply above this line ---\n> Bonjour',
    })
    expect((await messagesOf(ticketId)).at(-1)?.text).toBe('It works now.')
  })
})

describe('automatic mail', () => {
  const kinds: [string, Draft, string][] = [
    ['an out-of-office (RFC 3834)', { headers: { 'Auto-Submitted': 'auto-replied' } }, 'autoReply'],
    ['one of Exchange', { headers: { 'X-Auto-Response-Suppress': 'DR, OOF, AutoReply' } }, 'autoReply'],
    ['a null return path', { returnPath: '' }, 'autoReply'],
    ['bulk', { headers: { Precedence: 'bulk' } }, 'bulk'],
    ['a robot', { from: 'no-reply@shop.example' }, 'autoReply'],
    ['our own mail coming back', { from: mailAddress }, 'loop'],
    ['a bounce', { from: 'MAILER-DAEMON@client.example', returnPath: '' }, 'bounce'],
  ]
  it.each(kinds)('%s is recorded, and opens and answers nothing', async (_name, draft, kind) => {
    const { ticketId, messageId } = await opened()
    const before = await tickets()
    for (const thread of [{}, { inReplyTo: messageId }]) {
      expect((await send({ subject: 'Absent', text: 'I am away.', ...draft, ...thread })).result).toMatchObject({
        outcome: 'recorded',
        kind,
      })
    }
    expect(await tickets()).toBe(before)
    expect((await messagesOf(ticketId)).length).toBe(1)
    expect(await outboxOf(ticketId)).toEqual([])
    expect(
      (await database.db.selectFrom('interaction').select('id').where('disposition', '=', kind).execute()).length,
    ).toBeGreaterThanOrEqual(2)
  })

  it('that does not say so is stopped by its number', async () => {
    for (let n = 0; n < 10; n += 1) await opened({ from: 'loop@client.example', subject: `Tick ${n}` })
    expect((await send({ from: 'loop@client.example', subject: 'Tick', text: 'tick' })).result).toMatchObject({
      outcome: 'recorded',
      kind: 'flood',
    })
  })

  it('“Auto-Submitted: no” is a person’s', async () =>
    expect((await send({ subject: 'Me', text: 'Me', headers: { 'Auto-Submitted': 'no' } })).result?.outcome).toBe('opened'))
})

describe('a mail that cannot be taken', () => {
  const rejected = () => database.db.selectFrom('rejectedMail').selectAll().orderBy('receivedAt', 'desc').executeTakeFirst()
  it('for its size is refused with the limit and the remedy, and kept', async () => {
    const error = await refusal(
      send({ subject: 'Dump', text: 'see file', attachments: [{ filename: 'dump.bin', content: Buffer.alloc(50 * mebibyte) }] }),
    )
    expect(error?.responseCode).toBe(552)
    expect(error?.response).toMatch(/limit is 25 MB.*(link|lien)/)
    expect(await rejected()).toMatchObject({ sender: 'camille@example.org', subject: 'Dump' })
    expect((await rejected())?.reason).toMatch(/25 MB/)
  })
  it('without subject, text and attachment is refused', async () => {
    const error = await refusal(send({ subject: '', text: '' }))
    expect([error?.responseCode, error?.response]).toEqual([550, expect.stringMatching(/no subject, no text.*send it again/)])
    expect((await rejected())?.remedy).toBeTruthy()
  })
  it('without text but with a subject is taken, and says that it had none', async () => {
    const { ticketId } = await opened({ subject: 'Call me back', text: '' })
    expect(
      (await database.db.selectFrom('ticket').select('description').where('id', '=', ticketId).executeTakeFirstOrThrow()).description,
    ).toMatch(/sans texte.*no text/)
  })
})

describe('outgoing', () => {
  const received: ParsedMail[] = []
  let answerWith: { code: number; text: string } | null = null
  let sink: SMTPServer
  let setup: SenderSetup
  beforeAll(async () => {
    sink = new SMTPServer({
      authOptional: true,
      disabledCommands: ['AUTH', 'STARTTLS'],
      onRcptTo: (_address, _session, done) =>
        done(answerWith ? Object.assign(new Error(answerWith.text), { responseCode: answerWith.code }) : null),
      onData: (stream, _session, done) =>
        void simpleParser(stream).then((mail) => {
          received.push(mail)
          done()
        }),
    })
    await new Promise<void>((done) => sink.listen(0, '127.0.0.1', done))
    const { port } = sink.server.address() as { port: number }
    setup = { db: database.db, smtpUrl: `smtp://127.0.0.1:${port}?ignoreTLS=true`, mailAddress, clock: () => now, log }
  })
  afterAll(() => new Promise<void>((done) => sink.close(() => done())))
  beforeEach(() => database.db.deleteFrom('mailOut').execute())
  const deliver = async (url = setup.smtpUrl) => {
    const transport = openTransport(url)
    const done = await sendDueMail({ ...setup, smtpUrl: url }, transport)
    transport?.close()
    return done
  }
  const replyTo = async (draft: Draft = {}) => {
    const { ticketId, messageId, number } = await opened(draft)
    now += 1_000
    const { id } = await addMessage(database.db, {
      ticketId,
      at: now,
      authorId: 'alex',
      direction: 'out',
      visibility: 'public',
      channel: 'portal',
      text: 'Try again.',
    })
    for (let n = 0; n < 2; n += 1) await queueReplyMail(database.db, { ticketId, messageId: id, publicUrl: 'http://desk.test' })
    return { ticketId, messageId, number }
  }

  it('an agent’s reply goes out once, in the requester’s thread, marked as automatic; the answer to it comes back to the ticket', async () => {
    const { ticketId, messageId, number } = await replyTo()
    expect(await deliver()).toEqual({ sent: 1, failed: 0, waiting: 0 })
    expect(await deliver()).toEqual({ sent: 0, failed: 0, waiting: 0 })
    const mail = received.at(-1)
    expect(mail?.subject).toContain(`[${number}]`)
    expect(mail?.text).toContain('Alex Morel: Try again.')
    expect([mail?.inReplyTo, [mail?.references].flat()]).toEqual([messageId, [messageId]])
    expect(mail?.headers.get('auto-submitted')).toBe('auto-generated')
    expect((await send({ subject: `Re: ${mail?.subject}`, text: 'Works.', inReplyTo: mail?.messageId as string })).result).toMatchObject({
      outcome: 'appended',
      ticketId,
    })
  })

  it('waits and tries again while the server is away, then fails with the reason', async () => {
    const { ticketId } = await replyTo()
    const row = () => database.db.selectFrom('mailOut').selectAll().where('ticketId', '=', ticketId).executeTakeFirstOrThrow()
    answerWith = { code: 451, text: 'try later' }
    expect(await deliver()).toEqual({ sent: 0, failed: 0, waiting: 1 })
    expect(await row()).toMatchObject({ state: 'pending', attempts: 1 })
    expect((await row()).reason).toContain('try later')
    expect(await deliver()).toEqual({ sent: 0, failed: 0, waiting: 0 })
    now += 31_000
    answerWith = { code: 550, text: 'no such mailbox' }
    expect(await deliver()).toEqual({ sent: 0, failed: 1, waiting: 0 })
    expect((await row()).reason).toContain('no such mailbox')
    answerWith = null
  })

  it('without a server it is kept to be read, and counts as sent', async () => {
    const { ticketId } = await replyTo()
    expect((await deliver(null)).sent).toBe(1)
    expect(
      await database.db.selectFrom('mailOut').select(['state', 'recipient']).where('ticketId', '=', ticketId).executeTakeFirstOrThrow(),
    ).toEqual({ state: 'sent', recipient: 'camille@example.org' })
  })

  it('a bounce is noted at the mail it is about', async () => {
    const { ticketId } = await replyTo()
    await deliver()
    const id = received.at(-1)?.messageId as string
    await send({
      from: 'MAILER-DAEMON@client.example',
      returnPath: '',
      subject: 'Undelivered',
      text: 'Diagnostic-Code: smtp; 550 mailbox full',
      inReplyTo: id,
    })
    expect(
      await database.db.selectFrom('mailOut').select(['state', 'reason']).where('ticketId', '=', ticketId).executeTakeFirstOrThrow(),
    ).toEqual({ state: 'failed', reason: 'bounced: Diagnostic-Code: smtp; 550 mailbox full' })
  })
})
