/**
 * Generated tickets of the demonstration: what happens to each, step by step, as data. Deterministic: the same `now` and
 * seed give the same tickets. Whoever plays them (through the API, or a rehearsal of the engine) makes the facts.
 */
import { type Story, incidentStories } from './incident-stories.ts'

type Values = Record<string, string | number | boolean | null>

/** `after`: minutes since the step before (the first: since the report); `isBusiness`: of working time, as agents keep it. */
export type DemoStep = { after: number; isBusiness: boolean; actorId: string } & (
  | { act: 'claim'; elementId: string }
  | { act: 'complete'; elementId: string; values: Values }
  | { act: 'say'; text: string; visibility: 'public' | 'internal' }
  | { act: 'publish'; name: string; variables: Values }
  | { act: 'edit'; variables: Values }
  | { act: 'survey'; score: number; comment: string }
)

export interface DemoScenario {
  /** UTC epoch ms. */
  reportedAt: number
  channel: 'portal' | 'mail' | 'phone'
  openedById: string
  fields: {
    title: string
    description: string
    requesterId: string
    category: string | null
    service: string | null
    impact: 1 | 2 | 3 | null
    urgency: 1 | 2 | 3 | null
  }
  steps: DemoStep[]
}

/** mulberry32: a small, well-spread generator of 32 bits of state. */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

const requesters: Record<'fr' | 'en', string[]> = {
  fr: ['camille', 'marc', 'julie', 'antoine', 'olivier', 'fatou', 'paul', 'claire'],
  en: ['emma', 'sarah', 'james'],
}
const firstLevel = ['alex', 'ines', 'thomas']
const members: Record<string, string[]> = { network: ['mei', 'karim'], applications: ['lucie', 'david'], workplace: ['sofia', 'bastien'] }
/** As incident-routing and incident-second-level choose. */
const secondLevelOf = (category: string) =>
  category === 'network' || category === 'vpn'
    ? 'network'
    : ['application', 'access', 'mail'].includes(category)
      ? 'applications'
      : 'workplace'
const isDirect = ({ category, service, impact, urgency }: Story) =>
  ['hardware', 'printing'].includes(category) ||
  (category === 'network' && impact + urgency <= 3) ||
  (category === 'application' && ['erp', 'crm', 'payroll'].includes(service ?? '') && impact + urgency <= 3)

class Dice {
  readonly next: () => number
  constructor(seed: number) {
    this.next = randomOf(seed)
  }
  between = (low: number, high: number) => Math.round(low + this.next() * (high - low))
  pick = <T>(items: readonly T[]): T => items[Math.floor(this.next() * items.length)] as T
  chance = (share: number) => this.next() < share
}

type Work = { story: Story; agentId: string; requesterId: string; dice: Dice }
const agent = (after: number, actorId: string) => ({ after, isBusiness: true, actorId })
const person = (after: number, actorId: string) => ({ after, isBusiness: false, actorId })

