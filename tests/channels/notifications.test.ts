/** Who is told what: preferences, digests, the loop guard, unsubscribing, bounces and the send log, on the real database and over real SMTP. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { sql } from 'kysely'
import { createTransport } from 'nodemailer'
import { type ParsedMail, simpleParser } from 'mailparser'
import { SMTPServer } from 'smtp-server'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Receiver, startReceiver } from '../../activities/channels/mail/receiver.ts'
import { openTransport, sendDueMail } from '../../activities/channels/mail/sender.ts'
import { readUnsubscribeToken, unsubscribeToken } from '../../activities/channels/mail/unsubscribe-link.ts'
import { sendDueDigests } from '../../activities/digest.ts'
import { seedDesks } from '../../activities/store/seed.ts'
import { queueMail } from '../../activities/store/message/mail.ts'
import { setPreferences } from '../../activities/store/message/notification-preferences.ts'
import { notify } from '../../activities/tasks/notify.ts'
import { type TestDesk, testDesk } from '../api/desk.ts'

let desk: TestDesk
let sink: SMTPServer
let smtpUrl: string
let receiver: Receiver
const received: ParsedMail[] = []
const at = Date.UTC(2026, 10, 25, 10, 20)
const hourMs = 3_600_000
let now = at
let count = 0

beforeAll(async () => {
  desk = await testDesk()
  sink = new SMTPServer({
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    onData: (stream, _session, done) =>
      void simpleParser(stream).then((mail) => {
        received.push(mail)
        done()
      }),
  })
  await new Promise<void>((done) => sink.listen(0, '127.0.0.1', done))
  smtpUrl = `smtp://127.0.0.1:${(sink.server.address() as { port: number }).port}?ignoreTLS=true`
  receiver = await startReceiver(
    {
      db: desk.deps.db,
      mailAddress: desk.deps.config.mailAddress,
      clock: () => now,
      maxBytes: 1_000_000,
      log: desk.deps.log,
      onIngested: () => {},
    },
    '127.0.0.1',
    0,
  )
})
afterAll(async () => {
  await receiver.close()
  await new Promise<void>((done) => sink.close(() => done()))
  await desk.close()
})
beforeEach(async () => {
  received.length = 0
  now += 24 * hourMs
  await desk.deps.db.deleteFrom('mailOut').execute()
  await desk.deps.db.deleteFrom('mailAddress').execute()
  await desk.deps.db.deleteFrom('notificationPreference').execute()
})

const queue = (template: string, change: Partial<Parameters<typeof queueMail>[1]> = {}) =>
  queueMail(desk.deps.db, {
    idempotencyKey: `k${++count}`,
    ticketId: null,
    template,
    locale: 'fr',
    recipient: 'camille@example.org',
    subject: `Sujet ${count}`,
    text: `Bonjour Camille,\n\nLe contenu ${count}.\n`,
    html: `<p>Le contenu ${count}.</p>`,
    at: now + count,
    ...change,
  })
const log = () => desk.deps.db.selectFrom('mailOut').selectAll().orderBy('createdAt').orderBy('subject').execute()
async function deliver() {
  const transport = openTransport(smtpUrl)
  const { db, config, log: logger } = desk.deps
  const links = { publicUrl: config.publicUrl, secret: config.secret }
  const done = await sendDueMail({ db, smtpUrl, mailAddress: config.mailAddress, links, clock: () => now, log: logger }, transport)
  transport?.close()
  return done
}
async function write(draft: {
  from: string
  subject: string
  text?: string
  returnPath?: string
  inReplyTo?: string
  raw?: string
}): Promise<void> {
  const transport = createTransport({ host: '127.0.0.1', port: receiver.port, ignoreTLS: true })
  const { returnPath, raw, ...mail } = draft
  const envelope = { from: returnPath ?? draft.from, to: [desk.deps.config.mailAddress] }
  try {
    await transport.sendMail(raw ? { envelope, raw } : { ...mail, to: desk.deps.config.mailAddress, envelope })
  } finally {
    transport.close()
  }
}

describe('a digest', () => {
  const wish = (mode: 'hourly' | 'daily') =>
    setPreferences(
      desk.deps.db,
      'camille',
      { timeZone: 'Europe/Paris', dailyAt: '08:30', modes: { resolved: mode, closed: mode } },
      'camille',
      now,
    )

  it('collects what is not mandatory, and goes out as one mail when it is due', async () => {
    await wish('hourly')
    await queue('resolved')
    await queue('closed')
    await queue('agent-reply')
    expect((await log()).map(({ state, reasonCode }) => [state, reasonCode])).toEqual([
      ['collected', 'digest'],
      ['collected', 'digest'],
      ['pending', null],
    ])
    expect(await sendDueDigests(desk.deps.db, 'http://desk.test', now)).toBe(0)
    expect(await sendDueDigests(desk.deps.db, 'http://desk.test', now + hourMs)).toBe(1)
    expect(await sendDueDigests(desk.deps.db, 'http://desk.test', now + 2 * hourMs)).toBe(0)
    await deliver()
    const digest = received.find((mail) => mail.subject?.startsWith('Vos notifications (2)'))
    expect(digest?.text).toMatch(/Sujet \d+[\s\S]*Le contenu \d+\.[\s\S]*Sujet \d+/)
    expect(received.length).toBe(2)
    const rows = await log()
    const sent = rows.find(({ template }) => template === 'digest')
    expect(rows.filter(({ reasonCode }) => reasonCode === 'digest').map(({ state, digestId }) => [state, digestId])).toEqual([
      ['suppressed', sent?.id],
      ['suppressed', sent?.id],
    ])
  })

  it('follows a change of mind: at once, or never', async () => {
    await wish('daily')
    await queue('resolved')
    await queue('closed')
    const modes = { resolved: 'immediate', closed: 'never' } as const
    await setPreferences(desk.deps.db, 'camille', { timeZone: 'Europe/Paris', dailyAt: '08:30', modes }, 'camille', now)
    expect((await log()).map(({ template, state, reasonCode }) => [template, state, reasonCode])).toEqual([
      ['resolved', 'pending', null],
      ['closed', 'suppressed', 'unsubscribed'],
    ])
    expect(await sendDueDigests(desk.deps.db, 'http://desk.test', now + 48 * hourMs)).toBe(0)
  })

  it('goes out once when the worker is killed in the middle of it', async () => {
    await wish('hourly')
    for (let n = 0; n < 3; n += 1) await queue('resolved')
    // the digest's own row takes a while to write: the worker is killed meanwhile
    await sql
      .raw('create function slow() returns trigger language plpgsql as $$ begin perform pg_sleep(4); return new; end $$')
      .execute(desk.database.owner)
    await sql
      .raw("create trigger slow before insert on mail_out for each row when (new.template = 'digest') execute function slow()")
      .execute(desk.database.owner)
    const worker = spawn(process.execPath, [join(import.meta.dirname, 'digest-worker.ts')], {
      env: { ...process.env, DATABASE_URL: desk.database.url, NOW: String(now + hourMs) },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const isInside = () =>
      sql<{
        n: number
      }>`select count(*)::int as n from pg_stat_activity where wait_event = 'PgSleep' and datname = current_database()`.execute(
        desk.database.owner,
      )
    for (let n = 0; n < 100 && ((await isInside()).rows[0]?.n ?? 0) === 0; n += 1) await new Promise((next) => setTimeout(next, 100))
    expect((await isInside()).rows[0]?.n).toBe(1)
    worker.kill('SIGKILL')
    await new Promise((done) => worker.once('exit', done))
    await sql
      .raw('drop function slow cascade')
      .execute(desk.database.owner)
      .catch(() => undefined)
    expect((await log()).map(({ state }) => state)).toEqual(['collected', 'collected', 'collected'])
    expect(await sendDueDigests(desk.deps.db, 'http://desk.test', now + hourMs)).toBe(1)
    expect((await log()).filter(({ template }) => template === 'digest').length).toBe(1)
    await deliver()
    expect(received.map(({ subject }) => subject)).toEqual(['Vos notifications (3)'])
  })
})

describe('unsubscribing', () => {
  it('is one click in the mail program: the header’s address takes the POST of RFC 8058 without sign-in', async () => {
    await queue('sla-warning')
    await deliver()
    const raw = [received[0]?.headers.get('list')].flat()[0] as { unsubscribe?: { url?: string }; 'unsubscribe-post'?: { name?: string } }
    const url = raw.unsubscribe?.url ?? ''
    expect(url).toMatch(/^http:\/\/desk\.test\/api\/v1\/unsubscribe\//)
    expect(raw['unsubscribe-post']?.name).toBe('List-Unsubscribe=One-Click')
    const path = url.replace('http://desk.test', '')
    // a link scanner that only looks changes nothing
    expect((await desk.call(path)).json).toMatchObject({ isSubscribed: true, name: 'Échéance proche' })
    await queue('sla-warning')
    expect((await log()).at(-1)?.state).toBe('pending')
    const answer = await desk.call(path, {
      method: 'POST',
      body: 'List-Unsubscribe=One-Click',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    })
    expect([answer.status, answer.json.isSubscribed]).toEqual([200, false])
    await queue('sla-warning')
    expect((await log()).at(-1)).toMatchObject({ state: 'suppressed', reasonCode: 'unsubscribed' })
    const fact = await desk.deps.db
      .selectFrom('fact')
      .select('body')
      .where('streamId', '=', 'person/camille')
      .orderBy('sequence', 'desc')
      .executeTakeFirst()
    expect(fact?.body).toMatchObject({ type: 'recordChanged', field: 'notifications', to: { modes: { 'sla-warning': 'never' } } })
  })

  it('is not possible for what is mandatory: the mail says so, and the link is refused', async () => {
    await queue('agent-reply')
    await deliver()
    expect(received[0]?.headers.has('list')).toBe(false)
    expect(received[0]?.text).toContain('il est toujours envoyé')
    const token = unsubscribeToken(desk.deps.config.secret, { personId: 'camille', event: 'approval-request' })
    const answer = await desk.call(`/unsubscribe/${token}`, { method: 'POST', body: 'List-Unsubscribe=One-Click' })
    expect([answer.status, answer.json.code]).toEqual([409, 'mandatoryNotification'])
    const mine = await desk.as('requester')
    const refused = await mine('/me/notifications', { body: { modes: { 'agent-reply': 'daily' } } })
    expect([refused.status, refused.json.code, refused.json.errors[0].path]).toEqual([422, 'mandatoryNotification', 'modes.agent-reply'])
  })

  it('is refused with a link that was altered', async () => {
    const token = unsubscribeToken(desk.deps.config.secret, { personId: 'camille', event: 'resolved' })
    const forged = `${Buffer.from(JSON.stringify(['alex', 'resolved'])).toString('base64url')}.${token.split('.')[1]}`
    expect(readUnsubscribeToken(desk.deps.config.secret, forged)).toBe(null)
    expect((await desk.call(`/unsubscribe/${forged}`, { method: 'POST', body: '' })).json.code).toBe('unsubscribeLinkInvalid')
  })
})

describe('two auto-responders', () => {
  it('that do not say what they are stop: the robot writes, the desk confirms, the robot answers, ...', async () => {
    let last: ParsedMail | undefined
    let rounds = 0
    for (; rounds < 40; rounds += 1) {
      now += 1_000
      // a new thread each time, and no header that gives it away
      await write({ from: 'Robot <robot@client.example>', subject: `Automatic answer ${rounds}`, text: 'We have received your message.' })
      const ticket = await desk.deps.db
        .selectFrom('ticket')
        .select(['id', 'number', 'title'])
        .orderBy('openedAt', 'desc')
        .orderBy('number', 'desc')
        .executeTakeFirst()
      if (ticket?.title === `Automatic answer ${rounds}`)
        await notify.run(
          {
            ticketId: ticket.id,
            waitId: 'e1',
            elementId: 'acknowledgeReceipt',
            jobType: 'notify',
            headers: { template: 'ticket-received', to: 'requester' },
            input: {},
            idempotencyKey: `loop/${ticket.id}`,
          },
          { db: desk.deps.db, publicUrl: 'http://desk.test', secret: desk.deps.config.secret, signal: new AbortController().signal },
        )
      await sql`update mail_out set created_at = ${new Date(now)} where created_at > ${new Date(now + hourMs)} or created_at < ${new Date(at)}`.execute(
        desk.deps.db,
      )
      await deliver()
      const answered = received.at(-1)
      if (answered === last) break
      last = answered
    }
    expect(rounds).toBeLessThanOrEqual(11)
    expect(received.every((mail) => mail.headers.get('auto-submitted') === 'auto-generated')).toBe(true)
  })

  it('the desk’s own address is never written to', async () => {
    await queue('resolved', { recipient: desk.deps.config.mailAddress })
    await deliver()
    expect(received.length).toBe(0)
    expect((await log())[0]).toMatchObject({ state: 'suppressed', reasonCode: 'ownAddress' })
  })
})

const report = (messageId: string, action: string, status: string, diagnostic: string) =>
  [
    'From: Mail Delivery System <MAILER-DAEMON@client.example>',
    `To: ${'support@guichet.localhost'}`,
    'Subject: Undelivered Mail Returned to Sender',
    'MIME-Version: 1.0',
    `Message-ID: <dsn${++count}@client.example>`,
    'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
    '',
    '--b',
    'Content-Type: text/plain; charset=us-ascii',
    '',
    'This is the mail system at host client.example.',
    '',
    '--b',
    'Content-Type: message/delivery-status',
    '',
    'Reporting-MTA: dns; client.example',
    '',
    'Final-Recipient: rfc822; camille@example.org',
    `Action: ${action}`,
    `Status: ${status}`,
    `Diagnostic-Code: smtp; ${diagnostic}`,
    '',
    '--b',
    'Content-Type: text/rfc822-headers',
    '',
    `Message-ID: ${messageId}`,
    'Subject: Sujet',
    '',
    '--b--',
    '',
  ].join('\r\n')

describe('a delivery report', () => {
  const sentId = async () => {
    await queue('resolved')
    await deliver()
    return (await log()).at(-1)?.messageId ?? ''
  }
  const bounce = async (action: string, status: string, text: string) => {
    const id = await sentId()
    await write({ from: 'MAILER-DAEMON@client.example', subject: '', returnPath: '', raw: report(id, action, status, text) })
    return desk.deps.db.selectFrom('mailOut').selectAll().where('messageId', '=', id).executeTakeFirstOrThrow()
  }

  it('stands at its mail: a delay does not make it fail, a bounce does', async () => {
    expect(await bounce('delayed', '4.4.1', '421 try later')).toMatchObject({ state: 'sent', delivery: 'delayed' })
    const row = await bounce('failed', '5.1.1', '550 5.1.1 user unknown')
    expect(row).toMatchObject({ state: 'failed', reasonCode: 'bounced', delivery: 'bounced' })
    expect(row.deliveryDetail).toContain('user unknown')
  })

  it('after three hard bounces the address gets nothing more, until the administrator says so', async () => {
    for (let n = 0; n < 3; n += 1) await bounce('failed', '5.1.1', '550 5.1.1 user unknown')
    await queue('resolved')
    const held = (await log()).at(-1)
    expect(held).toMatchObject({ state: 'suppressed', reasonCode: 'undeliverable' })
    const admin = await desk.as('administrator')
    expect((await admin('/mail-addresses/blocked')).json.items).toMatchObject([{ address: 'camille@example.org', hardBounces: 3 }])
    expect((await admin('/mail-addresses/unblock', { body: { address: 'Camille@example.org' } })).status).toBe(204)
    expect((await admin('/mail-addresses/unblock', { body: { address: 'camille@example.org' } })).json.code).toBe('addressNotBlocked')
    received.length = 0
    expect((await admin(`/mail/${held?.id}/retry`, { method: 'POST' })).status).toBe(204)
    expect(await deliver()).toMatchObject({ sent: 1 })
    expect((await admin(`/mail/${held?.id}/retry`, { method: 'POST' })).json.code).toBe('mailNotRetryable')
  })
})

describe('the send log', () => {
  it('says why, and lists by state and reason', async () => {
    await setPreferences(desk.deps.db, 'camille', { timeZone: 'UTC', dailyAt: '08:30', modes: { closed: 'never' } }, 'camille', now)
    await queue('closed')
    await queue('resolved', { recipient: 'nobody' })
    await queue('resolved')
    const admin = await desk.as('administrator')
    const found = async (query: string) =>
      (await admin(`/mail?${query}`)).json.items.map((m: { reasonCode: string | null }) => m.reasonCode)
    expect(await found('state=suppressed')).toHaveLength(2)
    expect(await found('reason=unsubscribed')).toEqual(['unsubscribed'])
    expect(await found('q=nobody')).toEqual(['noAddress'])
    expect(await found('state=pending')).toEqual([null])
  })
})

describe('a template', () => {
  const preview = async (body: object) => (await desk.as('processOwner'))('/templates/preview', { body })

  it('is shown in both languages with an example, or a ticket’s own values', async () => {
    const { json } = await preview({ name: 'resolved' })
    expect(json.fr.subject).toContain('INC-000123')
    expect([json.fr.html, json.en.html].every((html) => html.includes('<div'))).toBe(true)
    expect(json.fr.text).not.toBe(json.en.text)
    const made = await (await desk.as('requester'))('/interactions', { body: { subject: 'Écran noir' } })
    const own = await preview({ name: 'resolved', ticket: made.json.number })
    expect(own.json.fr.subject).toContain(made.json.number)
    expect((await preview({ name: 'resolved', ticket: 'INC-999999' })).json.code).toBe('ticketNotFound')
  })

  it('has its unknown names pointed out with their line, in the preview and when it is deployed', async () => {
    const source = 'subject: {{numbre}}\n--- text\n{{#if title}}{{title}}{{/if}}\n{{#each mails}}{{anything}}{{/each}}\n{{resolvedAs}}\n'
    const { json } = await preview({ name: 'resolved', draft: { locale: 'fr', source } })
    expect(json.fr.unknown).toEqual([
      { name: 'numbre', line: 1 },
      { name: 'resolvedAs', line: 5 },
    ])
    const deployed = await (await desk.as('processOwner'))('/definitions/template/fr%2Ftry', { body: { source, baseVersion: 0 } })
    expect(deployed.json.diagnostics.map((d: { message: string }) => d.message.slice(0, 18))).toEqual([
      "Line 1: 'numbre' i",
      "Line 5: 'resolvedA",
    ])
    const checked = await (await desk.as('processOwner'))('/definitions/template/check', { body: { source } })
    expect(checked.json.diagnostics.map((d: { code: string; elementId: string }) => [d.code, d.elementId])).toEqual([
      ['unknownVariable', 'line 1'],
      ['unknownVariable', 'line 5'],
    ])
  })

  it.each([
    ['subject: x\n--- text\n{{#if a}}', 'template'],
    ['--- text\nno subject', 'template'],
    ['subject: x\n--- text\nok\n{{shout title}}', 'unknownHelper'],
  ])('that cannot work is refused: %j', async (source, code) => {
    const { json } = await (await desk.as('processOwner'))('/definitions/template/check', { body: { source } })
    expect(json.diagnostics.map((d: { code: string; severity: string }) => [d.severity, d.code])).toEqual([['error', code]])
  })

  it('goes to oneself as a test; to another address only by an administrator', async () => {
    const owner = await desk.as('processOwner')
    expect((await owner('/templates/test', { body: { name: 'resolved' } })).json).toMatchObject({ to: 'priya@example.org' })
    expect((await owner('/templates/test', { body: { name: 'resolved', to: 'x@example.net' } })).json.code).toBe('testSendOnlyToOneself')
    const admin = await desk.as('administrator')
    expect((await admin('/templates/test', { body: { name: 'resolved', locale: 'en', to: 'x@example.net' } })).status).toBe(202)
    await deliver()
    expect(received.map((mail) => [[mail.to].flat()[0]?.text, mail.subject?.slice(0, 6)])).toEqual([
      ['priya@example.org', '[Test]'],
      ['x@example.net', '[Test]'],
    ])
  })
})

describe('a desk with an address of its own', () => {
  it('takes what is written to it, answers from it, and does not talk to itself', async () => {
    await seedDesks(desk.deps.db)
    const transport = createTransport({ host: '127.0.0.1', port: receiver.port, ignoreTLS: true })
    const mail = { from: 'sophie@boulangerie-martin.example', to: 'clients@example.org', cc: 'contact@example.org, ami@example.net' }
    await transport.sendMail({ ...mail, subject: 'Facture', text: 'Je ne comprends pas ma facture.' })
    await transport.sendMail({ ...mail, from: 'contact@example.org', subject: 'Boucle', text: 'x' })
    transport.close()
    const ticket = await desk.deps.db
      .selectFrom('ticket')
      .selectAll()
      .orderBy('openedAt', 'desc')
      .orderBy('number', 'desc')
      .executeTakeFirstOrThrow()
    expect(ticket).toMatchObject({ title: 'Facture', deskId: 'customers', groupId: 'customer-support' })
    const interactions = await desk.deps.db
      .selectFrom('interaction')
      .select(['disposition', 'extra'])
      .where('subject', 'in', ['Facture', 'Boucle'])
      .orderBy('receivedAt')
      .execute()
    expect(interactions.map(({ disposition }) => disposition)).toEqual(['ticket', 'loop'])
    expect(interactions[0]?.extra).toMatchObject({ watchers: ['ami@example.net'] })
    await queue('agent-reply', { ticketId: ticket.id, recipient: 'sophie@boulangerie-martin.example' })
    await queue('agent-reply', { ticketId: ticket.id, recipient: 'clients@example.org' })
    await deliver()
    expect(received.map(({ from }) => from?.text)).toEqual(['"Support client" <clients@example.org>'])
  })
})
