/** Who of a group gets a ticket. Pure: the world as it stands goes in, the choice and its reason come out. */
import { z } from 'zod'

/** queue: nobody, the group picks; leastLoad: who has the least open work; onCall: who is on call, while the group is closed. */
export const RoutingMode = z.enum(['queue', 'leastLoad', 'onCall'])
export type RoutingMode = z.infer<typeof RoutingMode>

export const RoutingCandidate = z.object({
  id: z.string(),
  name: z.string(),
  /** Open tickets, those that wait for the requester left out. */
  load: z.int(),
  /** What he lacks of the skills that were asked for. */
  missingSkills: z.array(z.string()),
  isAway: z.boolean(),
  /** When he was given a ticket last, UTC epoch ms: among equals the longest idle comes first. */
  lastGivenAt: z.number().nullable(),
})
export type RoutingCandidate = z.infer<typeof RoutingCandidate>

export const RoutingWhy = z.enum([
  'queueMode',
  'leastLoad',
  'onCall',
  'groupOpen',
  'nobodyOnCall',
  'nobodyPresent',
  'nobodySkilled',
  'groupClosed',
  'noGroup',
])
export type RoutingWhy = z.infer<typeof RoutingWhy>

/** Kept as the ticket's variable `routingReason`, and shown in words. */
export const RoutingReason = z.object({
  groupId: z.string().nullable(),
  mode: RoutingMode,
  skills: z.array(z.string()),
  decisionId: z.string().nullable(),
  /** Rows of the decision table that fired, with the id of the rule. */
  rows: z.array(z.int()),
  ruleIds: z.array(z.string()),
  isGroupOpen: z.boolean(),
  chosen: z.object({ id: z.string(), name: z.string(), load: z.int().nullable(), level: z.int().nullable() }).nullable(),
  candidates: z.array(RoutingCandidate.omit({ lastGivenAt: true })),
  why: RoutingWhy,
})
export type RoutingReason = z.infer<typeof RoutingReason>

export interface RoutingQuestion {
  groupId: string | null
  mode: RoutingMode
  isGroupOpen: boolean
  candidates: readonly RoutingCandidate[]
  /** Present people on call for the group, first level first. */
  onCall: readonly { id: string; name: string; level: number }[]
}
type Choice = Pick<RoutingReason, 'chosen' | 'why'>

const nobody = (why: RoutingWhy): Choice => ({ chosen: null, why })

function byLoad(candidates: readonly RoutingCandidate[]): Choice {
  const present = candidates.filter(({ isAway }) => !isAway)
  if (present.length === 0) return nobody('nobodyPresent')
  const skilled = present.filter(({ missingSkills }) => missingSkills.length === 0)
  const [first] = [...skilled].sort((a, b) => a.load - b.load || (a.lastGivenAt ?? 0) - (b.lastGivenAt ?? 0) || (a.id < b.id ? -1 : 1))
  return first ? { chosen: { id: first.id, name: first.name, load: first.load, level: null }, why: 'leastLoad' } : nobody('nobodySkilled')
}

function byOnCall({ onCall, candidates }: RoutingQuestion): Choice {
  const [first] = onCall
  if (!first) return nobody('nobodyOnCall')
  const load = candidates.find(({ id }) => id === first.id)?.load ?? null
  return { chosen: { ...first, load }, why: 'onCall' }
}

/** Outside the group's hours only who is on call is chosen; otherwise the ticket waits in the group's queue. */
export function chooseAssignee(question: RoutingQuestion): Choice {
  if (question.groupId === null) return nobody('noGroup')
  switch (question.mode) {
    case 'queue':
      return nobody('queueMode')
    case 'onCall':
      return question.isGroupOpen ? nobody('groupOpen') : byOnCall(question)
    case 'leastLoad':
      return question.isGroupOpen ? byLoad(question.candidates) : nobody('groupClosed')
  }
}
