import listed from '../../definitions/seed/options.json' with { type: 'json' }
import type { Db } from '../deps.ts'
import type { Locale } from '../problem.ts'

interface Option {
  value: string
  label: string
}

/** What a `service` or `category` may be, labelled in the reader's language, and whatever tickets carry beside that (imports). */
export async function readOptions(db: Db, locale: Locale): Promise<{ services: Option[]; categories: Option[] }> {
  const used = async (column: 'service' | 'category'): Promise<string[]> =>
    (
      await db
        .selectFrom('ticket')
        .select(`${column} as value`)
        .distinct()
        .where(column, 'is not', null)
        .orderBy('value')
        .limit(500)
        .execute()
    ).map((r) => r.value as string)
  const all = (known: { value: string; label: string; label_fr: string }[], seen: readonly string[]): Option[] => [
    ...known.map((o) => ({ value: o.value, label: locale === 'fr' ? o.label_fr : o.label })),
    ...seen.filter((value) => !known.some((o) => o.value === value)).map((value) => ({ value, label: value })),
  ]
  const register = await db
    .selectFrom('service')
    .select(['code', 'name', 'nameEn'])
    .where('archivedAt', 'is', null)
    .orderBy('name')
    .execute()
  const recorded = register.map(({ code, name, nameEn }) => ({ value: code, label: nameEn ?? name, label_fr: name }))
  // A desk without a register of services yet offers the usual ones.
  const known = recorded.length > 0 ? recorded : listed.services
  const [services, categories] = await Promise.all([used('service'), used('category')])
  return { services: all(known, services), categories: all(listed.categories, categories) }
}
