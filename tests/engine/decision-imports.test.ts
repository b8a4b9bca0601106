/** A DMN model that imports another (DMN 1.3 clause 6.3.3), and what a type asks of values (clause 7.3). */
import { describe, expect, test } from 'vitest'
import { compileDecision } from '#engine/compile/index'
import type { Json, Variables } from '#engine/contract'
import { DecisionFailure, evaluateDecision } from '#engine/decision/evaluate'

const CLOCK = { at: Date.UTC(2026, 0, 5, 8), timeZone: 'UTC' }
const MODEL = 'https://www.omg.org/spec/DMN/20191111/MODEL/'
const file = (body: string, namespace = 'urn:own'): string =>
  `<?xml version="1.0"?><definitions xmlns="${MODEL}" id="d" name="d" namespace="${namespace}">${body}</definitions>`
const imported = (name: string, namespace: string, type = MODEL): string =>
  `<import id="import_${name}" name="${name}" namespace="${namespace}" importType="${type}"/>`
const literal = (feel: string): string => `<literalExpression><text>${feel}</text></literalExpression>`
const input = (id: string, type = ''): string => `<inputData id="${id}" name="${id}"><variable name="${id}" typeRef="${type}"/></inputData>`
const decision = (id: string, logic: string, needs = '', type = ''): string =>
  `<decision id="${id}" name="${id}"><variable name="${id}" typeRef="${type}"/>${needs}${logic}</decision>`
const needsInput = (href: string): string => `<informationRequirement><requiredInput href="${href}"/></informationRequirement>`
const needsDecision = (href: string): string => `<informationRequirement><requiredDecision href="${href}"/></informationRequirement>`
const calls = (href: string): string => `<knowledgeRequirement><requiredKnowledge href="${href}"/></knowledgeRequirement>`
const knowledge = (id: string, parameters: string, feel: string, type = '', needs = ''): string =>
  `<businessKnowledgeModel id="${id}" name="${id}"><variable name="${id}" typeRef="${type}"/><encapsulatedLogic>${parameters}${literal(feel)}</encapsulatedLogic>${needs}</businessKnowledgeModel>`
const parameter = (name: string, type = ''): string => `<formalParameter name="${name}" typeRef="${type}"/>`

async function decide(xml: string, id: string, variables: Variables = {}, others: string[] = [], isTolerant = false): Promise<Json> {
  const compiled = await compileDecision(xml, { others })
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.diagnostics))
  return evaluateDecision(compiled.value.find(({ decisionId }) => decisionId === id)!, variables, CLOCK, { isTolerant }).value
}
async function refusal(xml: string, others: string[] = []): Promise<unknown> {
  const compiled = await compileDecision(xml, { others })
  return compiled.ok ? null : compiled.diagnostics.map(({ elementId, code }) => [elementId, code])
}

