/** What every journey does, by the words that the reader sees. */
import AxeBuilder from '@axe-core/playwright'
import type { Locator, Page } from 'playwright-core'
import { expect, inject } from 'vitest'
import { type Locale, texts } from '../../ui/i18n/index.ts'
import { type Product, signIn } from './product.ts'

export const { en, fr } = texts
export const button = (page: Page | Locator, name: string) => page.getByRole('button', { name, exact: true }).first()

/** Opens a list and takes one of its choices. */
export async function pick(list: Locator, choice: string | RegExp): Promise<void> {
  await list.click()
  const place = await list.getAttribute('aria-controls')
  const choices = place ? list.page().locator(`[id="${place}"]`) : list.page().getByRole('listbox')
  await choices
    .getByRole('option', typeof choice === 'string' ? { name: choice, exact: true } : { name: choice })
    .first()
    .click()
}

export type Answers = Record<string, string | number | boolean>

/** Fills in the fields of a form by their keys; of lists and choices the words that are shown. */
export async function fill(place: Page | Locator, answers: Answers): Promise<void> {
  for (const [key, answer] of Object.entries(answers)) {
    const field = place.locator(`[data-field="${key}"]`).first()
    await field.waitFor()
    const [kind, role] = await field.evaluate((node) => [
      node instanceof HTMLInputElement ? node.type : node.tagName,
      node.role ?? node.getAttribute('aria-haspopup'),
    ])
    if (kind === 'checkbox') await field.setChecked(answer === true)
    else if (kind === 'DIV') await field.getByRole('radio', { name: String(answer), exact: true }).check()
    else if (role === 'combobox' || role === 'listbox') await pick(field, String(answer))
    else await field.fill(String(answer))
  }
}

/** The reader takes a task that is free, fills in its form and completes it. */
export async function work(page: Page, task: string, answers: Answers = {}, locale: Locale = 'en'): Promise<void> {
  const t = texts[locale]
  const card = page.getByRole('region', { name: task, exact: true }).first()
  await card.waitFor()
  const claim = button(card, t['task.claim'])
  if (await claim.isVisible()) {
    await claim.click()
    await button(card, t['task.release']).waitFor()
  }
  await fill(card, answers)
  await button(card, t['task.complete']).click()
  await card.waitFor({ state: 'detached' })
}

/** Whoever is asked decides in the inbox. */
export async function decide(
  page: Page,
  number: string,
  choice: 'approval.approve' | 'approval.reject',
  comment: string,
  locale: Locale = 'en',
): Promise<void> {
  await page.goto(`${inject('product').url}/approvals`)
  const card = page.locator('.approval-card', { hasText: number })
  await card.getByLabel(texts[locale]['approval.comment']).fill(comment)
  await button(card, texts[locale][choice]).click()
  await card.waitFor({ state: 'detached' })
}

/** Camille reports through the portal, in French; gives the ticket's number. */
export async function report(page: Page, title: string): Promise<string> {
  await page.goto(`${inject('product').url}/portal/new`)
  await page.getByLabel('Que se passe-t-il ?').fill(title)
  await page.getByLabel('Décrivez la situation').fill('Depuis ce matin, rien ne sort.')
  await button(page, fr['portal.submit']).click()
  await page.waitForURL(/\/portal\/tickets\//)
  const number = await page.locator('.ticket-number').first().textContent()
  expect(number).toMatch(/^INC-\d{6}$/)
  return number!
}

export async function expectAccessible(page: Page): Promise<void> {
  const found = await new AxeBuilder({ page: page as never }).withTags(['wcag2a', 'wcag2aa']).exclude('.bjs-container').analyze()
  const serious = found.violations.filter((violation) => violation.impact === 'serious' || violation.impact === 'critical')
  expect(serious.map((violation) => `${violation.id}: ${violation.nodes.map((node) => node.target.join(' ')).join(', ')}`)).toEqual([])
}

/** Sessions of people, opened when first asked for: `await as('mei')`. */
export function sessions(browser: () => Parameters<typeof signIn>[0]) {
  const open = new Map<string, ReturnType<typeof signIn>>()
  const product: Product = inject('product')
  return {
    as: async (id: string, locale: Locale = 'en'): Promise<Page> => {
      const session = open.get(id) ?? signIn(browser(), product, `${id}@example.org`, locale)
      open.set(id, session)
      return (await session).page
    },
    close: async () => {
      for (const session of open.values()) await (await session).context.close()
    },
  }
}
