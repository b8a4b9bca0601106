import { expect, test } from 'vitest'
import { readTable, supportTable } from './support-table.ts'

test('the support table is that of the registries: run `node tests/engine/support-table.ts` when it is not', () => {
  expect(readTable()).toBe(supportTable())
})
