import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { validateForm } from '#domain/form'
import { Form } from '#schema/form'
import { KnownErrorContent } from '#schema/known-error'
import { compileProcesses } from '#engine/compile/index'
import { demoKnownErrors, demoProblems } from '../../definitions/seed/problem-stories.ts'
import { Play } from '../engine/play.ts'

const read = (path: string): string => readFileSync(new URL(`../../definitions/${path}`, import.meta.url), 'utf8')
const formAt = async (elementId: string): Promise<Form> => {
  const compiled = await compileProcesses(read('processes/problem.bpmn'))
  const element = compiled.ok ? compiled.value[0]?.elements[elementId] : undefined
  const id = element?.type === 'userTask' && element.formId && 'literal' in element.formId ? String(element.formId.literal) : ''
  return Form.parse(JSON.parse(read(`forms/${id}.form`)))
}

describe('the demonstration’s problems', () => {
  it.each(demoProblems.map((story) => [story.title, story] as const))('%s: every step fits its form', async (_, { steps }) => {
    for (const { elementId, values } of steps) expect([elementId, validateForm(await formAt(elementId), values)]).toEqual([elementId, []])
  })
  it('known errors are what the schema says, in every state', () => {
    for (const { state: _state, ...content } of demoKnownErrors)
      expect(KnownErrorContent.safeParse(content).error?.issues ?? []).toEqual([])
    expect(new Set(demoKnownErrors.map(({ state }) => state))).toEqual(new Set(['draft', 'published', 'retired']))
  })
  it('the diagram with its sub-process compiles for a run', async () => {
    const play = await Play.compile(read('processes/problem.bpmn'))
    expect(play.program.process.references.processes).toEqual(['approval'])
  })
})
