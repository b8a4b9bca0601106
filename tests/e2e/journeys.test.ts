import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import nodemailer from 'nodemailer'
import pg from 'pg'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { studioEn } from '../../ui/i18n/studio-en.ts'
import { openBrowser, signIn } from './product.ts'
import { button, en, expectAccessible, fr, report } from './walk.ts'

const product = inject('product')
let browser: Browser
const scratch = mkdtempSync(join(tmpdir(), 'guichet-e2e-files-'))

beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(async () => {
  await browser?.close()
  rmSync(scratch, { recursive: true, force: true })
})

/** An agent's page fills in and completes the triage form. */
async function triage(page: Page): Promise<void> {
  await button(page, en['task.claim']).click()
  await page.getByLabel('A team or a site').check()
  await page.getByLabel('Degraded, work goes on').check()
  const category = page.locator('.task-card').getByRole('combobox', { name: 'Category' })
  await category.click()
  await page.getByRole('option').first().click()
  await button(page, en['task.complete']).click()
}

async function resolveIt(page: Page): Promise<void> {
  const code = page.locator('.task-card').getByRole('combobox', { name: /How it was solved/ })
  await code.waitFor()
  await code.click()
  await page.getByRole('option').first().click()
  await page.getByLabel(/Resolution, for the requester/).fill('Queue restarted, test page printed.')
  await button(page, en['task.complete']).click()
}

describe('an incident, from report to survey', () => {
  it('goes from the requester to the agent and back, pages following without reload', async () => {
    const camille = await signIn(browser, product, 'camille@example.org', 'fr')
    const alex = await signIn(browser, product, 'alex@example.org', 'en')
    await alex.page.goto(`${product.url}/queue?view=all`)
    await alex.page.getByText('Imprimante muette').first().waitFor({ state: 'detached' })
    await expectAccessible(alex.page)

    const number = await report(camille.page, 'Imprimante muette')
    await expectAccessible(camille.page)
    // The queue shows it by itself.
    await alex.page.getByText('Imprimante muette').first().waitFor()

    await alex.page.goto(`${product.url}/tickets/${number}`)
    await triage(alex.page)
    await camille.page.getByText(fr['status.plain.inProgress']).waitFor()
    await alex.page.getByPlaceholder(en['ticket.reply.placeholder']).fill('Bonjour, je regarde.')
    await button(alex.page, en['ticket.send.reply']).click()
    await camille.page.getByText('Bonjour, je regarde.').waitFor()

    await alex.page.getByRole('tab', { name: en['ticket.tab.diagram'] }).click()
    await alex.page.locator('[data-element-id="resolve"]').first().waitFor()
    await alex.page.getByRole('tab', { name: en['ticket.tab.conversation'] }).click()
    await resolveIt(alex.page)

    await button(camille.page, fr['action.confirm']).click()
    await camille.page.getByText(fr['status.plain.closed']).waitFor()
    await camille.page.getByText(fr['survey.title']).waitFor()
    await camille.page.getByRole('radio', { name: fr['survey.score.5'] }).focus()
    await camille.page.keyboard.press('Space')
    await button(camille.page, fr['survey.submit']).click()
    await camille.page.getByText(fr['survey.answered'].replace('{{score}}', '5')).waitFor()
    await camille.context.close()
    await alex.context.close()
  })

  it('arrives by mail, with a number and an answer in the thread', async () => {
    const transport = nodemailer.createTransport({
      host: '127.0.0.1',
      port: product.smtpPort,
      secure: false,
      tls: { rejectUnauthorized: false },
    })
    await transport.sendMail({
      from: 'Zoé Petit <zoe.petit@example.net>',
      to: 'support@example.org',
      subject: 'Écran noir au démarrage',
      text: 'Bonjour, mon écran reste noir.',
      messageId: '<e2e-1@example.net>',
    })
    transport.close()
    const alex = await signIn(browser, product, 'alex@example.org', 'en')
    await alex.page.goto(`${product.url}/queue?view=all`)
    await alex.page.getByText('Écran noir au démarrage').first().waitFor()
    await alex.context.close()
  })
})

