import { Button, CloseButton, Select, TextInput } from '@mantine/core'
import { useDebouncedCallback, useHotkeys } from '@mantine/hooks'
import { IconFilter, IconFilterOff, IconSearch, IconSortDescending } from '@tabler/icons-react'
import { useEffect, useRef, useState } from 'react'
import { TicketStatus } from '#schema/ticket'
import { useGroups } from '../../client/administration.ts'
import { useDesks } from '../../client/desks.ts'
import { ItemPicker } from '../../components/reference-picker.tsx'
import { useText } from '../../i18n/index.ts'
import type { QueueSearch } from '../../routes/searches.ts'

export interface QueueFiltersProps {
  search: QueueSearch
  change: (part: QueueSearch) => void
}

const sorts = ['due', 'updated', 'opened', 'priority'] as const
const priorities = ['1', '2', '3', '4', '5'] as const
const noFilter: QueueSearch = {
  q: undefined,
  status: undefined,
  priority: undefined,
  group: undefined,
  ci: undefined,
  desk: undefined,
  from: undefined,
  to: undefined,
  metric: undefined,
  source: undefined,
  vip: undefined,
}
export const isFiltered = (search: QueueSearch): boolean =>
  Object.keys(noFilter).some((name) => search[name as keyof QueueSearch] !== undefined)

/** Sends what is typed when the typing pauses; `/` jumps here. */
function SearchField({ search, change }: QueueFiltersProps) {
  const { t } = useText()
  const input = useRef<HTMLInputElement>(null)
  const [typed, setTyped] = useState(search.q ?? '')
  const send = useDebouncedCallback((q: string) => change({ q: q.trim() || undefined }), 250)
  useHotkeys([['/', () => input.current?.focus()]])
  useEffect(() => setTyped((now) => (now.trim() === (search.q ?? '') ? now : (search.q ?? ''))), [search.q])
  const type = (q: string): void => {
    setTyped(q)
    send(q)
  }
  return (
    <TextInput
      ref={input}
      className="filter-search"
      type="search"
      aria-label={t('queue.search')}
      placeholder={t('queue.search')}
      leftSection={<IconSearch size={16} />}
      rightSection={typed === '' ? null : <CloseButton size="sm" onClick={() => type('')} aria-label={t('common.clear')} />}
      value={typed}
      onChange={(event) => type(event.currentTarget.value)}
    />
  )
}

interface FilterSelectProps {
  label: string
  value: string | undefined
  data: { value: string; label: string }[]
  onPick: (value: string | undefined) => void
}
const FilterSelect = ({ label, value, data, onPick }: FilterSelectProps) => (
  <Select
    className="filter"
    clearable
    aria-label={label}
    placeholder={label}
    value={value ?? null}
    data={data}
    onChange={(next) => onPick(next ?? undefined)}
  />
)

function Selects({ search, change }: QueueFiltersProps) {
  const { t, locale } = useText()
  const groups = useGroups().data ?? []
  const desks = (useDesks().data ?? []).filter((desk) => desk.isMine)
  const statuses = TicketStatus.options.map((status) => ({ value: status, label: t(`status.${status}`) }))
  return (
    <>
      <FilterSelect label={t('queue.filter.status')} value={search.status} data={statuses} onPick={(status) => change({ status })} />
      <FilterSelect
        label={t('queue.filter.priority')}
        value={search.priority}
        data={priorities.map((priority) => ({ value: priority, label: t(`priority.${priority}`) }))}
        onPick={(priority) => change({ priority })}
      />
      <FilterSelect
        label={t('queue.filter.group')}
        value={search.group}
        data={groups.map((group) => ({ value: group.id, label: group.name }))}
        onPick={(group) => change({ group })}
      />
      <ItemPicker
        className="filter"
        aria-label={t('field.ciId')}
        placeholder={t('queue.filter.ci')}
        value={search.ci ?? null}
        itemName={null}
        onPick={(ci) => change({ ci: ci ?? undefined })}
      />
      {desks.length > 1 ? (
        <FilterSelect
          label={t('desk.filter')}
          value={search.desk}
          data={desks.map((desk) => ({ value: desk.id, label: desk.name[locale] }))}
          onPick={(desk) => change({ desk })}
        />
      ) : null}
      <FilterSelect
        label={t('queue.filter.vip')}
        value={search.vip}
        data={[{ value: 'true', label: t('queue.filter.vip.only') }]}
        onPick={(vip) => change({ vip })}
      />
      <Select
        className="filter filter-sort"
        leftSection={<IconSortDescending size={16} />}
        aria-label={t('queue.sort')}
        allowDeselect={false}
        value={search.sort ?? 'due'}
        data={sorts.map((sort) => ({ value: sort, label: t(`queue.sort.${sort}`) }))}
        onChange={(sort) => change({ sort: sort === 'due' || sort === null ? undefined : sort })}
      />
    </>
  )
}

/** Search, filters and order of the queue; folded behind a button where the screen is narrow. */
export function QueueFilters({ search, change }: QueueFiltersProps) {
  const { t } = useText()
  const [isFolded, setFolded] = useState(true)
  return (
    <>
      <SearchField search={search} change={change} />
      <Button
        className="filter-toggle"
        variant="default"
        aria-expanded={!isFolded}
        leftSection={<IconFilter size={16} />}
        onClick={() => setFolded(!isFolded)}
      >
        {t('queue.filters')}
      </Button>
      <div className={isFolded ? 'filters-fold filters-folded' : 'filters-fold'}>
        <Selects search={search} change={change} />
      </div>
      {isFiltered(search) ? (
        <Button variant="subtle" size="xs" leftSection={<IconFilterOff size={15} />} onClick={() => change(noFilter)}>
          {search.metric ? t('queue.filtered') : t('common.clear')}
        </Button>
      ) : null}
    </>
  )
}
