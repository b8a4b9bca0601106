import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, inject, it } from 'vitest'
import { openBrowser } from './product.ts'
import { button, decide, en, fill, fr, sessions } from './walk.ts'

const { url } = inject('product')
let browser: Browser
const people = sessions(() => browser)
beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser?.close())

it('a refusal needs its reason, and the requester reads it', async () => {
  const camille = await people.as('camille', 'fr')
  await camille.goto(`${url}/portal/catalogue/shared-mailbox`)
  await fill(camille, { mailboxAddress: 'ventes@example.org', members: 'camille@example.org' })
  await button(camille, fr['cart.add']).click()
  await button(camille, fr['cart.submit']).click()
  const order = camille.locator('.cart-line', { hasText: fr['stage.awaitingApproval'] }).first()
  const number = (await order
    .getByText(/^REQ-\d{6}$/)
    .first()
    .textContent())!
  const marc = await people.as('marc')
  await marc.goto(`${url}/approvals`)
  const card = marc.locator('.approval-card', { hasText: number })
  await button(card, en['approval.reject']).click()
  await card.getByText(en['approval.commentNeeded']).waitFor()
  await decide(marc, number, 'approval.reject', 'There is one already.')
  await camille.goto(`${url}/portal/tickets/${number}`)
  await camille.getByText(fr['stage.rejected']).first().waitFor()
  await camille.getByText('There is one already.').first().waitFor()
})
