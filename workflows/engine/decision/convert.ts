/** Values as the types that a DMN file declares (DMN 1.3 clauses 7.3.2 and 10.3.2.9.4). */
import { type FeelClock, FeelFailure, passesUnaryTests } from '../expression.ts'
import { textOf } from '../feel/builtins.ts'
import { readTemporal } from '../feel/temporal.ts'
import { convert, NO_VALUE, typeNamed } from '../feel/types.ts'
import { kindOf } from '../feel/values.ts'
import type { DataType } from '../model.ts'

/**
 * A value as a type: converted as the standard says; a date, time or duration is also read from its text, for JSON has none.
 * @throws FeelFailure when it has no value of that type, or none of those allowed
 */
export function convertTo(type: DataType, value: unknown, clock: FeelClock): unknown {
  if (value === null || value === undefined) return null
  if (typeof type === 'string') return convertToNamed(type, value)
  if ('of' in type) {
    const converted = type.of === null ? value : convertTo(type.of, value, clock)
    if (passesUnaryTests(type.allowed, converted, {}, clock)) return converted
    throw new FeelFailure(textOf(value), `expected one of ${type.allowed}, found another value`)
  }
  if ('list' in type) {
    const items = Array.isArray(value) ? value : [value]
    return type.list === null ? items : items.map((item) => convertTo(type.list!, item, clock))
  }
  const context = Array.isArray(value) && value.length === 1 ? value[0] : value
  if (kindOf(context) !== 'context') throw new FeelFailure(textOf(value), 'expected a context, found another type')
  const converted: Record<string, unknown> = { ...(context as Record<string, unknown>) }
  for (const { name, type: of } of type.context)
    if (of !== null && Object.hasOwn(converted, name)) converted[name] = convertTo(of, converted[name], clock)
  return converted
}

function convertToNamed(type: string, value: unknown): unknown {
  const converted = convert(typeof value === 'string' && type !== 'string' ? (readTemporal(value) ?? value) : value, typeNamed(type))
  if (converted === NO_VALUE) throw new FeelFailure(textOf(value), `expected ${type}, found another type`)
  return converted
}
