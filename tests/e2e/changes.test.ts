import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, inject, it } from 'vitest'
import { openBrowser } from './product.ts'
import { button, decide, en, expectAccessible, pick, sessions, work } from './walk.ts'

const { url } = inject('product')
let browser: Browser
const people = sessions(() => browser)
beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser?.close())

/** Local wall time of the page's person, for a date and time field. */
const wall = (page: Page, inMinutes: number): Promise<string> =>
  page.evaluate((minutes) => {
    const at = new Date(Date.now() + minutes * 60_000)
    return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
  }, inMinutes)

it('a risky change goes before the board, is planned, made and reviewed', async () => {
  const alex = await people.as('alex')
  await alex.goto(`${url}/changes/new`)
  await button(alex, en['change.form.submit']).click()
  await alex.locator('[aria-invalid="true"]').first().waitFor()
  await alex.getByLabel(en['change.form.title'], { exact: false }).first().fill('Move the intranet to the new servers')
  await alex.getByLabel(en['change.form.justification']).fill('The old ones are out of support.')
  await pick(alex.getByRole('combobox', { name: en['change.form.group'] }), 'Applications (N2)')
  await expectAccessible(alex)
  await button(alex, en['change.form.submit']).click()
  await alex.waitForURL(/\/tickets\/CHG-\d{6}/)
  const number = /CHG-\d{6}/.exec(alex.url())![0]

  const david = await people.as('david')
  await david.goto(`${url}/tickets/${number}`)
  await work(david, 'Assess the change', {
    impact: 'The whole organisation',
    implementationPlan: 'Copy, switch the name, switch the old ones off.',
    testPlan: 'Open ten pages.',
    backoutPlan: 'Switch the name back.',
    qReach: 'Everybody, or customers',
    qOutage: 'Longer',
    qTested: 'No',
    qBackout: 'A back-out that is described',
    qExperience: 'Often',
  })
  // The board votes, each for himself; one voice is not enough.
  await decide(await people.as('mei'), number, 'approval.approve', 'Fine for the network.')
  await david.getByText('Fine for the network.').waitFor()
  for (const id of ['sofia', 'lucie', 'helene']) {
    const member = await people.as(id)
    await member.goto(`${url}/approvals`)
    await member.locator('.approval-card, .empty').first().waitFor()
    if (await member.locator('.approval-card', { hasText: number }).isVisible())
      await decide(member, number, 'approval.approve', `Yes from ${id}.`)
    if (await isAt(david, number, 'Schedule the change')) break
  }

  await david.goto(`${url}/tickets/${number}`)
  await work(david, 'Schedule the change', {
    plannedStart: await wall(david, 0),
    plannedEnd: await wall(david, 120),
    implementerId: "David O'Connor",
    conflictsAccepted: true,
    conflictsReason: 'Agreed with the service owner.',
  })
  await work(david, 'Implement', { implementationOutcome: 'Yes, checked as planned', implementationNotes: 'Ten pages opened.' })
  const helene = await people.as('helene')
  await helene.goto(`${url}/tickets/${number}`)
  await work(helene, 'Post-implementation review', { resolutionCode: 'Successful', resolution: 'As planned.' })
  await helene.getByText(en['ticket.noTask.hint.closed']).waitFor()
  await david.goto(`${url}/tickets/${number}?tab=change`)
  await david.getByText(en['change.outcome.successful']).first().waitFor()
  await david.getByText('Fine for the network.').first().waitFor()
})

async function isAt(page: Page, number: string, task: string): Promise<boolean> {
  const answer = await page.request.get(`${url}/api/v1/tickets/${number}`)
  return ((await answer.json()) as { tasks: { name: string }[] }).tasks.some(({ name }) => name === task)
}
