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

it('an incident becomes major, is told to everybody, solved with its reports, and reviewed', async () => {
  const camille = await people.as('camille', 'fr')
  const incident = await report(camille, 'Le CRM ne s’ouvre plus')
  const alex = await people.as('alex')
  await alex.goto(`${url}/tickets/${incident}`)
  await work(alex, 'Acknowledge and triage', {
    impact: 'The whole organisation',
    urgency: 'Blocked, no way around',
    category: 'Business application',
  })
  await button(alex, en['escalate.title']).click()
  await alex.getByRole('menuitem', { name: en['escalate.major'] }).click()
  await alex.getByRole('dialog').getByLabel(en['escalate.reason']).fill('All sites, all sales people.')
  await button(alex, en['escalate.major.submit']).click()

  const helene = await people.as('helene')
  await helene.goto(`${url}/majors`)
  const candidate = helene.locator('.board-column').first().locator('.board-card', { hasText: 'CRM' }).last()
  const number = (await candidate.getByText(/^MAJ-\d{6}$/).textContent())!
  await expectAccessible(helene)
  await candidate.click()
  await work(helene, 'Examine the candidate', {
    majorDecision: 'Accept: this is a major incident',
    decisionReason: 'Sales stand still.',
    commanderId: 'Hélène Aubert',
    communicationLeadId: 'Hélène Aubert',
    publicTitleFr: 'CRM indisponible',
    publicTitleEn: 'CRM down',
    publicSeverity: 'The service is down',
  })
  await work(helene, 'Communicate', {
    updateFr: 'Le CRM ne répond plus ; nous cherchons.',
    updateEn: 'The CRM does not answer; we are looking for the cause.',
    communicationMinutes: 30,
  })
  // Everybody reads it, each in his language.
  await camille.goto(`${url}/portal`)
  await camille.getByText('Le CRM ne répond plus ; nous cherchons.').first().waitFor()
  await camille.goto(`${url}/status`)
  await camille.getByRole('heading', { name: 'CRM indisponible' }).waitFor()
  await expectAccessible(camille)
  const emma = await people.as('emma')
  await emma.goto(`${url}/portal`)
  await emma.getByText('The CRM does not answer; we are looking for the cause.').first().waitFor()
  await button(emma, en['status.affected']).click()
  await button(emma, en['status.affected.send']).click()
  await helene.getByText(en['major.children_other'].replace('{{count}}', '2').replace('{{open}}', '2'), { exact: false }).waitFor()

  await work(helene, 'Restore the service', {
    restoreOutcome: 'The service is restored',
    resolutionCode: 'Fixed',
    resolution: 'The database was given more connections.',
    endFr: 'Le CRM répond de nouveau.',
    endEn: 'The CRM answers again.',
  })
  await camille.goto(`${url}/portal/tickets/${incident}`)
  await camille.getByText(fr['status.plain.resolved']).first().waitFor()
  await work(helene, 'Hold the post-incident review', {
    reviewTimeline: '9:00 first report, 9:10 major, 9:40 restored.',
    reviewCause: 'Too few connections.',
    reviewActions: 'Lucie watches the pool.',
    reviewParticipants: 'Hélène, Lucie',
  })
  await helene.getByText(en['major.state.closed']).waitFor()
  await helene.goto(`${url}/majors`)
  await helene.locator('.board-column').last().getByText(number).waitFor()
})
