import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, inject, it } from 'vitest'
import { openBrowser } from './product.ts'
import { button, en, expectAccessible, fr, report, sessions, work } from './walk.ts'

const { url } = inject('product')
let browser: Browser
const people = sessions(() => browser)
beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser?.close())

const triaged = { impact: 'One person', urgency: 'Degraded, work goes on', category: 'Printing' }

it('a problem found behind an incident becomes a known error, which the next incident is solved with', async () => {
  const camille = await people.as('camille', 'fr')
  const first = await report(camille, 'Bordereaux imprimés de travers')
  const alex = await people.as('alex')
  await alex.goto(`${url}/tickets/${first}`)
  await work(alex, 'Acknowledge and triage', triaged)
  await alex.getByRole('link', { name: en['problems.new.fromIncident'] }).click()
  await alex.getByLabel(en['problems.new.title']).fill('Bordereaux de travers sur les imprimantes du quai')
  await expectAccessible(alex)
  await button(alex, en['problems.new.submit']).click()
  await alex.waitForURL(/\/tickets\/PRB-\d{6}/)
  const problem = /PRB-\d{6}/.exec(alex.url())![0]

  const lucie = await people.as('lucie')
  const sofia = await people.as('sofia')
  await sofia.goto(`${url}/tickets/${problem}`)
  await work(sofia, 'Categorise the problem', {
    impact: 'A team or a site',
    urgency: 'Incidents come, work goes on',
    category: 'Printing',
    groupId: 'Applications (N2)',
  })
  await lucie.goto(`${url}/tickets/${problem}`)
  await work(lucie, 'Find the cause', {
    symptoms: 'Les bordereaux sortent de travers.',
    rootCause: 'Pilote de 2019.',
    workaround: 'Imprimer les bordereaux en PDF, puis à 100 %.',
  })
  // The reporter's incident is told of the way round it, and so is the next one, from its words.
  await alex.goto(`${url}/tickets/${first}`)
  await alex.getByText('Imprimer les bordereaux en PDF, puis à 100 %.').first().waitFor()
  const next = await report(camille, 'Les bordereaux du quai sortent de travers')
  await alex.goto(`${url}/tickets/${next}`)
  await work(alex, 'Acknowledge and triage', triaged)
  const card = alex.locator('.panel', { hasText: en['known.fitting'] }).locator('li', { hasText: 'bordereaux en PDF' })
  await button(card, en['known.apply']).click()
  await card.getByText(en['known.applied']).waitFor()
  await camille.getByText(fr['status.plain.inProgress']).waitFor()
  await alex.goto(`${url}/known-errors`)
  await alex.locator('li, tr', { hasText: 'de travers' }).getByText(/1 use/).waitFor()
})
