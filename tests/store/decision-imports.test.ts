/** A decision that imports another deployed one: found at deployment, pinned with it, and protected from a change that breaks it. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { evaluateDecision } from '#engine/decision/evaluate'
import { loadDecision } from '../../activities/store/definition/decisions.ts'
import { checkDefinition, type Deployed, deployDefinition } from '../../activities/store/definition/definitions.ts'
import { freshDatabase, type FreshDatabase } from '../setup/database.ts'

let database: FreshDatabase
const MODEL = 'https://www.omg.org/spec/DMN/20191111/MODEL/'
const file = (namespace: string, body: string): string =>
  `<?xml version="1.0"?><definitions xmlns="${MODEL}" id="d" name="d" namespace="${namespace}">${body}</definitions>`
const rate = (name: string, value: string): string =>
  file(
    'urn:rate',
    `<decision id="${name}" name="${name}"><variable name="${name}"/><literalExpression><text>${value}</text></literalExpression></decision>`,
  )
const price = file(
  'urn:price',
  `<import id="i" name="r" namespace="urn:rate" importType="${MODEL}"/><decision id="price" name="price"><variable name="price"/>
   <informationRequirement><requiredDecision href="urn:rate#rate"/></informationRequirement><literalExpression><text>100 * r.rate</text></literalExpression></decision>`,
)

const deploy = (id: string, source: string): Promise<Deployed> =>
  deployDefinition(database.db, { kind: 'decision', id, source, baseVersion: null, actorId: 'admin' })
const codes = (result: Deployed): string[] => (!result.ok && result.reason === 'invalid' ? result.diagnostics.map(({ code }) => code) : [])

beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database.drop())

async function priced(): Promise<unknown> {
  return evaluateDecision(await loadDecision(database.db, 'price'), {}, { at: 0, timeZone: 'UTC' }).value
}

test('an import is refused until its model is deployed, follows its changes, and is not broken by one', async () => {
  expect(codes(await deploy('price', price))).toEqual(['unresolvedImport'])
  expect(await checkDefinition(database.db, 'decision', price, 'price')).toMatchObject([{ elementId: 'i', code: 'unresolvedImport' }])
  expect((await deploy('rate', rate('rate', '0.2'))).ok).toBe(true)
  expect((await deploy('price', price)).ok).toBe(true)
  expect(await priced()).toBe(20)
  expect((await deploy('rate', rate('rate', '0.25'))).ok).toBe(true)
  expect(await priced()).toBe(25)
  expect(codes(await deploy('rate', rate('renamed', '0.3')))).toEqual(['breaksImporter'])
  expect(await priced()).toBe(25)
})
