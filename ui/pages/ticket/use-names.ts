import { useGroups, usePeople } from '../../client/administration.ts'
import { useOptions } from '../../client/desk.ts'
import { useText } from '../../i18n/index.ts'
import type { NameOf } from './fact-words.ts'

/** Longest value shown in a line of the timeline, in characters. */
const valueLength = 90

/** Turns ids and codes of ticket fields into the reader's words. */
export function useNames(): NameOf {
  const { t, tOr } = useText()
  const people = usePeople('').data ?? []
  const groups = useGroups().data ?? []
  const options = useOptions().data
  return (field, value) => {
    if (value === null || value === undefined || value === '') return t('common.none')
    const text = typeof value === 'object' ? JSON.stringify(value) : String(value)
    if (field === 'assigneeId' || field === 'requesterId') return people.find((person) => person.id === text)?.name ?? text
    if (field === 'groupId') return groups.find((group) => group.id === text)?.name ?? text
    if (field === 'status') return tOr(`status.${text}`, text)
    if (field === 'priority') return tOr(`priority.${text}`, text)
    if (field === 'resolutionCode') return tOr(`resolutionCode.${text}`, text)
    if (field === 'impact' || field === 'urgency') return tOr(`level.${text}`, text)
    if (field === 'category') return options?.categories.find((choice) => choice.value === text)?.label ?? text
    if (field === 'service') return options?.services.find((choice) => choice.value === text)?.label ?? text
    if (typeof value === 'boolean') return value ? t('common.yes') : t('common.no')
    return text.length > valueLength ? `${text.slice(0, valueLength)}…` : text
  }
}