describe('imports', () => {
  const tariff = file(
    `<itemDefinition name="tRate"><typeRef>number</typeRef><allowedValues><text>[0..1]</text></allowedValues></itemDefinition>
     ${input('amount', 'number')}${knowledge('net', parameter('gross', 'number') + parameter('rate', 'tRate'), 'gross / (1 + rate)')}
     ${decision('rebate', literal('if amount &gt; 100 then 0.1 else 0'), needsInput('#amount'))}`,
    'urn:tariff',
  )
  const order = (logic: string, needs: string, type = ''): string =>
    file(imported('tariff', 'urn:tariff') + decision('total', logic, needs, type))

  test('a decision of an imported model is seen under the name of the import', async () => {
    const xml = order(literal('tariff.amount * (1 - tariff.rebate)'), needsDecision('urn:tariff#rebate') + needsInput('urn:tariff#amount'))
    expect(await decide(xml, 'total', { amount: 200 }, [tariff])).toBe(180)
    expect(await decide(xml, 'total', { tariff: { amount: 200 } }, [tariff])).toBe(180)
  })

  test('its functions and its types are seen alike', async () => {
    expect(await decide(order(literal('tariff.net(120, 0.2)'), calls('urn:tariff#net')), 'total', {}, [tariff])).toBe(100)
    expect(await decide(order(literal('0.5 instance of tariff.tRate'), ''), 'total', {}, [tariff])).toBe(true)
    await expect(decide(order(literal('5'), '', 'tariff.tRate'), 'total', {}, [tariff])).rejects.toThrow('[0..1]')
  })

  test('an imported model may import in turn; its own decisions are not those of the file', async () => {
    const group = file(
      imported('t', 'urn:tariff') + decision('double', literal('t.rebate * 2'), needsDecision('urn:tariff#rebate')),
      'urn:group',
    )
    const own = file(imported('g', 'urn:group') + decision('all', literal('g.double + 1'), needsDecision('urn:group#double')))
    expect(await decide(own, 'all', { amount: 200 }, [tariff, group])).toBe(1.2)
    const compiled = await compileDecision(own, { others: [group, tariff] })
    expect(compiled.ok && compiled.value.map(({ decisionId }) => decisionId)).toEqual(['all'])
  })

  test('an import without a name puts everything beside its own', async () => {
    const own = file(imported('', 'urn:tariff') + decision('total', literal('rebate + 1'), needsDecision('urn:tariff#rebate')))
    expect(await decide(own, 'total', { amount: 200 }, [tariff])).toBe(1.1)
  })

  test('what is not there, is no DMN or turns in a circle is refused at its import', async () => {
    expect(await refusal(order(literal('1'), ''))).toEqual([['import_tariff', 'unresolvedImport']])
    expect(await refusal(file(imported('x', 'urn:x', 'http://www.w3.org/2001/XMLSchema') + decision('a', literal('1'))))).toEqual([
      ['import_x', 'unsupportedImport'],
    ])
    const back = file(imported('own', 'urn:own') + decision('b', literal('1')), 'urn:tariff')
    expect(await refusal(order(literal('1'), ''), [back])).toEqual([['import_own', 'importCycle']])
  })
})

describe('types', () => {
  const colours = `<itemDefinition name="tColour"><typeRef>string</typeRef><allowedValues><text>"red", "green"</text></allowedValues></itemDefinition>
    <itemDefinition name="tColours" isCollection="true"><typeRef>tColour</typeRef></itemDefinition>`
  const asks = (type: string, feel = 'given'): string =>
    file(colours + input('given', type) + decision('t', literal(feel), needsInput('#given')))

  test.each<[string, string, Json, Json | 'refused']>([
    ['a value of its type', 'number', 5, 5],
    ['a text for a number', 'number', '5', 'refused'],
    ['a list of one for its value', 'number', [5], 5],
    ['one value for a list', 'tColours', 'red', ['red']],
    ['an allowed value', 'tColour', 'red', 'red'],
    ['another value', 'tColour', 'blue', 'refused'],
    ['another value in a list', 'tColours', ['red', 'blue'], 'refused'],
    ['nothing', 'tColour', null, null],
  ])('input: %s (%s)', async (_, type, given, expected) => {
    if (expected === 'refused') await expect(decide(asks(type), 't', { given })).rejects.toThrow(/t: given: expected/)
    else expect(await decide(asks(type), 't', { given })).toEqual(expected)
  })

  test('a result that is none of its allowed values is a failure', async () => {
    const xml = file(colours + decision('t', literal('"blue"'), '', 'tColour'))
    await expect(decide(xml, 't')).rejects.toBeInstanceOf(DecisionFailure)
    expect(await decide(xml, 't', {}, [], true)).toBeNull()
  })

  test('instance of, and parameters, know item definitions', async () => {
    expect(await decide(asks('', 'given instance of tColours'), 't', { given: ['red'] })).toBe(true)
    expect(await decide(asks('', 'given instance of tColours'), 't', { given: [1] })).toBe(false)
    expect(await decide(asks('', '(function(c: tColours) count(c))(given)'), 't', { given: 'red' })).toBe(1)
  })

  test('an entry of a boxed context takes its type', async () => {
    const entry = (feel: string): string =>
      `<context><contextEntry><variable name="n" typeRef="number"/>${literal(feel)}</contextEntry><contextEntry>${literal('n + 1')}</contextEntry></context>`
    expect(await decide(file(decision('t', entry('[4]'))), 't')).toBe(5)
    await expect(decide(file(decision('t', entry('"4"'))), 't')).rejects.toBeInstanceOf(DecisionFailure)
  })
})

