import type { FactView } from '#schema/view'
import { changeOf } from '../../diagram/fact-change.ts'
import type { NameOf } from '../ticket/fact-words.ts'

/** From which value to which. */
export function ChangeText({ fact, nameOf }: { fact: FactView; nameOf: NameOf }) {
  const change = changeOf(fact)
  if (!change) return null
  return (
    <span className="audit-change">
      <del>{nameOf(change.field, change.from)}</del> → <ins>{nameOf(change.field, change.to)}</ins>
    </span>
  )
}
