/** Is this cart one that can be ordered? Every mistake at its field, all at once. */
import { unavailability, type Unavailable } from '#domain/catalogue'
import { parseInstant } from '#engine/time'
import type { CatalogueItem } from '#schema/catalogue-item'
import { Form } from '#schema/form'
import type { Variables } from '#schema/json'
import type { CartLine } from '#schema/request'
import { getItem } from '../../activities/store/request/catalogue.ts'
import { getDefinition } from '../../activities/store/definition/definitions.ts'
import type { OrderLine } from '../../activities/store/request/orders.ts'
import type { Db } from '../deps.ts'
import { ApiProblem, type Locale, type ProblemPlace } from '../problem.ts'
import { checkForm } from '../routes/tasks.ts'

const deskZone = 'Europe/Paris'
const codes: Record<Unavailable, string> = {
  withdrawn: 'itemWithdrawn',
  notYet: 'itemNotYet',
  noLonger: 'itemNoLonger',
  notForYou: 'itemNotForYou',
}

export interface CartCheck {
  lines: readonly CartLine[]
  orderedById: string
  requesterId: string
  /** Groups of who orders. */
  groups: readonly string[]
  locale: Locale
  at: number
}

/** ISO date at the desk. */
export const deskDay = (at: number): string => new Intl.DateTimeFormat('sv-SE', { timeZone: deskZone, dateStyle: 'short' }).format(at)

function checkItem(
  item: CatalogueItem | undefined,
  line: CartLine,
  cart: CartCheck,
): { path: string; code: string; message: string } | null {
  if (!item) return { path: 'itemId', code: 'itemNotFound', message: line.itemId }
  const closed = unavailability(item, cart.groups, deskDay(cart.at))
  const name = item.name[cart.locale]
  if (closed !== null) return { path: 'itemId', code: codes[closed], message: name }
  if (line.version !== item.version) return { path: 'version', code: 'itemChanged', message: name }
  if (line.quantity > item.maxQuantity) return { path: 'quantity', code: 'quantityTooLarge', message: `${item.maxQuantity}` }
  if (!item.isForOthers && cart.orderedById !== cart.requesterId) return { path: 'itemId', code: 'itemNotForOthers', message: name }
  return null
}

/** An entitlement that is no longer granted closes the items that grant it. */
async function checkEntitlement(
  db: Db,
  item: CatalogueItem,
  locale: Locale,
): Promise<{ path: string; code: string; message: string } | null> {
  if (item.entitlementId === null) return null
  const row = await db.selectFrom('entitlement').select('isActive').where('id', '=', item.entitlementId).executeTakeFirst()
  return row?.isActive === true ? null : { path: 'itemId', code: 'itemNoLonger', message: item.name[locale] }
}

async function formOf(db: Db, item: CatalogueItem): Promise<Form | null> {
  const definition = item.formId === null ? undefined : await getDefinition(db, 'form', item.formId)
  return definition ? Form.parse(JSON.parse(definition.source)) : null
}

/** Answers that name a record, or an end that must lie ahead. */
async function checkReferences(db: Db, answers: Variables, cart: CartCheck): Promise<{ path: string; code: string; message: string }[]> {
  const found: { path: string; code: string; message: string }[] = []
  const { personId, profileId, grantId, expiresAt } = answers
  if (
    typeof personId === 'string' &&
    !(await db.selectFrom('person').select('id').where('id', '=', personId).where('isActive', '=', true).executeTakeFirst())
  )
    found.push({ path: 'personId', code: 'personNotFound', message: personId })
  if (typeof profileId === 'string' && !(await db.selectFrom('accessProfile').select('id').where('id', '=', profileId).executeTakeFirst()))
    found.push({ path: 'profileId', code: 'profileNotFound', message: profileId })
  if (typeof expiresAt === 'string' && (parseInstant(expiresAt, deskZone) ?? 0) <= cart.at)
    found.push({ path: 'expiresAt', code: 'expiryInPast', message: expiresAt })
  if (typeof grantId === 'string') {
    const grant = await db
      .selectFrom('accessGrant')
      .select('personId')
      .where('id', '=', /^[0-9a-f-]{36}$/.test(grantId) ? grantId : emptyId)
      .where('state', '=', 'active')
      .executeTakeFirst()
    if (grant?.personId !== cart.requesterId) found.push({ path: 'grantId', code: 'grantNotFound', message: grantId })
  }
  return found
}
const emptyId = '00000000-0000-0000-0000-000000000000'

async function checkAnswers(
  db: Db,
  item: CatalogueItem,
  line: CartLine,
  cart: CartCheck,
): Promise<{ answers: Variables; places: ProblemPlace[] }> {
  const form = await formOf(db, item)
  if (!form) {
    const given = Object.keys(line.answers)
    return { answers: {}, places: given.map((key) => ({ path: `answers.${key}`, code: 'unknownField', message: key })) }
  }
  try {
    const asked = checkForm(form, line.answers, cart.locale, 'answers')
    // Every key, always: a process that looks at an answer finds null rather than nothing.
    const keys = form.components.flatMap((component) => ('key' in component ? [component.key] : []))
    const answers = Object.fromEntries(keys.map((key) => [key, asked[key] ?? null]))
    const places = (await checkReferences(db, answers, cart)).map((place) => ({ ...place, path: `answers.${place.path}` }))
    return { answers, places }
  } catch (error) {
    if (!(error instanceof ApiProblem)) throw error
    return { answers: {}, places: error.options.errors ?? [] }
  }
}

/** @throws {ApiProblem} 422 `invalidOrder`, naming every line and field */
export async function checkCart(db: Db, cart: CartCheck): Promise<OrderLine[]> {
  const places: ProblemPlace[] = []
  const lines: OrderLine[] = []
  for (const [index, line] of cart.lines.entries()) {
    const item = await getItem(db, line.itemId)
    const wrong = checkItem(item, line, cart) ?? (item ? await checkEntitlement(db, item, cart.locale) : null)
    if (wrong || !item) {
      if (wrong) places.push({ ...wrong, path: `lines.${index}.${wrong.path}` })
      continue
    }
    const checked = await checkAnswers(db, item, line, cart)
    places.push(...checked.places.map((place) => ({ ...place, path: `lines.${index}.${place.path}` })))
    lines.push({ item, quantity: line.quantity, answers: checked.answers })
  }
  if (places.length > 0) throw new ApiProblem(422, 'invalidOrder', { errors: places })
  return lines
}