const claim = ({ agentId }: Work, after: number, elementId = 'triage'): DemoStep => ({ ...agent(after, agentId), act: 'claim', elementId })
const triage = ({ story, agentId }: Work, after: number, more: Values = {}): DemoStep => ({
  ...agent(after, agentId),
  act: 'complete',
  elementId: 'triage',
  values: {
    impact: story.impact,
    urgency: story.urgency,
    category: story.category,
    service: story.service,
    triageOutcome: 'diagnose',
    ...more,
  },
})
const resolution = (story: Story): Values => ({ resolutionCode: story.resolutionCode, resolution: story.resolution })
const resolve = ({ story, agentId }: Work, after: number): DemoStep => ({
  ...agent(after, agentId),
  act: 'complete',
  elementId: 'resolve',
  values: { resolveOutcome: 'resolve', ...resolution(story) },
})
const ask = ({ story, agentId }: Work, after: number): DemoStep => ({
  ...agent(after, agentId),
  act: 'complete',
  elementId: 'resolve',
  values: {
    resolveOutcome: 'needInformation',
    question: story.question,
    pendingReason: story.locale === 'fr' ? 'Précisions demandées' : 'Details asked for',
  },
})
/** Handed to the supplier, to be followed up ten days after `at`. */
const hold = ({ story, agentId }: Work, after: number, at: number): DemoStep => ({
  ...agent(after, agentId),
  act: 'complete',
  elementId: 'resolve',
  values: {
    resolveOutcome: 'hold',
    holdReason: 'supplier',
    holdUntil: new Date(at + 10 * dayMs).toISOString().slice(0, 10),
    pendingReason: story.locale === 'fr' ? 'Pièce commandée chez le fournisseur' : 'Part ordered from the supplier',
  },
})
const release = ({ story, agentId }: Work, after: number): DemoStep => ({
  ...agent(after, agentId),
  act: 'complete',
  elementId: 'onHold',
  values: { holdOutcome: story.locale === 'fr' ? 'Pièce reçue et montée.' : 'Part received and fitted.' },
})
const update = ({ story, agentId }: Work, after: number): DemoStep => ({
  ...agent(after, agentId),
  act: 'say',
  visibility: 'public',
  text:
    story.locale === 'fr'
      ? 'Nous y travaillons toujours ; prochaines nouvelles dans l’heure.'
      : 'We are still working on it; more news within the hour.',
})
const answer = ({ story, requesterId }: Work, after: number): DemoStep => ({
  ...person(after, requesterId),
  act: 'say',
  text: story.answer,
  visibility: 'public',
})
const confirm = ({ requesterId }: Work, after: number): DemoStep => ({
  ...person(after, requesterId),
  act: 'publish',
  name: 'requesterConfirmed',
  variables: {},
})
const reopen = ({ story, requesterId }: Work, after: number): DemoStep => ({
  ...person(after, requesterId),
  act: 'publish',
  name: 'requesterReopened',
  variables: { reason: story.locale === 'fr' ? 'Le problème est revenu ce matin.' : 'It is back this morning.' },
})
const cancel = ({ story, requesterId }: Work, after: number): DemoStep => ({
  ...person(after, requesterId),
  act: 'publish',
  name: 'requesterCanceled',
  variables: { reason: story.locale === 'fr' ? 'Cela remarche, merci.' : 'It works again, thank you.' },
})
const reply = ({ story, agentId }: Work, after: number): DemoStep => ({
  ...agent(after, agentId),
  act: 'say',
  visibility: 'public',
  text:
    story.locale === 'fr'
      ? 'Bonjour, je prends votre demande en charge et je reviens vers vous.'
      : 'Hello, I am on it and will come back to you.',
})
const note = ({ agentId, story }: Work, after: number): DemoStep => ({
  ...agent(after, agentId),
  act: 'say',
  visibility: 'internal',
  text: story.locale === 'fr' ? 'Reproduit sur mon poste, je regarde les journaux.' : 'Reproduced on my machine, looking at the logs.',
})
const survey = ({ dice, requesterId, story }: Work): DemoStep => {
  const score = dice.pick([5, 5, 5, 4, 4, 4, 3, 2])
  const words =
    story.locale === 'fr' ? ['', 'Rapide et clair.', 'Merci !', 'Un peu long.'] : ['', 'Quick and clear.', 'Thank you!', 'Took a while.']
  return {
    ...person(dice.between(30, 2000), requesterId),
    act: 'survey',
    score,
    comment: score <= 3 ? (words[3] as string) : dice.pick(words.slice(0, 3)),
  }
}

/** A way around while the cause is looked for: what keeps an important incident bearable. */
const workaround = ({ story, agentId }: Work, after: number): DemoStep => ({
  ...agent(after, agentId),
  act: 'edit',
  variables: {
    workaround:
      story.locale === 'fr'
        ? 'En attendant : passer par le poste de secours ou l’accès web.'
        : 'Meanwhile: use the spare machine or the web access.',
  },
})

/** How often those concerned are told, in working minutes: somewhat ahead of the promise. Null: when there is news. */
const newsEvery = ({ impact, urgency }: Story): number | null => (impact + urgency === 2 ? 45 : impact + urgency === 3 ? 170 : null)

/** Work of so many minutes, with the news and the workaround that a practising desk gives meanwhile; now and then one is forgotten. */
function workedOn(work: Work, minutes: number, last: (after: number) => DemoStep): DemoStep[] {
  const { dice, story } = work
  const every = newsEvery(story)
  const steps: DemoStep[] = []
  let at = 0
  const aroundAt = every === 45 && minutes > 75 ? 50 : null
  for (let next = every ?? minutes; every !== null && next < minutes; next += every) {
    if (aroundAt !== null && at < aroundAt && next >= aroundAt) {
      steps.push(workaround(work, aroundAt - at))
      at = aroundAt
    }
    if (dice.chance(0.06)) continue
    steps.push(update(work, next - at))
    at = next
  }
  return [...steps, last(minutes - at)]
}

function castOf(story: Story, dice: Dice): Work {
  const agents = isDirect(story) ? (members[secondLevelOf(story.category)] ?? firstLevel) : firstLevel
  return { story, dice, agentId: dice.pick(agents), requesterId: dice.pick(requesters[story.locale]) }
}

function scenarioOf(work: Work, reportedAt: number, steps: DemoStep[]): DemoScenario {
  const { story, requesterId, dice } = work
  const channel = dice.pick(['portal', 'portal', 'portal', 'mail', 'phone'] as const)
  const isMail = channel === 'mail'
  return {
    reportedAt,
    channel,
    openedById: channel === 'phone' ? dice.pick(firstLevel) : requesterId,
    fields: {
      title: story.title,
      description: story.description,
      requesterId,
      category: isMail ? null : story.category,
      service: isMail ? null : story.service,
      impact: isMail ? null : story.impact,
      urgency: isMail ? null : story.urgency,
    },
    steps,
  }
}

const minuteMs = 60_000
const dayMs = 24 * 60 * minuteMs

