/** The types that a DMN file declares, as FEEL's own. */
import type { DataType } from '../model.ts'
import { ANY, type FeelType, typeNamed } from './types.ts'

export function feelTypeOf(type: DataType | null): FeelType {
  if (type === null) return ANY
  if (typeof type === 'string') return typeNamed(type)
  if ('list' in type) return { is: 'list', of: feelTypeOf(type.list) }
  if ('of' in type) return feelTypeOf(type.of)
  return { is: 'context', entries: type.context.map(({ name, type: of }) => ({ name, type: feelTypeOf(of) })) }
}
