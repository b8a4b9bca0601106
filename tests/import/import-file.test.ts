import { describe, expect, it } from 'vitest'
import { importFile } from '../../activities/import/import-file.ts'
import { ticketIdOf } from '../../activities/import/placeholder.ts'
import { run } from '../../activities/import/run.ts'
import { appendFacts, readFacts } from '../../activities/store/facts.ts'
import { verifyLedger } from '../../activities/store/ledger.ts'
import { testDatabase } from '../setup/database.ts'
import { fileOf, life, log, mapping, mappingPath, row } from './event-log.ts'

const mixed = log(
  ...life('INC1'),
  row({ number: '?' }),
  ...life('INC2', { caller_id: 'Caller  8' }),
  row({ number: 'INC3', incident_state: 'Frozen' }),
  ...life('INC4', { resolved_at: '01-02-2016 10:00' }),
)

describe('an import', () => {
  it('takes what is sound, tells what is not, and records the run', async () => {
    const { db } = await testDatabase()
    const report = await importFile(db, { path: await fileOf(mixed), mapping: await mapping() })
    expect(report).toMatchObject({ rows: 17, tickets: 4, accepted: 2, skipped: 0 })
    expect(report.rejections.map(({ line, reference, code }) => [line, reference, code])).toEqual([
      [7, null, 'missingReference'],
      [13, 'INC3', 'unknownStatus'],
      [14, 'INC4', 'resolvedBeforeOpened'],
    ])
    const tickets = await db
      .selectFrom('ticket')
      .select([
        'number',
        'status',
        'isImported',
        'channel',
        'openedAt',
        'resolvedAt',
        'closedAt',
        'reopenCount',
        'groupId',
        'assigneeId',
        'resolutionCode',
      ])
      .orderBy('number')
      .execute()
    expect(tickets.map(({ number }) => number)).toEqual(['INC1', 'INC2'])
    expect(tickets[0]).toEqual({
      number: 'INC1',
      status: 'closed',
      isImported: true,
      channel: 'phone',
      reopenCount: 0,
      resolutionCode: 'code 5',
      groupId: 'servicenow-incidents-group-56',
      assigneeId: 'servicenow-incidents-resolver-89',
      openedAt: new Date('2016-03-01T09:00Z'),
      resolvedAt: new Date('2016-03-01T15:00Z'),
      closedAt: new Date('2016-03-06T16:00Z'),
    })
    const recorded = await db.selectFrom('importRun').selectAll().executeTakeFirstOrThrow()
    expect(recorded).toMatchObject({ source: 'servicenow-incidents', accepted: 2, skipped: 0, endedAt: expect.any(Date) })
    expect(recorded.rejected).toHaveLength(3)
  })

  it('makes placeholders that cannot sign in, named as in the source', async () => {
    const { db } = await testDatabase()
    await importFile(db, { path: await fileOf(log(...life('INC1', { caller_id: 'Caller  2403' }))), mapping: await mapping() })
    const caller = await db.selectFrom('person').selectAll().where('id', '=', 'servicenow-incidents-caller-2403').executeTakeFirstOrThrow()
    expect(caller).toMatchObject({
      name: 'Caller 2403',
      isActive: false,
      roles: [],
      email: 'servicenow-incidents-caller-2403@imported.invalid',
    })
    expect(await db.selectFrom('authAccount').selectAll().execute()).toEqual([])
    expect(await db.selectFrom('supportGroup').select(['id', 'name']).execute()).toEqual([
      { id: 'servicenow-incidents-group-56', name: 'Group 56' },
    ])
  })

  it('run again adds nothing, whatever the file is called', async () => {
    const { db } = await testDatabase()
    const shipped = await mapping()
    await importFile(db, { path: await fileOf(mixed), mapping: shipped })
    const count = async () =>
      Promise.all(
        (['fact', 'ticket', 'clock', 'person', 'supportGroup', 'importedRecord'] as const).map(
          async (table) =>
            (
              await db
                .selectFrom(table)
                .select(({ fn }) => fn.countAll().as('count'))
                .executeTakeFirstOrThrow()
            ).count,
        ),
      )
    const before = await count()
    expect(await importFile(db, { path: await fileOf(mixed, 'again.csv'), mapping: shipped })).toMatchObject({
      accepted: 0,
      skipped: 2,
      facts: 0,
    })
    expect(await count()).toEqual(before)
  })

  it('of the mended file brings in what was refused, in whole', async () => {
    const { db } = await testDatabase()
    const shipped = await mapping()
    await importFile(db, { path: await fileOf(mixed), mapping: shipped })
    const report = await importFile(db, {
      path: await fileOf(mixed.replace('Frozen', 'Active').replaceAll('01-02-2016', '01-03-2016')),
      mapping: shipped,
    })
    expect(report).toMatchObject({ accepted: 2, skipped: 2 })
    expect(report.rejections.map(({ code }) => code)).toEqual(['missingReference'])
  })

  it('started twice at once adds each ticket once', async () => {
    const { db } = await testDatabase()
    const shipped = await mapping()
    const path = await fileOf(log(...Array.from({ length: 20 }, (_, index) => life(`INC${index}`)).flat()))
    const reports = await Promise.all([importFile(db, { path, mapping: shipped }), importFile(db, { path, mapping: shipped })])
    expect(reports.map(({ accepted, skipped }) => accepted + skipped)).toEqual([20, 20])
    expect((reports[0]?.accepted ?? 0) + (reports[1]?.accepted ?? 0)).toBe(20)
    expect((await verifyLedger(db)).isIntact).toBe(true)
  })

  it('of a dry run writes nothing at all', async () => {
    const { db } = await testDatabase()
    expect(await importFile(db, { path: await fileOf(mixed), mapping: await mapping(), isDryRun: true })).toMatchObject({
      accepted: 2,
      skipped: 0,
      rejections: { length: 3 },
    })
    for (const table of ['fact', 'ticket', 'person', 'importRun', 'importedRecord'] as const)
      expect(await db.selectFrom(table).selectAll().execute(), table).toEqual([])
  })

  it('does not take the number of a ticket of ours', async () => {
    const { db } = await testDatabase()
    const ticketId = 'a0000000-0000-4000-8000-000000000001'
    await appendFacts(db, ticketId, 1, [
      {
        actorId: 'system',
        fact: {
          type: 'ticketOpened',
          at: 0,
          opening: {
            ticketId,
            number: 'INC1',
            kind: 'incident',
            channel: 'portal',
            interactionId: null,
            openedById: 'system',
            fields: { title: 'Ours', requesterId: 'someone' },
            extra: {},
          },
        },
      },
    ])
    const report = await importFile(db, { path: await fileOf(log(...life('INC1'))), mapping: await mapping() })
    expect(report).toMatchObject({ accepted: 0, rejections: [{ line: 2, reference: 'INC1', code: 'numberTaken' }] })
  })

  it('records the facts as they were made, in an intact ledger', async () => {
    const { db } = await testDatabase()
    await importFile(db, { path: await fileOf(log(...life('INC1'))), mapping: await mapping() })
    const facts = await readFacts(db, ticketIdOf('servicenow-incidents', 'INC1'))
    expect(facts.map(({ sequence }) => sequence)).toEqual(facts.map((_, index) => index + 1))
    expect(facts[1]?.fact).toEqual({
      type: 'imported',
      at: Date.UTC(2016, 2, 1, 9),
      source: 'servicenow-incidents',
      reference: 'INC1',
      line: 2,
    })
    expect(await verifyLedger(db)).toMatchObject({ isIntact: true, breaks: [], facts: facts.length })
  })
})

describe('the command', () => {
  it.each([
    ['all taken: 0', log(...life('INC1')), 0],
    ['some refused: 2', mixed, 2],
  ])('%s', async (_, content, code) => {
    const { url } = await testDatabase()
    expect(await run([await fileOf(content), '--map', mappingPath], url)).toBe(code)
  })

  it.each([
    ['without a file', ['--map', mappingPath], /expected one file/],
    ['without a mapping', ['log.csv'], /expected one file/],
    ['with a file that does not exist', ['nowhere.csv', '--map', mappingPath], /no file nowhere\.csv/],
  ])('%s says what is missing', async (_, args, message) => {
    await expect(run(args, 'postgres://nowhere')).rejects.toMatchObject({ name: 'ImportRefused', message: expect.stringMatching(message) })
  })
})