describe('the process owner', () => {
  it('is told of mistakes at their elements, and deploys a step that the next incident takes while open ones keep theirs', async () => {
    const camille = await signIn(browser, product, 'camille@example.org', 'fr')
    const before = await report(camille.page, 'Ouvert avant le changement')
    const priya = await signIn(browser, product, 'priya@example.org', 'en')
    const page = priya.page
    await page.goto(`${product.url}/studio/process/incident`)
    const start = page.locator('.djs-element[data-element-id="reported"]').first()
    await start.waitFor()
    await page.getByText(studioEn['studio.noProblem']).waitFor()

    const [chooser] = await Promise.all([page.waitForEvent('filechooser'), button(page, studioEn['studio.upload']).click()])
    const broken = join(scratch, 'broken.bpmn')
    writeFileSync(broken, '<bpmn:definitions><oops')
    await chooser.setFiles(broken)
    await page.getByText(studioEn['studio.upload.refused']).waitFor()

    // A draft with an element that the engine refuses: named at the element, and the deployment is blocked.
    const source = (await (
      await fetch(`${product.url}/api/v1/definitions/process/incident`, { headers: { cookie: await cookies(page) } })
    ).json()) as { source: string }
    const refused = join(scratch, 'refused.bpmn')
    writeFileSync(refused, source.source.replaceAll(/<(\/?)bpmn:exclusiveGateway/g, '<$1bpmn:complexGateway'))
    const [again] = await Promise.all([page.waitForEvent('filechooser'), button(page, studioEn['studio.upload']).click()])
    await again.setFiles(refused)
    await page.locator('.gx-problem-row').first().waitFor()
    await page.getByRole('button', { name: studioEn['studio.draft.discard'] }).click()
    await page.getByText(studioEn['studio.noProblem']).waitFor()

    // Draw a user task beside the start.
    await page.locator('.djs-element[data-element-id="reported"]').first().click()
    await page.locator('.djs-context-pad .entry[data-action="append.append-task"]').click()
    await page.locator('.djs-context-pad .entry[data-action="replace"]').waitFor()
    await page.keyboard.press('Escape')
    await page.locator('.djs-context-pad .entry[data-action="replace"]').click()
    await page.locator('.djs-popup .entry[data-id="replace-with-user-task"]').click()
    await deploy(page, 'A second pair of eyes from the start')

    const after = await report(camille.page, 'Ouvert après le changement')
    await expect.poll(() => openTaskCount(page, after)).toBe(2)
    expect(await openTaskCount(page, before)).toBe(1)
    // The other journeys walk the incident as it is shipped.
    const { version } = (await (await page.request.get(`${product.url}/api/v1/definitions/process/incident`)).json()) as { version: number }
    const back = await page.request.post(`${product.url}/api/v1/definitions/process/incident`, {
      data: { source: source.source, note: 'As it was', baseVersion: version },
    })
    expect(back.status()).toBe(201)
    await camille.context.close()
    await priya.context.close()
  })
})

const cookies = async (page: Page) => (await page.context().cookies()).map((cookie) => `${cookie.name}=${cookie.value}`).join('; ')

async function openTaskCount(page: Page, number: string): Promise<number> {
  const answer = await page.request.get(`${product.url}/api/v1/tickets/${number}`)
  return ((await answer.json()) as { tasks: unknown[] }).tasks.length
}

async function deploy(page: Page, note: string): Promise<void> {
  await page.getByText(studioEn['studio.noProblem']).waitFor()
  await button(page, studioEn['studio.deploy']).click()
  await page.getByLabel(studioEn['studio.deploy.note']).fill(note)
  await page.getByRole('dialog').getByRole('button', { name: studioEn['studio.deploy.submit'], exact: true }).click()
  await page.getByText(studioEn['studio.deployed.title'], { exact: true }).waitFor()
}

describe('the auditor', () => {
  it('reads and exports a history, verifies the ledger, and finds the row that was altered by hand', async () => {
    const camille = await signIn(browser, product, 'camille@example.org', 'fr')
    const number = await report(camille.page, 'À auditer')
    await camille.context.close()
    const odile = await signIn(browser, product, 'odile@example.org', 'en')
    const page = odile.page
    await page.goto(`${product.url}/audit/tickets/${number}`)
    await page.getByText('Camille Laurent').first().waitFor()
    const exported = await page.request.get(`${product.url}/api/v1/tickets/${number}/export?format=csv`)
    expect(exported.headers()['content-type']).toContain('text/csv')
    expect((await exported.text()).split('\n').length).toBeGreaterThan(5)

    await page.goto(`${product.url}/audit`)
    await button(page, studioEn['audit.verify']).click()
    await page.getByText(studioEn['audit.intact']).waitFor()
    const owner = new pg.Client({ connectionString: product.ownerUrl })
    await owner.connect()
    try {
      const altered = await owner.query(
        `update fact set body = jsonb_set(body, '{opening,fields,title}', '"Rien à voir"') where type = 'ticketOpened' and body #>> '{opening,number}' = $1`,
        [number],
      )
      expect(altered.rowCount).toBe(1)
    } finally {
      await owner.end()
    }
    await button(page, studioEn['audit.verifyAgain']).click()
    const row = page.locator('.audit-broken tr', { hasText: number })
    await row.waitFor()
    expect(await row.textContent()).toContain(studioEn['audit.kind.altered'])
    await odile.context.close()
  })
})

describe('the shape of the pages', () => {
  it.each([
    ['alex@example.org', '/queue'],
    ['alex@example.org', '/tasks'],
    ['alex@example.org', '/board'],
    ['priya@example.org', '/studio'],
    ['odile@example.org', '/figures'],
    ['admin@example.org', '/admin/people'],
    ['camille@example.org', '/portal'],
  ])('%s finds %s accessible, wide and narrow, without sideways scrolling', async (email, path) => {
    const { context, page } = await signIn(browser, product, email, 'fr')
    for (const width of [1440, 390]) {
      await page.setViewportSize({ width, height: 850 })
      await page.goto(product.url + path)
      await page.getByRole('heading', { level: 1 }).first().waitFor()
      await page.waitForLoadState('networkidle').catch(() => {})
      await expectAccessible(page)
      expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0)
    }
    await context.close()
  })
})

it('names the licence of the diagrams: the bpmn.io mark stays visible', async () => {
  const { context, page } = await signIn(browser, product, 'priya@example.org', 'en')
  await page.goto(`${product.url}/studio/process/incident`)
  await page.locator('.bjs-powered-by').waitFor()
  expect(await page.locator('.bjs-powered-by').isVisible()).toBe(true)
  await context.close()
})
