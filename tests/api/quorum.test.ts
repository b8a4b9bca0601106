/** A quorum beyond the voters: refused at deployment; a group that shrinks afterwards says so in its record. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { sourceOf } from '../domain/shipped-bundle.ts'
import { type TestDesk, testDesk } from './desk.ts'

let desk: TestDesk
beforeAll(async () => {
  desk = await testDesk()
}, 60_000)
afterAll(() => desk?.close(), 60_000)

const table = sourceOf('decisions/change-approval.dmn')
const wanting = (votes: number) => table.replace(/(id="change-approval-very-high-out3">\s*<text>)3/, (_, head: string) => `${head}${votes}`)

it('a decision table that asks more voices than the board has members is refused at its row', async () => {
  const call = await desk.as('processOwner')
  const checked = await call('/definitions/decision/check', { body: { source: wanting(9) } })
  expect(checked.json.diagnostics).toMatchObject([
    {
      elementId: 'change-approval-very-high',
      severity: 'error',
      code: 'quorumBeyondGroup',
      params: { quorum: '9', voters: '5', group: 'cab' },
    },
  ])
  const refused = await call('/definitions/decision/change-approval', {
    body: { source: wanting(9), baseVersion: 1, note: '' },
  })
  expect([refused.status, refused.json.errors[0].elementId]).toEqual([422, 'change-approval-very-high'])
  const taken = await call('/definitions/decision/change-approval', { body: { source: wanting(5), baseVersion: 1, note: '' } })
  expect(taken.status).toBeLessThan(300)
})

it('a group that has become too small warns in its record, where the quorum is set', async () => {
  const call = await desk.as('administrator')
  const before = (await call('/records/groups/cab')).json
  expect(before.derived.shortApprovals).toEqual([])
  const memberIds = (before.values.memberIds as string[]).slice(0, 2)
  const saved = await call('/records/groups/cab', { method: 'PATCH', body: { version: before.version, values: { memberIds } } })
  expect([saved.status, saved.json.derived.shortApprovals]).toEqual([
    200,
    [
      {
        processId: 'change-normal',
        elementId: 'findApprovers',
        quorum: 5,
        voters: 2,
        decisionId: 'change-approval',
        row: 4,
      },
    ],
  ])
})
