import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readDecisionTables } from '../../ui/editor/decision-table.ts'
import { errorLinesOf, lineChanges } from '../../ui/editor/source-text.ts'

describe('changed lines', () => {
  test('one line replaced', () => {
    expect(lineChanges('a\nb\nc', 'a\nB\nc')).toEqual([
      { mark: '-', line: 2, text: 'b' },
      { mark: '+', line: 2, text: 'B' },
    ])
  })
  test('lines kept between changes stay out', () => {
    expect(lineChanges('a\nb\nc\nd', 'x\nb\nc\ny').map((change) => change.mark + change.text)).toEqual(['-a', '+x', '-d', '+y'])
  })
  test('applied to the old text, the changes give the new one', () => {
    const text = fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 12 })
    fc.assert(
      fc.property(text, text, (before, after) => {
        const changes = lineChanges(before.join('\n'), after.join('\n'))
        const gone = new Set(changes.filter((change) => change.mark === '-').map((change) => change.line))
        const lines: string[] = before.filter((_, index) => !gone.has(index + 1))
        for (const change of changes) if (change.mark === '+') lines.splice(change.line - 1, 0, change.text)
        expect(lines).toEqual(after)
      }),
    )
  })
})

describe('lines with a mistake', () => {
  const at = (elementId: string, message: string) => ({ elementId, message, severity: 'error' as const, code: 'x' })
  test('a line named by the parser', () => {
    expect([...errorLinesOf('a\nb', [at('', 'bad value at line 2')])]).toEqual([2])
  })
  test('the line that holds the element', () => {
    expect([...errorLinesOf('<a>\n<rule id="r1" />', [at('r1', 'is empty')])]).toEqual([2])
  })
  test('a warning marks no line', () => {
    expect(errorLinesOf('"r1"', [{ ...at('r1', 'odd'), severity: 'warning' }]).size).toBe(0)
  })
})

describe('decision tables for people', () => {
  const folder = new URL('../../definitions/decisions/', import.meta.url)
  test.each(readdirSync(folder))('%s has as many cells as columns', async (name) => {
    const tables = await readDecisionTables(readFileSync(new URL(name, folder), 'utf8'))
    expect(tables.length).toBeGreaterThan(0)
    for (const table of tables)
      for (const rule of table.rules) expect([rule.inputs.length, rule.outputs.length]).toEqual([table.inputs.length, table.outputs.length])
  })
  test('what is not DMN is refused', async () => {
    await expect(readDecisionTables('<html/>')).rejects.toThrow()
  })
})
