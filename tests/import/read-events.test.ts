import { describe, expect, it } from 'vitest'
import { readEvents } from '../../activities/import/read-events.ts'
import { readMapping } from '../../activities/import/read-mapping.ts'
import { fileOf, header, life, log, mapping, mappingPath, row } from './event-log.ts'

const read = async (content: string | Uint8Array, changes: Parameters<typeof mapping>[0] = {}) =>
  readEvents(await fileOf(content), await mapping(changes))

describe('a broken row', () => {
  it.each([
    ['no number', row({ number: '?' }), 'row', 'missingReference', 'number', '?'],
    ['a number of blanks', row({ number: '  ' }), 'row', 'missingReference', 'number', '  '],
    ['a date that is none', row({ sys_updated_at: '31-02-2016 10:00' }), 'ticket', 'badDate', 'sys_updated_at', '31-02-2016 10:00'],
    ['no opening', row({ opened_at: '?' }), 'ticket', 'missingValue', 'opened_at', '?'],
    ['a bad resolution date', row({ resolved_at: '2016/03/01' }), 'ticket', 'badDate', 'resolved_at', '2016/03/01'],
    ['an unknown state', row({ incident_state: 'Frozen' }), 'ticket', 'unknownStatus', 'incident_state', 'Frozen'],
    [
      'a state named like a property of every object',
      row({ incident_state: 'constructor' }),
      'ticket',
      'unknownStatus',
      'incident_state',
      'constructor',
    ],
    ['a priority out of range', row({ priority: '9 - Whenever' }), 'ticket', 'badValue', 'priority', '9 - Whenever'],
    ['a priority without number', row({ priority: 'Moderate' }), 'ticket', 'badValue', 'priority', 'Moderate'],
    ['an SLA flag that says neither', row({ made_sla: 'PERHAPS' }), 'ticket', 'badValue', 'made_sla', 'PERHAPS'],
    ['too many cells', `${row()},more`, 'ticket', 'columnCount', null, '35'],
    ['too few cells', row().split(',').slice(0, 5).join(','), 'ticket', 'columnCount', null, '5'],
  ])('%s is refused with its line, column, value and remedy', async (_, broken, scope, code, column, value) => {
    const file = await read(log(...life('INC9'), broken))
    expect(file.rejections).toHaveLength(1)
    expect(file.rejections[0]).toMatchObject({ line: 7, scope, code, column, value })
    expect(file.rejections[0]?.remedy).not.toBe('')
    expect([...file.incidents.keys()]).toEqual(['INC9'])
  })

  it('spoils its ticket as a whole, whatever the order of the rows', async () => {
    const [first = '', ...rest] = life('INC2')
    const file = await read(log(first, row({ number: 'INC2', sys_updated_at: 'soon' }), ...rest, ...life('INC9')))
    expect(file.rejections.map(({ line, reference }) => [line, reference])).toEqual([[3, 'INC2']])
    expect([...file.incidents.keys()]).toEqual(['INC9'])
  })

  it('has all of its mistakes told at once', async () => {
    const file = await read(log(row({ incident_state: 'Frozen', priority: 'x', opened_at: 'y' })))
    expect(file.rejections.map(({ code }) => code).sort()).toEqual(['badDate', 'badValue', 'unknownStatus'])
  })

  it('that repeats another exactly is left out alone', async () => {
    const rows = life('INC9')
    const file = await read(log(...rows, rows[1] ?? ''))
    expect(file.rejections).toMatchObject([
      { line: 7, scope: 'row', code: 'duplicate', reference: 'INC9', reason: 'the row repeats line 3 exactly' },
    ])
    expect(file.incidents.get('INC9')).toHaveLength(5)
  })
})

describe('a row', () => {
  it('keeps its line number past blank lines, Windows line ends and a byte order mark', async () => {
    const file = await read(`\ufeff${header}\r\n${row()}\r\n\r\n${row({ sys_mod_count: '1' })}\r\n`)
    expect(file.rejections).toEqual([])
    expect(file.incidents.get('INC1')?.map(({ line }) => line)).toEqual([2, 4])
  })

  it('is found wherever its ticket has other rows', async () => {
    const [a = '', ...restA] = life('INC1')
    const file = await read(log(a, ...life('INC2'), ...restA))
    expect(file.incidents.get('INC1')).toHaveLength(5)
  })

  it('is read in the encoding and with the delimiter of the mapping', async () => {
    const text = log(row({ category: 'Réseau' })).replaceAll(',', ';')
    const file = await read(Buffer.from(text, 'latin1'), { file: { encoding: 'windows-1252', delimiter: ';' } })
    expect(file.incidents.get('INC1')?.[0]?.fields.category).toBe('Réseau')
  })

  it('may have an unknown caller', async () => {
    const file = await read(log(row({ caller_id: '?' })))
    expect(file.incidents.get('INC1')?.[0]?.people.map(({ name }) => name)).toContain('Unknown caller')
  })
})

describe('a broken file is refused as a whole', () => {
  it.each([
    ['empty', '', /empty/],
    [
      'without a column that the mapping names',
      'number,opened_at\nINC1,01-03-2016 09:00\n',
      /line 1: the file has no column .*"incident_state"/,
    ],
    ['with an open quote', `${log(...life('INC1'))}"INC2,New\n`, /quote at line 7/i],
    ['in another encoding', Buffer.from(log(row({ category: 'Réseau' })), 'latin1'), /not encoded as utf-8/],
  ])('%s', async (_, content, message) => {
    await expect(read(content)).rejects.toMatchObject({
      name: 'ImportRefused',
      message: expect.stringMatching(message),
      remedy: expect.stringMatching(/\w/),
    })
  })

  it('when it does not exist', async () => {
    await expect(readEvents('/nowhere/log.csv', await mapping())).rejects.toMatchObject({
      name: 'ImportRefused',
      message: expect.stringMatching(/cannot be read/),
    })
  })
})

describe('a mapping', () => {
  it.each([
    ['that is no JSON', '{', /cannot be read/],
    ['with an unknown key', '{"idd":"x"}', /Unrecognized key/],
    ['with an unknown status', '{"status":{"column":"s","values":{"New":"fresh"}}}', /status\.values\.New/],
  ])('%s is refused at its place', async (_, content, message) => {
    await expect(readMapping(await fileOf(content, 'm.json'))).rejects.toMatchObject({
      name: 'ImportRefused',
      message: expect.stringMatching(message),
    })
  })

  it('with a zone that does not exist is refused', async () => {
    const shipped = await readMapping(mappingPath)
    const path = await fileOf(JSON.stringify({ ...shipped, file: { ...shipped.file, timeZone: 'Mars/Olympus' } }), 'm.json')
    await expect(readMapping(path)).rejects.toMatchObject({ name: 'ImportRefused' })
  })
})
