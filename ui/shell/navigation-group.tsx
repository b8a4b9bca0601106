import { useLocalStorage } from '@mantine/hooks'
import { IconChevronDown } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { type TextKey, useText } from '../i18n/index.ts'

/** Groups that each reader opened or closed, by label; what is not named follows the rule of `isOpenAtFirst`. */
const storageKey = 'guichet.navigation'

/** A short rail shows everything; in a long one, only the daily groups and where one is. */
const fewEntries = 14
const dailyGroups: readonly TextKey[] = ['nav.work', 'nav.steer']

export const isOpenAtFirst = (group: { label: TextKey }, entries: number, isCurrent: boolean): boolean =>
  entries <= fewEntries || isCurrent || dailyGroups.includes(group.label)

/** One group of the rail, under a heading that opens and closes it. */
export function NavigationGroupSection({
  label,
  isOpenInitially,
  isCurrent,
  children,
}: {
  label: TextKey
  isOpenInitially: boolean
  isCurrent: boolean
  children: ReactNode
}) {
  const { t } = useText()
  const [chosen, setChosen] = useLocalStorage<Record<string, boolean>>({
    key: storageKey,
    defaultValue: {},
    getInitialValueInEffect: false,
  })
  const isOpen = chosen[label] ?? isOpenInitially
  const bodyId = `nav-${label}`
  return (
    <div>
      <button
        type="button"
        className="rail-group"
        aria-expanded={isOpen}
        aria-controls={bodyId}
        data-current={isCurrent || undefined}
        onClick={() => setChosen({ ...chosen, [label]: !isOpen })}
      >
        <span>{t(label)}</span>
        <IconChevronDown size={13} stroke={2} aria-hidden />
      </button>
      <div id={bodyId} hidden={!isOpen}>
        {children}
      </div>
    </div>
  )
}
