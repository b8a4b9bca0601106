import type { Bundle } from '#domain/bundle'
import type { Locale } from '../problem.ts'

/** What the diagram calls an element, in the reader's language: `name` is French by custom, `guichet:nameEn` the English one. Null when it has no name. */
export function elementName(bundle: Bundle | null | undefined, elementId: string, locale: Locale): string | null {
  for (const model of bundle ? [bundle.process, ...Object.values(bundle.called)] : []) {
    const element = model.elements[elementId]
    if (element) return (locale === 'en' ? element.attributes?.['nameEn'] : undefined) || element.name || null
  }
  return null
}
