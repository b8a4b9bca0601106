import { Button, Group, SegmentedControl, Text } from '@mantine/core'
import { IconBeach, IconCircleCheck } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { ApprovalRow } from '#schema/approval-view'
import { useApprovals, useDecide } from '../../client/approvals.ts'
import { hasRole, usePerson } from '../../client/session.ts'
import { useText } from '../../i18n/index.ts'
import { ListPage } from '../../templates/list-page.tsx'
import { EmptyState, ErrorState, ListSkeleton } from '../../templates/states.tsx'
import { ApprovalQuestion, ApprovalStateBadge } from './approval-question.tsx'
import { DecisionForm } from './decision-form.tsx'
import './approvals.css'

function Asked({ row, isStaff }: { row: ApprovalRow; isStaff: boolean }) {
  const { t } = useText()
  const decide = useDecide()
  return (
    <li className="panel approval-card">
      <ApprovalQuestion row={row} />
      {isStaff ? (
        <Link to="/tickets/$id" params={{ id: row.number }} className="approval-open">
          {t('approval.openTicket')}
        </Link>
      ) : null}
      <DecisionForm
        draft={`${row.ticketId}.${row.waitId}`}
        onDecide={(given) => decide.mutateAsync({ ticketId: row.ticketId, waitId: row.waitId, ...given })}
      />
    </li>
  )
}

function Decided({ row }: { row: ApprovalRow }) {
  const { t, dateTime } = useText()
  return (
    <li className="panel approval-card">
      <Group justify="space-between" align="flex-start" wrap="nowrap">
        <ApprovalQuestion row={row} isShort />
        <ApprovalStateBadge state={row.state} />
      </Group>
      <Text size="sm">
        {row.decidedFor
          ? t('approval.decidedFor', { by: row.decidedBy?.name ?? '', name: row.decidedFor.name, date: dateTime(row.endedAt ?? '') })
          : t('approval.decidedBy', { by: row.decidedBy?.name ?? '', date: dateTime(row.endedAt ?? '') })}
      </Text>
      {row.comment ? <div className="prose">{row.comment}</div> : null}
    </li>
  )
}

/** What waits for my decision, on the portal and at the desk. */
export function ApprovalsPage() {
  const { t } = useText()
  const person = usePerson()
  const isStaff = hasRole(person, 'agent', 'processOwner', 'auditor', 'administrator')
  const [view, setView] = useState<'asked' | 'decided'>('asked')
  const { data, error, isPending, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useApprovals(view)
  const rows = data?.pages.flatMap((page) => page.items) ?? []
  return (
    <ListPage
      width="reading"
      title={t('approvals.title')}
      lead={t('approvals.lead')}
      actions={
        <Button component={Link} to="/delegations" variant="default" leftSection={<IconBeach size={16} />}>
          {t('nav.delegations')}
        </Button>
      }
      filters={
        <SegmentedControl
          aria-label={t('approvals.title')}
          value={view}
          onChange={(next) => setView(next as 'asked' | 'decided')}
          data={[
            { value: 'asked', label: t('approvals.asked') },
            { value: 'decided', label: t('approvals.decided') },
          ]}
        />
      }
    >
      {isPending ? <ListSkeleton /> : null}
      {error ? <ErrorState error={error} onRetry={() => void refetch()} /> : null}
      {!isPending && !error && rows.length === 0 ? (
        <div className="panel">
          <EmptyState
            icon={<IconCircleCheck size={26} stroke={1.5} />}
            title={t(`approvals.empty.${view}`)}
            hint={view === 'asked' ? t('approvals.empty.hint') : undefined}
          />
        </div>
      ) : null}
      <ol className="plain-list approval-list">
        {rows.map((row) =>
          view === 'asked' ? (
            <Asked key={`${row.ticketId}${row.waitId}`} row={row} isStaff={isStaff} />
          ) : (
            <Decided key={`${row.ticketId}${row.waitId}`} row={row} />
          ),
        )}
      </ol>
      {hasNextPage ? (
        <Button variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t('common.loadMore')}
        </Button>
      ) : null}
    </ListPage>
  )
}
