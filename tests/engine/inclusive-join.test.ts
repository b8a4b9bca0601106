/**
 * The inclusive join against a slow reading of BPMN 2.0 clause 13.4.3, on random drawings: unstructured ones, with loops, links, boundary
 * events and nested scopes.
 *
 * The clause: the gateway is activated if at least one incoming flow has a token, and for every directed path of sequence flows that starts
 * with a flow f that has a token, ends with an incoming flow of the gateway that has none, and does not visit the gateway, there is also such
 * a path that starts with f and ends with an incoming flow that has a token. Here a token in a node stands for one on the flow by which it
 * came, a link for a flow, and an event at the border of what a token is in, or can still come to, for a token at that event.
 */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compileProcess } from '#engine/compile/index'
import type { Advance, Input } from '#engine/contract'
import { advance, type EngineState, snapshot } from '#engine/index'
import type { ElementOf, Model } from '#engine/model'
import { holdsBack } from '../../workflows/engine/elements/inclusive-join.ts'
import { flow, Play, process, user } from './play.ts'
import { Driver } from './random-driver.ts'

type Kind = 'task' | 'sub' | 'or' | 'xor' | 'and' | 'link'
interface Graph {
  kinds: Kind[]
  /** By index of the node; the last index of a pair may lead back. */
  flows: [number, number][]
  /** Boundary events: host, target, whether it interrupts. */
  events: [number, number, boolean][]
  links: [number, number][]
}

const SIZE = 9
const node = fc.nat(SIZE - 1)
const graph: fc.Arbitrary<Graph> = fc.record({
  kinds: fc.array(fc.constantFrom<Kind>('task', 'task', 'sub', 'or', 'or', 'xor', 'and'), { minLength: SIZE, maxLength: SIZE }),
  flows: fc.array(fc.tuple(node, node), { minLength: SIZE, maxLength: 2 * SIZE }),
  events: fc.array(fc.tuple(node, node, fc.boolean()), { maxLength: 3 }),
  links: fc.array(fc.tuple(node, node), { maxLength: 2 }),
})

const DRAWN: Record<Exclude<Kind, 'link' | 'sub' | 'task'>, string> = {
  or: 'inclusiveGateway',
  xor: 'exclusiveGateway',
  and: 'parallelGateway',
}

/** A start leads to the first three nodes, so that several tokens run; every node leads to the next, and where the drawing says. */
function draw({ kinds, flows, events, links }: Graph): string {
  const isActivity = (index: number): boolean => kinds[index] === 'task' || kinds[index] === 'sub'
  const nodes = kinds.map((kind, index) => {
    if (kind === 'task') return user(`n${index}`)
    if (kind === 'sub')
      return `<subProcess id="n${index}"><startEvent id="i${index}"/>${user(`u${index}`)}${flow(`i${index}`, `u${index}`)}</subProcess>`
    return `<${DRAWN[kind as 'or']} id="n${index}"/>`
  })
  const seen = new Set<string>()
  const joints = [...flows, ...kinds.slice(1).map((_, index): [number, number] => [index, index + 1])]
    .filter(([from, to]) => from !== to && !seen.has(`${from} ${to}`) && seen.add(`${from} ${to}`))
    .map(([from, to]) => flow(`n${from}`, `n${to}`, kinds[from] === 'xor' || kinds[from] === 'or' ? `way = ${to} or way = 0` : undefined))
  // Where no condition is true, the last way is taken.
  const defaults = kinds.map((kind, index) =>
    kind === 'xor' || kind === 'or' ? flow(`n${index}`, 'out', undefined, `default${index}`) : '',
  )
  const bordered = events
    .filter(([host, target]) => isActivity(host) && host !== target)
    .map(
      ([host, target, interrupts], index) =>
        `<boundaryEvent id="b${index}" attachedToRef="n${host}" cancelActivity="${interrupts}"><messageEventDefinition messageRef="m${index}"/></boundaryEvent>${flow(`b${index}`, `n${target}`)}`,
    )
  const linked = links
    .filter(([from]) => isActivity(from))
    .map(
      ([from, to], index) =>
        `<intermediateThrowEvent id="t${index}"><linkEventDefinition name="l${index}"/></intermediateThrowEvent><intermediateCatchEvent id="c${index}"><linkEventDefinition name="l${index}"/></intermediateCatchEvent>${flow(`n${from}`, `t${index}`)}${flow(`c${index}`, `n${to}`)}`,
    )
  const starts = [0, 1, 2].map((index) => flow('split', `n${index}`)).join('')
  const withDefaults = nodes.map((xml, index) => (defaults[index] ? xml.replace('/>', ` default="default${index}"/>`) : xml))
  return process(
    `<startEvent id="start"/><parallelGateway id="split"/>${flow('start', 'split')}${starts}<endEvent id="out"/>${withDefaults.join('')}${joints.join('')}${defaults.join('')}${bordered.join('')}${linked.join('')}`,
    [0, 1, 2].map((index) => `<message id="m${index}" name="m${index}"/>`).join(''),
  )
}

