/** English names of a diagram's elements, read from the deployed text. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { elementNames, englishNames } from '../../api/read/element-name.ts'
import type { Db } from '../../activities/store/database.ts'
import { shippedBundle } from '../domain/shipped-bundle.ts'

it('reads the shipped incident process', () => {
  const xml = readFileSync(join(import.meta.dirname, '../../definitions/processes/incident.bpmn'), 'utf8')
  expect(englishNames(xml).get('reported\nIncident signalé')).toBe('Incident reported')
})
it('takes either quote, any order, entities, and leaves out what has no English name', () => {
  const names = englishNames(`<a:definitions xmlns:a="x"><a:task guichet:nameEn='Check &#38; "sign"' name="V&#xE9;rifier &lt;2" id="t">
    <a:text>id="no" name="no" guichet:nameEn="no"</a:text></a:task><a:task id="u" name="Seul"/></a:definitions>`)
  expect([...names]).toEqual([['t\nVérifier <2', 'Check & "sign"']])
})

it('names a sequence flow by its ends', async () => {
  const nameOf = await elementNames({} as Db, await shippedBundle(), 'fr')
  expect(nameOf('toRoute')).toBe('Calculer la priorité → Choisir le groupe')
  expect(nameOf('onRouted')).toBeNull()
})
