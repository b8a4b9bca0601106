/** What a change touches, and which windows are about it. Relations point from the whole to its part, from the dependent to what it stands on: either way they count. */
import type { ChangeScope, ChangeWindow } from '#schema/change'

export interface CiRelation {
  fromId: string
  toId: string
}
/** The part of a change that windows and collisions look at. */
export interface Touched {
  ciIds: readonly string[]
  service: string | null
}

/** Configuration items one relation away, either way, without the items themselves. */
export function neighboursOf(ciIds: readonly string[], relations: readonly CiRelation[]): Set<string> {
  const own = new Set(ciIds)
  const found = new Set<string>()
  for (const { fromId, toId } of relations) {
    if (own.has(fromId) && !own.has(toId)) found.add(toId)
    if (own.has(toId) && !own.has(fromId)) found.add(fromId)
  }
  return found
}

/** A scope of items is about their direct parents and children as well. */
export function isAbout(scope: ChangeScope, touched: Touched, relations: readonly CiRelation[]): boolean {
  if (scope.type === 'everything') return true
  if (scope.type === 'services') return touched.service !== null && scope.services.includes(touched.service)
  const near = neighboursOf(touched.ciIds, relations)
  return scope.ciIds.some((id) => touched.ciIds.includes(id) || near.has(id))
}

export const windowsAbout = <W extends Pick<ChangeWindow, 'scope'>>(
  windows: readonly W[],
  touched: Touched,
  relations: readonly CiRelation[],
): W[] => windows.filter((window) => isAbout(window.scope, touched, relations))
