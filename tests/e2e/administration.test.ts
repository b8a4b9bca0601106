import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { openBrowser } from './product.ts'
import { button, en, expectAccessible, fr, report, sessions } from './walk.ts'

const { url } = inject('product')
let browser: Browser
const people = sessions(() => browser)
const scratch = mkdtempSync(join(tmpdir(), 'guichet-e2e-files-'))
beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(async () => {
  await browser?.close()
  rmSync(scratch, { recursive: true, force: true })
})

async function choose(page: Page, lines: string[]): Promise<void> {
  const file = join(scratch, 'personnes.csv')
  writeFileSync(file, lines.join('\r\n'))
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), button(page, fr['register.import.choose']).click()])
  await chooser.setFiles(file)
}

it('people come from a file: a wrong row is told at its line and column, the mended file goes in', async () => {
  const admin = await people.as('admin', 'fr')
  await admin.goto(`${url}/register/people/import`)
  const [head, good] = ['Adresse;Nom;Langue;Rôles', 'rosa@example.org;Rosa Ferreira;Français;Demandeur']
  await choose(admin, [head, good, 'otto@example.org;Otto Klein;Klingon;Demandeur'])
  const wrong = admin.getByRole('row', { name: /^3 / })
  await wrong.waitFor()
  const words = await wrong.textContent()
  expect(words).toContain('Langue')
  expect(words).toContain(fr['register.import.refused'])
  await expectAccessible(admin)

  await choose(admin, [head, good, 'otto@example.org;Otto Klein;Anglais;Demandeur'])
  await button(admin, fr['register.import.apply_other'].replace('{{count}}', '2')).click()
  await admin.getByText(fr['register.import.did']).waitFor()
  await admin.goto(`${url}/register/people?q=Otto`)
  await admin.getByRole('link', { name: 'Otto Klein' }).waitFor()
  // The same file again changes nothing.
  await admin.goto(`${url}/register/people/import`)
  await choose(admin, [head, good, 'otto@example.org;Otto Klein;Anglais;Demandeur'])
  await admin.getByText(fr['register.import.nothing']).waitFor()
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