/** A life that ends: most simply, some with a question, a transfer, a reopening, a cancellation, or silence until the desk closes. */
function closedLife(work: Work, reportedAt: number): DemoStep[] {
  const { dice, story } = work
  const isImportant = story.impact + story.urgency <= 3
  const first = dice.chance(isImportant ? 0.04 : 0.12) ? dice.between(70, 260) : dice.between(4, isImportant ? 14 : 50)
  const work1 = isImportant ? dice.between(20, 200) : dice.chance(0.15) ? dice.between(420, 900) : dice.between(20, 400)
  const solve = (minutes: number) => workedOn(work, minutes, (after) => resolve(work, after))
  const end = dice.chance(0.7) ? [confirm(work, dice.between(20, 2500))] : []
  const opinion = dice.chance(0.45) ? [survey(work)] : []
  if (dice.chance(0.06)) return [claim(work, first), cancel(work, dice.between(20, 300))]
  if (dice.chance(0.15))
    return [claim(work, first), triage(work, dice.between(3, 15), { triageOutcome: 'resolve', ...resolution(story) }), ...end, ...opinion]
  const isHeard = dice.chance(0.5) || isImportant
  const before = [claim(work, first), ...(isHeard ? [reply(work, 2)] : []), triage(work, dice.between(3, 20))]
  if (dice.chance(0.07))
    return [...before, hold(work, dice.between(20, 120), reportedAt), release(work, dice.between(200, 1700)), resolve(work, 60), ...end]
  if (dice.chance(0.2))
    return [...before, ask(work, dice.between(10, 90)), answer(work, dice.between(40, 2800)), ...solve(work1), ...end, ...opinion]
  if (dice.chance(0.1))
    return [
      ...before,
      ...solve(work1),
      reopen(work, dice.between(120, 2000)),
      reply(work, dice.between(5, 20)),
      triage(work, dice.between(5, 30)),
      ...solve(dice.between(40, 400)),
      confirm(work, dice.between(30, 1500)),
      ...opinion,
    ]
  return [...before, ...(dice.chance(0.4) ? [note(work, dice.between(5, isImportant ? 10 : 40))] : []), ...solve(work1), ...end, ...opinion]
}

/** Reports on the days before `now`, fewer at weekends; the last ones leave time to be closed. Play them up to `now` and keep those that end. */
export function demoHistory(now: number, options: { days?: number; count?: number; seed?: number } = {}): DemoScenario[] {
  const { days = 60, count = 150, seed = 20260101 } = options
  const dice = new Dice(seed)
  const scenarios: DemoScenario[] = []
  while (scenarios.length < count) {
    const day = Math.floor((now - dayMs * (12 + dice.next() * (days - 12))) / dayMs) * dayMs
    const isWeekend = [0, 6].includes(new Date(day).getUTCDay())
    if (isWeekend && !dice.chance(0.12)) continue
    const work = castOf(dice.pick(incidentStories), dice)
    const reportedAt = day + dice.between(6 * 60 + 30, 17 * 60) * minuteMs
    scenarios.push(scenarioOf(work, reportedAt, closedLife(work, reportedAt)))
  }
  return scenarios.sort((a, b) => a.reportedAt - b.reportedAt)
}

/** How far a live ticket is brought, and how long ago it was reported (minutes). */
const liveLives: { name: string; count: number; agoMinutes: number; steps: (work: Work, now: number) => DemoStep[] }[] = [
  { name: 'new', count: 6, agoMinutes: 20, steps: () => [] },
  { name: 'dueSoon', count: 2, agoMinutes: 55, steps: () => [] },
  { name: 'assigned', count: 4, agoMinutes: 30, steps: (w) => [claim(w, 5)] },
  { name: 'inProgress', count: 5, agoMinutes: 240, steps: (w) => [claim(w, 6), reply(w, 3), triage(w, 8), note(w, 15)] },
  { name: 'pending', count: 3, agoMinutes: 400, steps: (w) => [claim(w, 8), triage(w, 9), ask(w, 30)] },
  { name: 'atSupplier', count: 2, agoMinutes: 500, steps: (w, now) => [claim(w, 8), reply(w, 2), triage(w, 9), hold(w, 40, now)] },
  { name: 'resolved', count: 3, agoMinutes: 600, steps: (w) => [claim(w, 10), triage(w, 6), resolve(w, 60)] },
  {
    name: 'closed',
    count: 2,
    agoMinutes: 900,
    steps: (w) => [claim(w, 12), triage(w, 5), resolve(w, 45), confirm(w, 30), { ...survey(w), after: 10 }],
  },
  { name: 'reopened', count: 1, agoMinutes: 1200, steps: (w) => [claim(w, 12), triage(w, 5), resolve(w, 45), reopen(w, 60)] },
]

/** Some 25 tickets to be driven through the API at once, whatever their `after`: they end in every state. `name` says in which. */
export function demoLive(now: number, seed = 20260202): (DemoScenario & { name: string })[] {
  const dice = new Dice(seed)
  let next = dice.between(0, incidentStories.length - 1)
  return liveLives.flatMap(({ name, count, agoMinutes, steps }) =>
    Array.from({ length: count }, () => {
      const work = castOf(incidentStories[next++ % incidentStories.length] as Story, dice)
      return { name, ...scenarioOf(work, now - (agoMinutes + dice.between(0, 40)) * minuteMs, steps(work, now)) }
    }),
  )
}
