/** Every way of every shipped diagram is taken by a scenario on the real server. Runs after all others, and only judges a whole run. */
import { globSync, readdirSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Model } from '../workflows/engine/model.ts'
import { compileProcess } from '../workflows/engine/compile/index.ts'
import { readWalked } from './setup/walked.ts'

const processes = new URL('../definitions/processes/', import.meta.url)
const models = await Promise.all(
  readdirSync(processes)
    .filter((name) => name.endsWith('.bpmn'))
    .sort()
    .map(async (name): Promise<Model> => {
      const compiled = await compileProcess(readFileSync(new URL(name, processes), 'utf8'))
      if (!compiled.ok) throw new Error(`expected ${name} to compile, found ${JSON.stringify(compiled.diagnostics)}`)
      return compiled.value
    }),
)

const notYet = 'no scenario yet'
/** The same reason for several. */
const all = (reason: string, ...ids: string[]) => Object.fromEntries(ids.map((id) => [id, reason]))
const missPromise = all(
  notYet,
  'missPromise',
  'missPromiseReached',
  'missPromiseTell',
  'missPromiseTold',
  'missPromise_toTell',
  'missPromise_toTold',
)
const warnPromise = all(
  notYet,
  'warnPromise',
  'warnPromiseReached',
  'warnPromiseTell',
  'warnPromiseTold',
  'warnPromise_toTell',
  'warnPromise_toTold',
)
const nothingFailsAfter = 'undoes a step after which nothing of the shipped drawing can fail; it is there for a step that a desk adds'
/** Ways that no scenario takes, each with its reason. */
const notWalked: Record<string, Record<string, string>> = {
  'access-removal': {
    isAnew_to_giveBack:
      'taken in the instant between a system’s answer and its record; the record’s side of it is held by access-rights.test.ts',
    ...all(notYet, 'notGivenBack', 'notGivenBack_to_noteGone', 'noteGone', 'noteGone_to_tellHolder'),
  },
  'change-emergency': { ...missPromise, ...warnPromise },
  'change-normal': {
    ...missPromise,
    ...all(notYet, 'freezeDeclared', 'freezeEnded', 'freezeHolds', 'lookAgain', 'toFreezeEnded', 'peerApproval', 'peerVoted', 'toPeer'),
  },
  'change-standard': { ...missPromise, ...warnPromise },
  'fulfil-laptop': { withdrawDevice: nothingFailsAfter },
  'fulfil-mailbox': { deleteMailbox: nothingFailsAfter },
}

/** A token never rests on the sign that leads to an undoing; the step that it leads to counts. */
const isUndoingSign = (element: Model['elements'][string]): boolean =>
  element.type === 'boundaryEvent' && 'event' in element && element.event.type === 'compensation'
const drawnIn = ({ processId, flows, elements }: Model): string[] => [
  ...Object.keys(flows),
  ...Object.values(elements)
    .filter((element) => element.id !== processId && !isUndoingSign(element))
    .map(({ id }) => id),
]

const { walked, testFiles } = readWalked()
const scenarios = globSync(['runtime/*.test.ts', 'api/*.test.ts'], { cwd: import.meta.dirname }).filter((file) =>
  /createDesk|openHouse|requestDesk/.test(readFileSync(new URL(file, import.meta.url), 'utf8')),
)
const absent = scenarios.map((file) => basename(file)).filter((file) => !testFiles.has(file))
/** A file may be left out or fail by itself; a run of a few files says nothing about the diagrams. */
const isWhole = absent.length < scenarios.length / 8 || process.env.GUICHET_WALKED_PARTS !== undefined

describe.skipIf(!isWhole)('scenarios on the real server', () => {
  test.each(models.map((model) => [model.processId, model] as const))('take every way of %s', (processId, model) => {
    const taken = walked.get(processId) ?? new Set()
    const excused = new Set(Object.keys(notWalked[processId] ?? {}))
    expect(drawnIn(model).filter((id) => !taken.has(id) && !excused.has(id))).toEqual([])
  })
})
