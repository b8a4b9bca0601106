import { Button } from '@mantine/core'
import { useHotkeys, useMediaQuery } from '@mantine/hooks'
import { IconInbox, IconPlus } from '@tabler/icons-react'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import type { Role } from '#schema/role'
import { hasRole, usePerson } from '../../client/session.ts'
import { useTicketCount, useTickets } from '../../client/tickets.ts'
import type { TicketQuery, TicketViewName } from '../../client/types.ts'
import { useText } from '../../i18n/index.ts'
import type { QueueSearch } from '../../routes/searches.ts'
import { ListPage } from '../../templates/list-page.tsx'
import { EmptyState, ErrorState, ListSkeleton } from '../../templates/states.tsx'
import { isFiltered, QueueFilters } from './queue-filters.tsx'
import { TicketList } from './ticket-list.tsx'

type QueueView = Exclude<TicketViewName, 'requested'>
const agentViews: QueueView[] = ['mine', 'group', 'unassigned', 'overdue', 'majors', 'all']
const overseerViews: QueueView[] = ['overdue', 'majors', 'all']
const operators: Role[] = ['processOwner', 'administrator']
/** What waits for an operator is shown to those who can mend it. */
const viewsOf = (person: Parameters<typeof hasRole>[0]): QueueView[] => {
  const views = hasRole(person, 'agent') ? agentViews : overseerViews
  return hasRole(person, ...operators) ? views.toSpliced(-1, 0, 'stalled') : views
}

function ViewTab({ view, isOn, onPick }: { view: QueueView; isOn: boolean; onPick: () => void }) {
  const { t, number } = useText()
  const count = useTicketCount({ view }).data
  const isAlarm = (view === 'overdue' || view === 'majors' || view === 'stalled') && (count ?? 0) > 0
  return (
    <button
      type="button"
      role="tab"
      aria-selected={isOn}
      className="view-tab"
      data-on={isOn || undefined}
      data-alarm={isAlarm || undefined}
      onClick={onPick}
    >
      {t(`queue.view.${view}`)}
      {count === null || count === undefined ? null : <span className="view-count num">{number(count)}</span>}
    </button>
  )
}

/** The view and filters of the address, and how to change them. */
function useQueueSearch() {
  const navigate = useNavigate()
  const person = usePerson()
  const isAgent = hasRole(person, 'agent')
  const search: QueueSearch = useSearch({ from: '/app/queue' })
  const views = viewsOf(person)
  const view = views.find((each) => each === search.view) ?? (isAgent ? 'group' : 'all')
  const query = useMemo<TicketQuery>(() => {
    const { group, ci, desk, view: _view, ...rest } = search
    return {
      ...rest,
      view,
      sort: search.sort ?? 'due',
      ...(group === undefined ? {} : { groupId: group }),
      ...(ci === undefined ? {} : { ciId: ci }),
      ...(desk === undefined ? {} : { deskId: desk }),
    }
  }, [view, search])
  const change = (part: QueueSearch): void =>
    void navigate({
      to: '/queue',
      search: (before) => Object.fromEntries(Object.entries({ ...before, ...part }).filter(([, value]) => value !== undefined)),
      replace: true,
    })
  return { search, views, view, query, change }
}

/** The list with its states; `j`, `k` and Enter walk it. */
function QueueList({ query, isNarrowed }: { query: TicketQuery; isNarrowed: boolean }) {
  const { t } = useText()
  const navigate = useNavigate()
  const isNarrow = useMediaQuery('(max-width: 62em)') ?? false
  const [held, setHeld] = useState({ query, at: -1 })
  const chosen = held.query === query ? held.at : -1
  const { data, error, isPending, isFetching, hasNextPage, fetchNextPage, refetch } = useTickets(query)
  const rows = useMemo(() => data?.pages.flatMap((page) => page.items) ?? [], [data])
  const open = (): void => {
    const row = rows[chosen]
    if (row) void navigate({ to: '/tickets/$id', params: { id: row.number } })
  }
  useHotkeys([
    ['j', () => setHeld({ query, at: Math.min(rows.length - 1, chosen + 1) })],
    ['k', () => setHeld({ query, at: Math.max(0, chosen - 1) })],
    ['Enter', open],
  ])
  if (isPending) return <ListSkeleton rows={10} />
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />
  if (rows.length === 0)
    return (
      <EmptyState
        icon={<IconInbox size={26} stroke={1.5} />}
        title={isNarrowed ? t('empty.filtered') : t('queue.empty')}
        hint={isNarrowed ? t('empty.filtered.hint') : t('queue.empty.hint')}
      />
    )
  return (
    <TicketList
      key={isNarrow ? 'narrow' : 'wide'}
      rows={rows}
      chosen={chosen}
      isNarrow={isNarrow}
      hasMore={hasNextPage}
      isFetching={isFetching}
      onMore={() => void fetchNextPage()}
    />
  )
}

/** The agent's working list: views with counts, filters, live countdowns, keyboard. */
export function QueuePage() {
  const { t } = useText()
  const { search, views, view, query, change } = useQueueSearch()
  const total = useTickets(query).data?.pages[0]?.total
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
      filters={<QueueFilters search={search} change={change} />}
    >
      <div className="panel panel-flush queue-panel">
        <QueueList query={query} isNarrowed={isFiltered(search)} />
      </div>
    </ListPage>
  )
}
