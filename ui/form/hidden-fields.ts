import { useEffect, useState } from 'react'
import type { Form } from '#schema/form'
import type { Variables } from '#schema/json'

const nothing: ReadonlySet<string> = new Set()

/** Ids of the components whose `conditional.hide` (FEEL) holds for the values. The FEEL engine is loaded only for forms that use it. */
export function useHiddenFields(form: Form, values: Variables): ReadonlySet<string> {
  const [hidden, setHidden] = useState(nothing)
  const isConditional = form.components.some((component) => component.conditional !== undefined)
  useEffect(() => {
    if (!isConditional) return
    let isCurrent = true
    void import('./hide-conditions.ts').then(({ hiddenFields }) => {
      if (!isCurrent) return
      const next = hiddenFields(form, values)
      setHidden((before) => (before.size === next.size && [...next].every((id) => before.has(id)) ? before : next))
    })
    return () => {
      isCurrent = false
    }
  }, [form, values, isConditional])
  return isConditional ? hidden : nothing
}
