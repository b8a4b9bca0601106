import { describe, expect, it } from 'vitest'
import { dateReader } from '../../activities/import/parse-date.ts'

const iso = (format: string, zone: string, text: string) => {
  const at = dateReader(format, zone)(text)
  return at === null ? null : new Date(at).toISOString()
}

describe('a date of the file', () => {
  it.each([
    ['DD-MM-YYYY HH:mm', 'Etc/UTC', '29-02-2016 01:16', '2016-02-29T01:16:00.000Z'],
    ['YYYY-MM-DD HH:mm:ss', 'Etc/UTC', '2016-02-29 01:16:05', '2016-02-29T01:16:05.000Z'],
    ['DD.MM.YYYY', 'Etc/UTC', '1.3.2016', '2016-03-01T00:00:00.000Z'],
    ['DD-MM-YYYY HH:mm', 'Europe/Paris', '01-07-2016 12:00', '2016-07-01T10:00:00.000Z'],
    // Summer time began at 02:00 that night: 02:30 never was, and is read as 03:30.
    ['DD-MM-YYYY HH:mm', 'Europe/Paris', '27-03-2016 02:30', '2016-03-27T01:30:00.000Z'],
    // It ended at 03:00: 02:30 was twice, the first counts.
    ['DD-MM-YYYY HH:mm', 'Europe/Paris', '30-10-2016 02:30', '2016-10-30T00:30:00.000Z'],
  ])('%s in %s: %s is %s', (format, zone, text, expected) => expect(iso(format, zone, text)).toBe(expected))

  it.each([
    '30-02-2016 01:16',
    '29-02-2015 01:16',
    '12-13-2016 01:16',
    '29-02-2016 25:00',
    '2016-02-29 01:16',
    '29-02-2016',
    '29-02-2016 01:16 ',
    'yesterday',
    '',
  ])('"%s" is none', (text) => expect(iso('DD-MM-YYYY HH:mm', 'Etc/UTC', text)).toBeNull())

  it.each([
    ['HH:mm', 'Etc/UTC'],
    ['DD-MM-YYYY', 'Mars/Olympus'],
  ])('format %s in %s is a mistake of the mapping', (format, zone) => expect(() => dateReader(format, zone)).toThrow(RangeError))
})
