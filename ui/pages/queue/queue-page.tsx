import { Button, CloseButton, Select, TextInput } from '@mantine/core'
import { useDebouncedCallback, useHotkeys, useMediaQuery } from '@mantine/hooks'
import { IconFilterOff, IconInbox, IconFilter, IconPlus, IconSearch, IconSortDescending } from '@tabler/icons-react'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useEffect, useMemo, useRef, useState } from 'react'
import { TicketStatus } from '#schema/ticket'
import { useGroups } from '../../client/administration.ts'
import { hasRole, usePerson } from '../../client/session.ts'
import { useTicketCount, useTickets } from '../../client/tickets.ts'
import type { TicketQuery, TicketViewName } from '../../client/types.ts'
import { useText } from '../../i18n/index.ts'
import type { QueueSearch } from '../../router.tsx'
import { ListPage } from '../../templates/list-page.tsx'
import { EmptyState, ErrorState, ListSkeleton } from '../../templates/states.tsx'
import { TicketList } from './ticket-list.tsx'

type QueueView = Exclude<TicketViewName, 'requested'>
const agentViews: QueueView[] = ['mine', 'group', 'unassigned', 'overdue', 'all']

function ViewTab({ view, isOn, onPick }: { view: QueueView; isOn: boolean; onPick: () => void }) {
  const { t, number } = useText()
  const count = useTicketCount({ view }).data
  return (
    <button
      type="button"
      role="tab"
      aria-selected={isOn}
      className="view-tab"
      data-on={isOn || undefined}
      data-alarm={(view === 'overdue' && (count ?? 0) > 0) || undefined}
      onClick={onPick}
    >
      {t(`queue.view.${view}`)}
      {count === null || count === undefined ? null : <span className="view-count num">{number(count)}</span>}
    </button>
  )
}

const sorts = ['due', 'updated', 'opened', 'priority'] as const

function Filters({ search, change }: { search: QueueSearch; change: (part: QueueSearch) => void }) {
  const { t } = useText()
  const groups = useGroups().data ?? []
  const input = useRef<HTMLInputElement>(null)
  const [typed, setTyped] = useState(search.q ?? '')
  const send = useDebouncedCallback((q: string) => change({ q: q.trim() || undefined }), 250)
  useHotkeys([['/', () => input.current?.focus()]])
  useEffect(() => setTyped((now) => (now.trim() === (search.q ?? '') ? now : (search.q ?? ''))), [search.q])
  const [isFolded, setFolded] = useState(true)
  const isFiltered = [search.q, search.status, search.priority, search.group, search.from, search.to, search.metric, search.source].some(
    (value) => value !== undefined,
  )
  const type = (q: string): void => {
    setTyped(q)
    send(q)
  }
  return (
    <>
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
        <Select
          className="filter"
          clearable
          aria-label={t('queue.filter.status')}
          placeholder={t('queue.filter.status')}
          value={search.status ?? null}
          data={TicketStatus.options.map((status) => ({ value: status, label: t(`status.${status}`) }))}
          onChange={(status) => change({ status: status ?? undefined })}
        />
        <Select
          className="filter"
          clearable
          aria-label={t('queue.filter.priority')}
          placeholder={t('queue.filter.priority')}
          value={search.priority ?? null}
          data={(['1', '2', '3', '4', '5'] as const).map((priority) => ({ value: priority, label: t(`priority.${priority}`) }))}
          onChange={(priority) => change({ priority: priority ?? undefined })}
        />
        <Select
          className="filter"
          clearable
          aria-label={t('queue.filter.group')}
          placeholder={t('queue.filter.group')}
          value={search.group ?? null}
          data={groups.map((group) => ({ value: group.id, label: group.name }))}
          onChange={(group) => change({ group: group ?? undefined })}
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
      </div>
      {isFiltered ? (
        <Button
          variant="subtle"
          size="xs"
          leftSection={<IconFilterOff size={15} />}
          onClick={() =>
            change({
              q: undefined,
              status: undefined,
              priority: undefined,
              group: undefined,
              from: undefined,
              to: undefined,
              metric: undefined,
              source: undefined,
            })
          }
        >
          {search.metric ? t('queue.filtered') : t('common.clear')}
        </Button>
      ) : null}
    </>
  )
}

/** The agent's working list: views with counts, filters, live countdowns, keyboard. */
export function QueuePage() {
  const { t } = useText()
  const person = usePerson()
  const navigate = useNavigate()
  const search: QueueSearch = useSearch({ from: '/app/queue' })
  const isNarrow = useMediaQuery('(max-width: 62em)') ?? false
  const isAgent = hasRole(person, 'agent')
  const views = isAgent ? agentViews : (['overdue', 'all'] as QueueView[])
  const view = views.find((each) => each === search.view) ?? (isAgent ? 'group' : 'all')
  const [chosen, setChosen] = useState(-1)
  const query = useMemo<TicketQuery>(
    () =>
      ({
        view,
        status: search.status,
        priority: search.priority,
        groupId: search.group,
        q: search.q,
        from: search.from,
        to: search.to,
        metric: search.metric,
        sort: search.sort ?? 'due',
        source: search.source,
      }) as TicketQuery,
    [view, search],
  )
  const { data, error, isPending, isFetching, hasNextPage, fetchNextPage, refetch } = useTickets(query)
  const rows = useMemo(() => data?.pages.flatMap((page) => page.items) ?? [], [data])
  const total = data?.pages[0]?.total
  const change = (part: QueueSearch): void => {
    setChosen(-1)
    void navigate({
      to: '/queue',
      search: (before) => Object.fromEntries(Object.entries({ ...before, ...part }).filter(([, value]) => value !== undefined)),
      replace: true,
    })
  }
  const open = (): void => {
    const row = rows[chosen]
    if (row) void navigate({ to: '/tickets/$id', params: { id: row.number } })
  }
  useHotkeys([
    ['j', () => setChosen((at) => Math.min(rows.length - 1, at + 1))],
    ['k', () => setChosen((at) => Math.max(0, at - 1))],
    ['Enter', open],
  ])
  const isFiltered = Boolean(search.q ?? search.status ?? search.priority ?? search.group ?? search.metric)
  return (
    <ListPage
      isFilling
      title={t('queue.title')}
      lead={total === undefined ? undefined : t('queue.count', { count: total })}
      actions={
        <Button component={Link} to="/portal/new" leftSection={<IconPlus size={16} />}>
          {t('portal.report')}
        </Button>
      }
      views={
        <div className="view-tabs" role="tablist" aria-label={t('queue.views')}>
          {views.map((each) => (
            <ViewTab key={each} view={each} isOn={each === view} onPick={() => change({ view: each })} />
          ))}
        </div>
      }
      filters={<Filters search={search} change={change} />}
    >
      <div className="panel panel-flush queue-panel">
        {isPending ? (
          <ListSkeleton rows={10} />
        ) : error ? (
          <ErrorState error={error} onRetry={() => void refetch()} />
        ) : rows.length === 0 ? (
          <EmptyState
            icon={<IconInbox size={26} stroke={1.5} />}
            title={isFiltered ? t('empty.filtered') : t('queue.empty')}
            hint={isFiltered ? t('empty.filtered.hint') : t('queue.empty.hint')}
          />
        ) : (
          <TicketList
            key={isNarrow ? 'narrow' : 'wide'}
            rows={rows}
            chosen={chosen}
            isNarrow={isNarrow}
            hasMore={hasNextPage}
            isFetching={isFetching}
            onMore={() => void fetchNextPage()}
          />
        )}
      </div>
    </ListPage>
  )
}