async function compiled(shape: Graph): Promise<Model> {
  const result = await compileProcess(draw(shape))
  if (!result.ok) throw new Error(`${JSON.stringify(result.diagnostics)} in ${draw(shape)}`)
  return result.value
}

type Join = ElementOf<'inclusiveGateway'>
const joinsOf = (model: Model): Join[] =>
  Object.values(model.elements).filter((element): element is Join => element.type === 'inclusiveGateway' && element.incoming.length > 1)

/** Flows out of a node, and of the catching end of a link. */
const waysOf = (model: Model, id: string): string[] => {
  const element = model.elements[id]!
  const isLink = element.type === 'intermediateThrowEvent' && element.linkTargetId !== undefined
  return isLink ? model.elements[element.linkTargetId!]!.outgoing : element.outgoing
}

/** By flow: the flows that a path beginning with it can end with, which does not visit the gateway in between (Warshall). */
function paths(model: Model, gateway: Join): Map<string, Set<string>> {
  const all = Object.keys(model.flows)
  const found = new Map(
    all.map((id) => [id, new Set([id, ...(model.flows[id]!.targetId === gateway.id ? [] : waysOf(model, model.flows[id]!.targetId))])]),
  )
  for (const between of all)
    for (const from of all) if (found.get(from)!.has(between)) for (const to of found.get(between)!) found.get(from)!.add(to)
  return found
}

/** The clause for all tokens: whether one at a node, or at an event that it can yet come to, keeps the join waiting. */
function clause(model: Model, gateway: Join, filled: Record<string, number>): (from: string) => boolean {
  const known = paths(model, gateway)
  return (from) =>
    [...places(model, gateway, from)].some((place) => {
      const reached = waysOf(model, place)
        .flatMap((id) => [...known.get(id)!])
        .filter((id) => model.flows[id]!.targetId === gateway.id)
      return reached.some((id) => !filled[id]) && !reached.some((id) => filled[id])
    })
}

/** The node, and the events at the border of all that a token at it can come to. */
function places(model: Model, gateway: Join, from: string): Set<string> {
  const found = new Set([from])
  const visited = new Set<string>()
  const visit = (id: string): void => {
    if (id === gateway.id || visited.has(id)) return
    visited.add(id)
    for (const event of model.elements[id]!.boundary ?? []) {
      found.add(event)
      visit(event)
    }
    for (const flowId of waysOf(model, id)) visit(model.flows[flowId]!.targetId)
  }
  visit(from)
  return found
}

const RUNS = Number(globalThis.process.env.GUICHET_RANDOM_RUNS ?? 200)
/** On a busy machine fewer drawings are compared. */
const LONGEST_MS = 10_000

test('what keeps a join waiting is what the clause says, whatever is drawn and wherever tokens are', async () => {
  let compared = 0
  await fc.assert(
    fc.asyncProperty(graph, fc.nat(1023), async (shape, mask) => {
      const model = await compiled(shape)
      for (const gateway of joinsOf(model)) {
        const filled = Object.fromEntries(gateway.incoming.flatMap((id, index) => (mask & (1 << (index % 10)) ? [[id, 1]] : [])))
        if (Object.keys(filled).length === 0) continue
        const blocks = clause(model, gateway, filled)
        for (const { id, scopeId } of Object.values(model.elements)) {
          if (scopeId !== model.processId || id === gateway.id) continue
          compared++
          expect({ id, gateway: gateway.id, holds: holdsBack(gateway, filled, id) }).toEqual({
            id,
            gateway: gateway.id,
            holds: blocks(id),
          })
        }
      }
    }),
    { numRuns: RUNS, interruptAfterTimeLimit: LONGEST_MS },
  )
  expect(compared).toBeGreaterThan(RUNS)
}, 60_000)

