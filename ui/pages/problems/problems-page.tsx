import { Button, Group, Text } from '@mantine/core'
import { IconPlus, IconRepeat } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useProblemFigures } from '../../client/problems.ts'
import { hasRole, usePerson } from '../../client/session.ts'
import { useTickets } from '../../client/tickets.ts'
import { PriorityMark, StatusBadge } from '../../components/badges.tsx'
import { useText } from '../../i18n/index.ts'
import { ListPage } from '../../templates/list-page.tsx'
import { Panel } from '../../templates/page.tsx'
import { EmptyState, ErrorState, ListSkeleton } from '../../templates/states.tsx'
import { Proposals } from './proposals.tsx'
import './problems.css'

function Figures() {
  const { t } = useText()
  const { data } = useProblemFigures()
  if (!data) return null
  const counted = (title: string, rows: { key: string; label: string; count: number }[]) => (
    <Panel title={title}>
      {rows.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t('problems.nothing')}
        </Text>
      ) : null}
      {rows.slice(0, 6).map(({ key, label, count }) => (
        <Group key={key} justify="space-between" wrap="nowrap" gap="sm">
          <Text size="sm" className="truncate">
            {label}
          </Text>
          <Text size="sm" fw={650} className="num">
            {count}
          </Text>
        </Group>
      ))}
    </Panel>
  )
  return (
    <div className="known-figures">
      {counted(
        t('problems.openByAge'),
        data.openByAge.map(({ from, to, count }) => ({
          key: `${from}`,
          label: to === null ? t('problems.daysMore', { from }) : t('problems.days', { from, to }),
          count,
        })),
      )}
      {counted(
        t('problems.incidents'),
        data.incidents.map(({ id, number, title, incidents }) => ({ key: id, label: `${number} ${title}`, count: incidents })),
      )}
      {counted(
        t('problems.used'),
        data.used.map(({ id, number, title, uses }) => ({ key: id, label: `${number} ${title}`, count: uses })),
      )}
    </div>
  )
}

/** Problems on their way, what proposes new ones, and how they stand. */
export function ProblemsPage() {
  const { t, ago } = useText()
  const { data, error, isPending, refetch } = useTickets({ kind: 'problem', view: 'all', sort: 'updated' })
  const mayRaise = hasRole(usePerson(), 'agent', 'processOwner', 'administrator')
  const rows = data?.pages.flatMap((page) => page.items) ?? []
  return (
    <ListPage
      title={t('problems.title')}
      lead={t('problems.lead')}
      actions={
        <>
          <Button component={Link} to="/problems/rules" variant="default" leftSection={<IconRepeat size={16} />}>
            {t('rules.title')}
          </Button>
          {mayRaise ? (
            <Button component={Link} to="/problems/new" leftSection={<IconPlus size={16} />}>
              {t('problems.new')}
            </Button>
          ) : null}
        </>
      }
    >
      <Figures />
      <Proposals />
      <Panel isFlush title={t('problems.list')}>
        {isPending ? <ListSkeleton /> : null}
        {error ? <ErrorState error={error} onRetry={() => void refetch()} /> : null}
        {!isPending && !error && rows.length === 0 ? (
          <EmptyState isSmall title={t('problems.empty')} hint={t('problems.empty.hint')} />
        ) : null}
        <ul className="plain-list known-list">
          {rows.map((row) => (
            <li key={row.id}>
              <Group justify="space-between" wrap="nowrap" align="flex-start">
                <Group gap="xs" wrap="nowrap" align="flex-start">
                  <PriorityMark priority={row.priority} withWord={false} />
                  <Link to="/tickets/$id" params={{ id: row.number }} className="known-link">
                    {row.title}
                  </Link>
                </Group>
                <StatusBadge status={row.status} />
              </Group>
              <Text size="xs" c="dimmed">
                <span className="mono">{row.number}</span> · {row.group?.name ?? ''} {row.assignee ? `· ${row.assignee.name}` : ''} ·{' '}
                {ago(row.updatedAt)}
              </Text>
            </li>
          ))}
        </ul>
      </Panel>
    </ListPage>
  )
}
