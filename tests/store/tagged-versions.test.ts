import { afterAll, beforeAll, expect, test } from 'vitest'
import { advance, openTasks } from '#engine/index'
import { composeBundle, deployDefinition, UnknownDefinition } from '../../activities/store/definition/definitions.ts'
import { freshDatabase, type FreshDatabase } from '../setup/database.ts'

let database: FreshDatabase

beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database.drop())

const model = (id: string, body: string): string =>
  `<?xml version="1.0"?><definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" targetNamespace="x"><process id="${id}" isExecutable="true">${body}</process></definitions>`
const flow = (from: string, to: string): string => `<sequenceFlow id="${from}_${to}" sourceRef="${from}" targetRef="${to}"/>`
const version = (tag: string, task: string): string =>
  model(
    'billing',
    `<extensionElements><zeebe:versionTag value="${tag}"/></extensionElements><startEvent id="s"/><userTask id="${task}"/>${flow('s', task)}`,
  )
const call = (id: string, binding: string): string =>
  `<callActivity id="${id}"><extensionElements><zeebe:calledElement processId="billing" ${binding}/></extensionElements></callActivity>`
const caller = (...bindings: string[]): string =>
  model('order', `<startEvent id="s"/>${bindings.map((binding, index) => call(`c${index}`, binding) + flow('s', `c${index}`)).join('')}`)

async function deploy(id: string, source: string): Promise<void> {
  const done = await deployDefinition(database.db, { kind: 'process', id, source, baseVersion: null, actorId: 'priya' })
  if (!done.ok) throw new Error(JSON.stringify(done))
}

test('one instance calls the version with a tag beside the latest one', async () => {
  await deploy('billing', version('1.0', 'old'))
  await deploy('billing', version('1.0', 'mended'))
  await deploy('billing', version('2.0', 'fresh'))
  await deploy('order', caller('bindingType="versionTag" versionTag="1.0"', ''))
  const { bundle } = await composeBundle(database.db, 'order')
  const begun = advance(bundle, null, { type: 'start', at: 0, variables: {} })
  if (!begun.ok) throw new Error(begun.refusal.message)
  expect(openTasks(begun.state).map(({ elementId }) => elementId)).toEqual(['mended', 'fresh'])
})

test('a tag that no version carries is told when the process is to start', async () => {
  await deploy('order', caller('bindingType="versionTag" versionTag="9.9"'))
  await expect(composeBundle(database.db, 'order')).rejects.toThrow(UnknownDefinition)
  await expect(composeBundle(database.db, 'order')).rejects.toThrow("'billing@9.9'")
})

test('a binding by tag without the tag, or of an expression, is refused', async () => {
  for (const binding of ['bindingType="versionTag"', 'bindingType="versionTag" versionTag="1" processId="=x"'])
    expect(
      await deployDefinition(database.db, {
        kind: 'process',
        id: 'order',
        source: caller(binding).replace(
          'processId="billing" bindingType="versionTag" versionTag="1" ',
          'bindingType="versionTag" versionTag="1" ',
        ),
        baseVersion: null,
        actorId: 'priya',
      }),
    ).toMatchObject({ ok: false, reason: 'invalid', diagnostics: [{ code: 'missingVersionTag', elementId: 'c0' }] })
})
