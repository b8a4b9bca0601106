import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { Fact } from '#schema/fact'
import { Role } from '#schema/role'
import { ChannelId, TicketKind, TicketStatus, ticketFields } from '#schema/ticket'
import { texts } from '../../ui/i18n/index.ts'

const french: Record<string, string> = texts.fr
const english: Record<string, string> = texts.en
const placeholders = (text: string): string[] => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1] ?? '').sort()

describe('texts', () => {
  test('both languages hold the same keys', () => expect(Object.keys(english).sort()).toEqual(Object.keys(french).sort()))
  test('no text is empty', () =>
    expect([...Object.entries(french), ...Object.entries(english)].filter(([, text]) => text.trim() === '')).toEqual([]))
  test('both languages take the same values', () =>
    expect(Object.keys(french).filter((key) => placeholders(french[key] ?? '').join() !== placeholders(english[key] ?? '').join())).toEqual(
      [],
    ))
  test('a plural has both its forms', () =>
    expect(Object.keys(french).filter((key) => key.endsWith('_one') && !(key.replace(/_one$/, '_other') in french))).toEqual([]))
  test('the files of a language do not fight for a key', () => {
    const folder = join(import.meta.dirname, '../../ui/i18n')
    for (const language of ['fr', 'en']) {
      const files = readdirSync(folder).filter((file) => file === `${language}.ts` || file.endsWith(`-${language}.ts`))
      const keys = files.flatMap((file) =>
        [...readFileSync(join(folder, file), 'utf8').matchAll(/^ {2}'?([\w.]+)'?:/gm)].map(([, key]) => key),
      )
      expect(keys.length).toBeGreaterThan(1000)
      expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([])
    }
  })
})

describe('every value of a closed list has its word', () => {
  test.each([
    ['status', TicketStatus.options],
    ['status.plain', TicketStatus.options],
    ['channel', ChannelId.options],
    ['kind', TicketKind.options],
    ['role', Role.options],
    ['field', ticketFields],
  ])('%s', (prefix, values) => expect(values.filter((value) => !(`${prefix}.${value}` in french))).toEqual([]))
  test('facts', () => {
    const types = Fact.options.flatMap((union) => union.options.map((option) => option.shape.type.value as string))
    const split = ['messageAdded', 'clockStopped']
    expect(types.filter((type) => !split.includes(type) && !(`fact.${type}` in french))).toEqual([])
  })
})

describe('sources', () => {
  const folder = join(import.meta.dirname, '../../ui')
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => /\.tsx$/.test(name) && !name.startsWith('dist'))
  test('no words between tags outside the texts', () => {
    const found = files.flatMap((name) =>
      readFileSync(join(folder, name), 'utf8')
        .split('\n')
        .filter(
          (line) =>
            /^\s+[A-ZÀ-Ý][a-zà-ÿ]+( [a-zà-ÿ]+)+[.!?]?$/.test(line) ||
            /<(Text|Title|Button|span|p|h\d|strong)[^<>{}]*>[A-ZÀ-Ý][a-zà-ÿ]+[^<>{}]*<\//.test(line),
        )
        .map((line) => `${name}: ${line.trim()}`),
    )
    expect(found, 'put the words in ui/i18n/fr.ts and ui/i18n/en.ts').toEqual([])
  })
})
