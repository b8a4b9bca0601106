import { describe, expect, it } from 'vitest'
import { chooseAssignee, type RoutingCandidate, type RoutingQuestion } from '#domain/routing'

const person = (id: string, load: number, more: Partial<RoutingCandidate> = {}): RoutingCandidate => ({
  id,
  name: id,
  load,
  missingSkills: [],
  isAway: false,
  lastGivenAt: null,
  ...more,
})
const ask = (change: Partial<RoutingQuestion>): string => {
  const { chosen, why } = chooseAssignee({
    groupId: 'network',
    mode: 'leastLoad',
    isGroupOpen: true,
    candidates: [],
    onCall: [],
    ...change,
  })
  return `${chosen?.id ?? 'nobody'}: ${why}`
}
const mei = { id: 'mei', name: 'mei', level: 1 }

describe('chooseAssignee', () => {
  it.each<[string, Partial<RoutingQuestion>, string]>([
    ['the queue stays the queue', { mode: 'queue', candidates: [person('a', 0)] }, 'nobody: queueMode'],
    ['the least load', { candidates: [person('a', 3), person('b', 1), person('c', 2)] }, 'b: leastLoad'],
    ['not who is away', { candidates: [person('a', 3), person('b', 1, { isAway: true })] }, 'a: leastLoad'],
    ['not who lacks the skill', { candidates: [person('a', 3), person('b', 1, { missingSkills: ['erp'] })] }, 'a: leastLoad'],
    [
      'among equals the longest idle',
      { candidates: [person('a', 1, { lastGivenAt: 20 }), person('b', 1, { lastGivenAt: 10 })] },
      'b: leastLoad',
    ],
    ['who was never given anything first', { candidates: [person('a', 1, { lastGivenAt: 20 }), person('b', 1)] }, 'b: leastLoad'],
    ['nobody is there', { candidates: [person('a', 0, { isAway: true })] }, 'nobody: nobodyPresent'],
    ['nobody can', { candidates: [person('a', 0, { missingSkills: ['erp'] })] }, 'nobody: nobodySkilled'],
    ['closed: the queue waits for the morning', { isGroupOpen: false, candidates: [person('a', 0)] }, 'nobody: groupClosed'],
    ['on call outside the hours', { mode: 'onCall', isGroupOpen: false, onCall: [mei] }, 'mei: onCall'],
    ['not on call within them', { mode: 'onCall', isGroupOpen: true, onCall: [mei] }, 'nobody: groupOpen'],
    ['a gap in the rotation', { mode: 'onCall', isGroupOpen: false }, 'nobody: nobodyOnCall'],
    ['no group at all', { groupId: null }, 'nobody: noGroup'],
  ])('%s', (_name, change, expected) => expect(ask(change)).toBe(expected))
})
