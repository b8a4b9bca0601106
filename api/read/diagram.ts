import type { Fact } from '#schema/fact'
import type { DiagramView } from '#schema/view'

type ElementTrace = DiagramView['elements'][number]

/** What is known of an element goes to what stands for it in the next version. */
function moveTraces(elements: Map<string, ElementTrace>, mapping: Readonly<Record<string, string>>): void {
  const old = [...elements.values()]
  elements.clear()
  for (const trace of old) {
    const elementId = mapping[trace.elementId] ?? trace.elementId
    const known = elements.get(elementId)
    const merged = known
      ? { ...known, tokens: known.tokens + trace.tokens, passed: known.passed + trace.passed, spentMs: known.spentMs + trace.spentMs }
      : { ...trace, elementId }
    elements.set(elementId, merged)
  }
}

/**
 * Tokens, passed path and wall time per element, from the facts of one stream and nothing else.
 * @param now instant until which open activations count, epoch ms
 */
export function traceDiagram(facts: readonly Fact[], now: number): Pick<DiagramView, 'elements' | 'flows'> {
  const elements = new Map<string, ElementTrace>()
  const flows = new Map<string, number>()
  const since = new Map<string, { elementId: string; at: number }>()
  const stalled = new Map<string, string>()
  const trace = (elementId: string): ElementTrace => {
    const known = elements.get(elementId)
    if (known) return known
    const fresh: ElementTrace = { elementId, tokens: 0, passed: 0, spentMs: 0, state: 'active' }
    elements.set(elementId, fresh)
    return fresh
  }
  for (const fact of facts) {
    switch (fact.type) {
      case 'elementActivated':
        trace(fact.elementId).tokens += 1
        since.set(fact.key, { elementId: fact.elementId, at: fact.at })
        break
      case 'elementCompleted':
      case 'elementTerminated': {
        const element = trace(fact.elementId)
        const start = since.get(fact.key)
        if (start) {
          element.tokens -= 1
          element.spentMs += fact.at - start.at
          since.delete(fact.key)
        }
        if (fact.type === 'elementCompleted') element.passed += 1
        stalled.delete(fact.key)
        element.state = fact.type === 'elementCompleted' ? 'passed' : element.passed > 0 ? 'passed' : 'terminated'
        break
      }
      case 'flowTaken':
        flows.set(fact.flowId, (flows.get(fact.flowId) ?? 0) + 1)
        break
      case 'instanceMigrated':
        moveTraces(elements, fact.mapping)
        for (const { key, elementId } of fact.elements ?? []) {
          const start = since.get(key)
          if (start) since.set(key, { ...start, elementId })
          if (stalled.has(key)) stalled.set(key, elementId)
        }
        break
      case 'stalled':
        stalled.set(fact.key, fact.elementId)
        break
      case 'stallResolved':
        stalled.delete(fact.key)
        break
    }
  }
  for (const { elementId, at } of since.values()) {
    const element = trace(elementId)
    element.spentMs += Math.max(0, now - at)
    element.state = 'active'
  }
  for (const elementId of stalled.values()) trace(elementId).state = 'stalled'
  return { elements: [...elements.values()], flows: [...flows].map(([flowId, taken]) => ({ flowId, taken })) }
}
