import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { openBrowser } from './product.ts'
import { button, decide, en, expectAccessible, fill, fr, sessions, work } from './walk.ts'

const { url } = inject('product')
let browser: Browser
const people = sessions(() => browser)
beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser?.close())

it('an order from the catalogue is approved, delivered step by step, and confirmed', async () => {
  const camille = await people.as('camille', 'fr')
  await camille.goto(`${url}/portal/catalogue`)
  await camille.getByRole('link', { name: /^Ordinateur portable/ }).click()
  // An answer that is missing is told at its field, and nothing goes into the cart.
  await button(camille, fr['cart.add']).click()
  await camille.locator('[data-field="site"][aria-invalid="true"]').waitFor()
  await fill(camille, { model: '14 pouces, bureautique', site: 'Lyon, bureau 312', need: 'Le mien a six ans.' })
  await button(camille, fr['cart.add']).click()
  await camille.getByRole('heading', { level: 1, name: fr['cart.title'] }).waitFor()
  await expectAccessible(camille)
  await button(camille, fr['cart.submit']).click()
  const order = camille.locator('.cart-line', { hasText: fr['stage.awaitingApproval'] }).first()
  await order.waitFor()
  const number = (await order
    .getByText(/^REQ-\d{6}$/)
    .first()
    .textContent())!
  await camille.goto(`${url}/portal/tickets/${number}`)
  await camille.getByText(fr['stage.awaitingApproval']).first().waitFor()

  // Marc is Camille's manager: approved is not delivered.
  const marc = await people.as('marc')
  await decide(marc, number, 'approval.approve', 'Yes, it is time.')
  await camille.getByText(fr['stage.beingDelivered']).first().waitFor()

  const sofia = await people.as('sofia')
  await sofia.goto(`${url}/tickets/${number}`)
  await sofia.getByText('Yes, it is time.').waitFor()
  await work(sofia, 'Order the equipment', { purchaseOrder: 'PO-77' })
  await work(sofia, 'Prepare the computer', { assetTag: 'LT-0042', isEncrypted: true })
  await work(sofia, 'Hand over', { handedOverOn: '2026-11-25' })

  await button(camille, fr['action.confirm']).click()
  await camille.getByText(fr['status.plain.closed']).first().waitFor()
  await sofia.getByText(en['ticket.noTask.hint.closed']).waitFor()
  expect(await sofia.getByText(en['stage.completed'], { exact: true }).count()).toBeGreaterThan(0)
})

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
