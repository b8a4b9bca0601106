import { describe, expect, test } from 'vitest'
import { type Drawing, readSteps, stepColour, takenFlows } from '../../ui/diagram/progress.ts'

const drawing: Drawing = {
  incoming: (id) => ({ triage: ['toTriage', 'back'], resolve: ['toResolve'] })[id] ?? [],
  isEnteredWithoutFlow: (id) => id === 'start',
}
const element = (elementId: string, passed: number, tokens = 0) => ({
  elementId,
  passed,
  tokens,
  spentMs: 0,
  state: tokens > 0 ? ('active' as const) : ('passed' as const),
})

describe('steps of a ticket', () => {
  test('reached along a taken flow: on the path', () => {
    expect(readSteps({ elements: [element('triage', 1)], flows: [{ flowId: 'back', taken: 1 }] }, drawing)[0]?.isOffPath).toBe(false)
  })
  test('live without any taken flow: moved there', () => {
    const step = readSteps({ elements: [element('resolve', 0, 1)], flows: [{ flowId: 'toTriage', taken: 1 }] }, drawing)[0]
    expect(step?.isOffPath).toBe(true)
    expect(step && stepColour(step)).toBe('moved')
  })
  test('a start needs no flow', () => {
    expect(readSteps({ elements: [element('start', 1)], flows: [] }, drawing)[0]?.isOffPath).toBe(false)
  })
  test('never entered: not moved', () => {
    expect(readSteps({ elements: [element('resolve', 0)], flows: [] }, drawing)[0]?.isOffPath).toBe(false)
  })
  test('a stall is shown as a stall wherever it is', () => {
    expect(stepColour({ state: 'stalled', isOffPath: true })).toBe('stalled')
  })
  test('flows never taken are not coloured', () => {
    expect(
      takenFlows({
        flows: [
          { flowId: 'a', taken: 0 },
          { flowId: 'b', taken: 2 },
        ],
      }),
    ).toEqual(['b'])
  })
})
