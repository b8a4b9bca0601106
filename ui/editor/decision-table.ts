import { DmnModdle } from 'dmn-moddle'

/** A DMN decision table as people read it. */
export interface DecisionTable {
  id: string
  name: string
  hitPolicy: string
  inputs: { label: string; expression: string }[]
  outputs: { label: string; name: string }[]
  rules: { id: string; inputs: string[]; outputs: string[]; note: string }[]
}

const textOf = (node: unknown): string => String((node as ModdleElement | undefined)?.get('text') ?? '')
const listOf = (node: ModdleElement | undefined, name: string): ModdleElement[] => (node?.get(name) as ModdleElement[] | undefined) ?? []

/** Reads every decision table of a DMN 1.3 document. Throws what the XML parser says when it cannot. */
export async function readDecisionTables(xml: string): Promise<DecisionTable[]> {
  const { rootElement } = await new DmnModdle().fromXML(xml, 'dmn:Definitions')
  return listOf(rootElement as ModdleElement, 'drgElement').flatMap((decision) => {
    const logic = decision.$instanceOf('dmn:Decision') ? (decision.get('decisionLogic') as ModdleElement | undefined) : undefined
    return logic?.$instanceOf('dmn:DecisionTable') ? [tableOf(decision, logic)] : []
  })
}

function tableOf(decision: ModdleElement, table: ModdleElement): DecisionTable {
  return {
    id: decision.id ?? '',
    name: String(decision.get('name') ?? decision.id ?? ''),
    hitPolicy: String(table.get('hitPolicy') ?? 'UNIQUE'),
    inputs: listOf(table, 'input').map((input) => {
      const expression = textOf(input.get('inputExpression'))
      return { label: String(input.get('label') ?? expression), expression }
    }),
    outputs: listOf(table, 'output').map((output) => ({
      label: String(output.get('label') ?? output.get('name') ?? ''),
      name: String(output.get('name') ?? ''),
    })),
    rules: listOf(table, 'rule').map((rule) => ({
      id: rule.id ?? '',
      inputs: listOf(rule, 'inputEntry').map(textOf),
      outputs: listOf(rule, 'outputEntry').map(textOf),
      note: String(rule.get('description') ?? ''),
    })),
  }
}
