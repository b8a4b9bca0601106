/** Names in FEEL: scopes, the variables of a for, some or every, and the bounds on their work. */
import { FeelRange } from 'feelin'
import { add, type FeelNumber } from './decimal.ts'
import { move, secondsDuration } from './temporal.ts'
import type { TypeLookup } from './types.ts'
import { compare, kindOf } from './values.ts'
import type { FeelDate } from 'feelin'

export type Bindings = Record<string, unknown>
export interface Scope {
  names: Bindings
  outer: Scope | null
}

export interface Warning {
  type: string
  message: string
  position: { from: number; to: number }
}

/** One evaluation: its warnings, its clock, and the count of its work. */
export interface Run {
  warnings: Warning[]
  /** The function behind `now` or `today`. */
  clock(name: 'now' | 'today'): unknown
  /** An item definition of the file that the expression stands in. */
  typeNamed: TypeLookup
  /** Counts one round or call. @throws FeelFailure beyond the limit */
  step(): void
}

export function warn(run: Run, type: string, message: string, { from, to }: { from: number; to: number }): null {
  run.warnings.push({ type, message, position: { from, to } })
  return null
}

const SIMPLE = /^[A-Za-z_]\w*$/

/** A name as written, with its spaces made one and none around operators (clause 10.3.1.4). */
export function nameOf(written: string): string {
  return SIMPLE.test(written)
    ? written
    : written
        .trim()
        .replace(/\s*([./\-'+*])\s*/g, '$1')
        .replace(/\s+/g, ' ')
}

/** Undefined when no scope has the name; a variable that is undefined counts as absent. */
export function lookUp(scope: Scope, name: string): unknown {
  const isSimple = SIMPLE.test(name) || name === '?'
  for (let at: Scope | null = scope; at; at = at.outer) {
    if (Object.hasOwn(at.names, name)) {
      if (at.names[name] !== undefined) return at.names[name]
    } else if (!isSimple) for (const key in at.names) if (nameOf(key) === name) return at.names[key]
  }
  return undefined
}

/** What stands after `in` is neither a list nor a range that has steps. */
export class InvalidIteration extends Error {}

/** The items to go through: of a list, of a range with both ends, or from one bound to another. */
export function eachOf(bounds: unknown[]): Iterable<unknown> {
  const [first, second] = bounds
  if (bounds.length === 2) return steps(first, second, true, true, true)
  if (Array.isArray(first)) return first
  if (first instanceof FeelRange) return steps(first.start, first.end, first['start included'], first['end included'], false)
  throw new InvalidIteration(`there is nothing to go through in ${kindOf(first)}`)
}

/** Numbers by one, dates by one day; downwards only where the bounds are written without brackets. */
function* steps(start: unknown, end: unknown, hasStart: boolean, hasEnd: boolean, mayDescend: boolean): Iterable<unknown> {
  const order = start === null || end === null ? null : compare(start, end)
  if (order === null || !['number', 'date'].includes(kindOf(start)) || (order > 0 && !mayDescend))
    throw new InvalidIteration('the range has no steps')
  const direction = order > 0 ? -1 : 1
  const day = secondsDuration(86_400)!
  let at: unknown = start
  for (;;) {
    const distance = compare(at, end)
    if (distance === null || distance * direction > 0) return
    const isEdge = (at === start && !hasStart) || (distance === 0 && !hasEnd)
    if (!isEdge) yield at
    at = kindOf(at) === 'number' ? add(at as FeelNumber, direction) : move(at as FeelDate, day, direction)
  }
}

interface Part {
  name: string
  items(scope: Scope, run: Run): Iterable<unknown>
}

/** Goes through the product of `parts`, later ones seeing earlier names, while `visit` says so. */
export function iterate(parts: readonly Part[], scope: Scope, run: Run, visit: (round: Scope) => boolean): boolean {
  const [part, ...more] = parts
  if (!part) return visit({ names: {}, outer: scope })
  for (const item of part.items(scope, run)) {
    run.step()
    if (!iterate(more, { names: { [part.name]: item }, outer: scope }, run, visit)) return false
  }
  return true
}