/** Joins at which tokens wait, with the tokens elsewhere in the process's scope. */
function waitingJoins(model: Model, state: EngineState): { gateway: Join; filled: Record<string, number>; tokens: string[] }[] {
  const root = state.activations[state.rootKey]!
  const running = Object.values(state.activations).flatMap(({ parentKey, elementId }) => (parentKey === root.key ? [elementId] : []))
  return Object.entries(root.joins ?? {}).flatMap(([id, filled]) => {
    const gateway = model.elements[id]!
    const tokens = [...running, ...Object.keys(root.joins!).filter((other) => other !== id)]
    return gateway.type === 'inclusiveGateway' ? [{ gateway, filled, tokens }] : []
  })
}

test('at rest no join waits that the clause activates', async () => {
  let waited = 0
  await fc.assert(
    fc.asyncProperty(graph, fc.array(fc.nat(20), { minLength: 1, maxLength: 12 }), fc.nat(SIZE), async (shape, picks, way) => {
      const model = await compiled(shape)
      const driver = new Driver()
      let state: EngineState | null = null
      let input: Input | null = { type: 'start', at: 0, variables: { way } }
      for (const pick of picks) {
        const result: Advance<EngineState> = advance({ process: model, called: {}, decisions: {} }, state, input)
        if (!result.ok) throw new Error(result.refusal.message)
        state = result.state
        // A drawing that goes round without a wait is cut, and says nothing more about joins.
        if (snapshot(state).stalls.length > 0) return
        for (const { gateway, filled, tokens } of waitingJoins(model, state)) {
          waited++
          const isBlocked = tokens.some(clause(model, gateway, filled))
          expect({ id: gateway.id, isBlocked }).toEqual({ id: gateway.id, isBlocked: true })
        }
        input = state.isEnded ? null : driver.next(state, pick, 0)
        if (input === null) return
      }
    }),
    { numRuns: RUNS, interruptAfterTimeLimit: LONGEST_MS },
  )
  expect(waited).toBeGreaterThan(0)
}, 60_000)

test('a token that can come to a flow that holds one already does not keep the join waiting', async () => {
  const play = await Play.of(
    process(
      `<startEvent id="s"/><parallelGateway id="g"/>${user('a')}${user('b')}<exclusiveGateway id="x" default="d"/><inclusiveGateway id="j"/>${user('z')}` +
        `<exclusiveGateway id="m"/>${flow('s', 'g')}${flow('g', 'a')}${flow('g', 'b')}${flow('a', 'm')}${flow('m', 'j')}${flow('b', 'x')}${flow('x', 'm', 'false')}${flow('x', 'j', undefined, 'd')}${flow('j', 'z')}`,
    ),
  )
  expect(play.complete('a').tasks).toEqual(['b', 'z'])
  expect(play.complete('b').tasks).toEqual(['z', 'z'])
})

test('an event at the border of an active task keeps it waiting, until the task has ended', async () => {
  const play = await Play.of(
    process(
      `<startEvent id="s"/><parallelGateway id="g"/>${user('a')}${user('b')}<boundaryEvent id="e" attachedToRef="b"><messageEventDefinition messageRef="m"/></boundaryEvent><inclusiveGateway id="j"/>${user('z')}<endEvent id="out"/>` +
        `${flow('s', 'g')}${flow('g', 'a')}${flow('g', 'b')}${flow('a', 'j')}${flow('b', 'out')}${flow('e', 'j')}${flow('j', 'z')}`,
      '<message id="m" name="m"/>',
    ),
  )
  expect(play.complete('a').tasks).toEqual(['b'])
  expect(play.complete('b').tasks).toEqual(['z'])
})
