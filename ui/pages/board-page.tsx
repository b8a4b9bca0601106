import { Button, SegmentedControl, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { TicketStatus } from '#schema/ticket'
import type { TicketRow } from '#schema/view'
import { hasRole, usePerson } from '../client/session.ts'
import { useTickets } from '../client/tickets.ts'
import type { TicketViewName } from '../client/types.ts'
import { ClockChip, PriorityMark, statusColors } from '../components/badges.tsx'
import { PersonAvatar } from '../components/person.tsx'
import { useText } from '../i18n/index.ts'
import { BoardPage } from '../templates/board-page.tsx'
import { ErrorState, ListSkeleton } from '../templates/states.tsx'

const columns: TicketStatus[] = ['new', 'assigned', 'inProgress', 'pending', 'resolved']

function Card({ row }: { row: TicketRow }) {
  return (
    <Link to="/tickets/$id" params={{ id: row.number }} className="board-card">
      <span className="board-card-head">
        <span className="mono">{row.number}</span>
        <PriorityMark priority={row.priority} withWord={false} />
      </span>
      <span className="board-card-title">{row.title}</span>
      <span className="board-card-foot">
        {row.assignee ? <PersonAvatar name={row.assignee.name} size={22} /> : null}
        <span className="truncate">{row.assignee?.name ?? row.group?.name ?? row.requester.name}</span>
        {row.nextClock ? <ClockChip clock={row.nextClock} /> : null}
      </span>
    </Link>
  )
}

function Column({ status, view }: { status: TicketStatus; view: TicketViewName }) {
  const { t } = useText()
  const { data, error, isPending, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useTickets({ view, status, limit: 30 })
  if (isPending) return <ListSkeleton rows={3} />
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} isSmall />
  const rows = data.pages.flatMap((page) => page.items)
  if (rows.length === 0)
    return (
      <Text size="sm" c="dimmed" ta="center" py="lg">
        {t('board.empty')}
      </Text>
    )
  return (
    <>
      {rows.map((row) => (
        <Card key={row.id} row={row} />
      ))}
      {hasNextPage ? (
        <Button variant="subtle" size="xs" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t('common.loadMore')}
        </Button>
      ) : null}
    </>
  )
}

/** Open tickets by status. Cards do not move by hand: the process moves them. */
export function TicketBoardPage() {
  const { t } = useText()
  const person = usePerson()
  const isAgent = hasRole(person, 'agent')
  const [view, setView] = useState<TicketViewName>(isAgent ? 'group' : 'all')
  return (
    <BoardPage
      title={t('board.title')}
      lead={t('board.hint')}
      filters={
        isAgent ? (
          <SegmentedControl
            aria-label={t('board.scope')}
            value={view}
            onChange={(next) => setView(next as TicketViewName)}
            data={(['mine', 'group', 'all'] as const).map((each) => ({ value: each, label: t(`queue.view.${each}`) }))}
          />
        ) : undefined
      }
      columns={columns.map((status) => ({
        id: status,
        title: t(`status.${status}`),
        color: statusColors[status],
        children: <Column status={status} view={view} />,
      }))}
    />
  )
}
