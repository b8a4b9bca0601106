import { evaluateFeel } from '#engine/expression'
import type { Form } from '#schema/form'
import type { Variables } from '#schema/json'

/** Ids of the components that their own condition hides. A condition that cannot be evaluated yet (a value is missing) hides nothing. */
export function hiddenFields(form: Form, values: Variables): ReadonlySet<string> {
  const hidden = new Set<string>()
  const clock = { at: Date.now(), timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone }
  for (const component of form.components) {
    const source = component.conditional?.hide.trim().replace(/^=/, '')
    if (source === undefined || source === '') continue
    try {
      if (evaluateFeel(source, values, clock) === true) hidden.add(component.id)
    } catch {}
  }
  return hidden
}