describe('knowledge models', () => {
  const factorial = knowledge('fact', parameter('n', 'number'), 'if n &lt;= 1 then 1 else n * fact(n - 1)', '', calls('#fact'))

  test('may call themselves', async () => {
    expect(await decide(file(factorial + decision('t', literal('fact(5)'), calls('#fact'))), 't')).toBe(120)
    await expect(decide(file(factorial + decision('t', literal('fact(100000)'), calls('#fact'))), 't')).rejects.toBeInstanceOf(
      DecisionFailure,
    )
  })

  test('give the type of their variable; another type makes the call null', async () => {
    const body = (feel: string): string => file(knowledge('f', parameter('x'), 'x', 'number') + decision('t', literal(feel), calls('#f')))
    expect(await decide(body('f([3]) + 1'), 't')).toBe(4)
    expect(await decide(body('f("a") = null'), 't')).toBe(true)
  })

  test('a boxed invocation calls built-in functions too', async () => {
    const logic = `<invocation>${literal('substring')}<binding><parameter name="string"/>${literal('"guichet"')}</binding><binding><parameter name="start position"/>${literal('4')}</binding></invocation>`
    expect(await decide(file(decision('t', logic)), 't')).toBe('chet')
  })
})

describe('decision tables', () => {
  const table = (policy: string, output: string, rules: string[]): string =>
    `<decisionTable hitPolicy="${policy}"><input id="i"><inputExpression><text>given</text></inputExpression></input>${output}${rules
      .map((feel) => `<rule><inputEntry><text>-</text></inputEntry><outputEntry><text>${feel}</text></outputEntry></rule>`)
      .join('')}</decisionTable>`
  const run = (policy: string, output: string, rules: string[], more = '', type = ''): Promise<Json> =>
    decide(file(more + input('given') + decision('t', table(policy, output, rules), needsInput('#given'), type)), 't', { given: 1 })
  const values = '<output><outputValues><text>"high", "low"</text></outputValues></output>'

  test('an output that is none of the column’s values is a failure', async () => {
    expect(await run('FIRST', values, ['"low"'])).toBe('low')
    await expect(run('FIRST', values, ['"middle"'])).rejects.toThrow('expected one of "high", "low"')
  })

  test('priority goes by the column’s values, or by those of its type', async () => {
    const type =
      '<itemDefinition name="tLevel"><typeRef>string</typeRef><allowedValues><text>"high", "low"</text></allowedValues></itemDefinition>'
    expect(await run('PRIORITY', values, ['"low"', '"high"'])).toBe('high')
    expect(await run('PRIORITY', '<output typeRef="tLevel"/>', ['"low"', '"high"'], type)).toBe('high')
    expect(await run('OUTPUT ORDER', '<output typeRef="tLevel"/>', ['"low"', '"high"'], type)).toEqual(['high', 'low'])
  })

  test('the type of one hit is the type of each', async () => {
    expect(await run('COLLECT', '<output/>', ['1', '2'], '', 'number')).toEqual([1, 2])
    await expect(run('COLLECT', '<output/>', ['1', '"b"'], '', 'number')).rejects.toBeInstanceOf(DecisionFailure)
  })

  test('amounts add up exactly', async () => {
    expect(await run('COLLECT" aggregation="SUM', '<output/>', ['0.1', '0.2'])).toBe(0.3)
  })
})

test('by the letter, what fails is null and what depends on it goes on', async () => {
  const xml = file(decision('a', literal('1 + "x"')) + decision('b', literal('if a = null then "none" else "some"'), needsDecision('#a')))
  await expect(decide(xml, 'b')).rejects.toBeInstanceOf(DecisionFailure)
  expect(await decide(xml, 'b', {}, [], true)).toBe('none')
})
