import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { openBrowser } from './product.ts'
import { button, en, expectAccessible, report, sessions } from './walk.ts'

const { url } = inject('product')
let browser: Browser
const people = sessions(() => browser)
beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(async () => {
  await browser?.close()
})

it('a visitor takes a number at the kiosk and is called to the counter', async () => {
  const admin = await people.as('admin', 'fr')
  const desks = (await (await admin.request.get(`${url}/api/v1/desks`)).json()) as { items: { kioskUrl: string | null }[] }
  const address = desks.items.find(({ kioskUrl }) => kioskUrl)!.kioskUrl!
  const tablet = await (await browser.newContext({ viewport: { width: 820, height: 1180 } })).newPage()
  await tablet.addInitScript(() => localStorage.setItem('guichet.locale', 'en'))
  await tablet.goto(address)
  await tablet.getByLabel(en['kiosk.subject']).fill('My badge opens no door')
  await expectAccessible(tablet)
  await button(tablet, en['kiosk.take']).click()
  const number = (await tablet.locator('.kiosk-number').textContent())!

  const alex = await people.as('alex')
  await alex.goto(`${url}/interactions`)
  const waiting = alex.locator('.visit', { hasText: number })
  await waiting.getByText('My badge opens no door').waitFor()
  const called = tablet.getByText(en['kiosk.called'])
  // Whoever came before goes first.
  while ((await waiting.count()) > 0) {
    await button(alex, en['walkIn.next']).click()
    const dialog = alex.getByRole('dialog')
    await dialog.waitFor()
    await alex.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
  }
  await called.waitFor()
  await tablet.context().close()
})

it('an edited service level is compared with the open tickets before it is deployed', async () => {
  const camille = await people.as('camille', 'fr')
  const number = await report(camille, 'Le délai change')
  const priya = await people.as('priya')
  await priya.goto(`${url}/studio/sla/incident`)
  const calendar = priya.getByRole('combobox', { name: en['studio.sla.edit.calendar'] }).first()
  await calendar.click()
  await priya
    .getByRole('option', { name: /always|around the clock/i })
    .first()
    .click()
  await button(priya, en['levels.compare.draft']).click()
  await priya.waitForURL(/service-levels/)
  await priya.getByText(en['levels.state.checked']).first().waitFor()
  await priya
    .getByText(new RegExp(`\\(${en['levels.draft'].replace(/[()]/g, '')}\\)`))
    .first()
    .waitFor()
  expect(number).toMatch(/^INC-/)
})
