/** The cart: on this device, one for each person, until it is ordered. */
import { useSyncExternalStore } from 'react'
import { z } from 'zod'
import { CatalogueIcon, Price } from '#schema/catalogue-item'
import { CartLine } from '#schema/request'
import { usePerson } from '../../client/session.ts'

const CartEntry = CartLine.extend({
  /** Names one line of the cart; the same item may be in it twice with other answers. */
  key: z.string(),
  name: z.string(),
  icon: CatalogueIcon,
  price: Price.nullable(),
  maxQuantity: z.int(),
  isForOthers: z.boolean(),
})
export type CartEntry = z.infer<typeof CartEntry>

const listeners = new Set<() => void>()
const read = new Map<string, { text: string; entries: CartEntry[] }>()
const none: CartEntry[] = []
const nameOf = (personId: string): string => `guichet.cart.${personId}`

function entriesOf(personId: string): CartEntry[] {
  const text = localStorage.getItem(nameOf(personId)) ?? ''
  const known = read.get(personId)
  if (known?.text === text) return known.entries
  const entries = text === '' ? none : parse(text)
  read.set(personId, { text, entries })
  return entries
}
function parse(text: string): CartEntry[] {
  try {
    return z.array(CartEntry).parse(JSON.parse(text))
  } catch {
    return none
  }
}
function write(personId: string, entries: readonly CartEntry[]): void {
  localStorage.setItem(nameOf(personId), JSON.stringify(entries))
  for (const listener of listeners) listener()
}
const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener)
  window.addEventListener('storage', listener)
  return () => {
    listeners.delete(listener)
    window.removeEventListener('storage', listener)
  }
}

export interface Cart {
  entries: CartEntry[]
  count: number
  add: (entry: CartEntry) => void
  change: (key: string, quantity: number) => void
  remove: (key: string) => void
  clear: () => void
}

export function useCart(): Cart {
  const { id } = usePerson()
  const entries = useSyncExternalStore(subscribe, () => entriesOf(id))
  return {
    entries,
    count: entries.reduce((sum, { quantity }) => sum + quantity, 0),
    add: (entry) => write(id, [...entriesOf(id), entry]),
    change: (key, quantity) =>
      write(
        id,
        entriesOf(id).map((entry) => (entry.key === key ? { ...entry, quantity } : entry)),
      ),
    remove: (key) =>
      write(
        id,
        entriesOf(id).filter((entry) => entry.key !== key),
      ),
    clear: () => write(id, []),
  }
}
