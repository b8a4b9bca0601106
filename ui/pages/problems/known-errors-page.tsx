import { Badge, Button, Group, SegmentedControl, Text, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconBulb, IconPlus, IconSearch } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { KnownErrorRow, KnownErrorState } from '#schema/known-error'
import { useKnownErrors } from '../../client/problems.ts'
import { hasRole, usePerson } from '../../client/session.ts'
import { useText } from '../../i18n/index.ts'
import { ListPage } from '../../templates/list-page.tsx'
import { Panel } from '../../templates/page.tsx'
import { EmptyState, ErrorState, ListSkeleton } from '../../templates/states.tsx'
import './problems.css'

const colors: Record<KnownErrorState, string> = { draft: 'amber', published: 'petrol', retired: 'gray' }
export function KnownErrorBadge({ state }: { state: KnownErrorState }) {
  const { t } = useText()
  return (
    <Badge color={colors[state]} variant="light">
      {t(`known.state.${state}`)}
    </Badge>
  )
}

function Row({ row }: { row: KnownErrorRow }) {
  const { t, ago } = useText()
  return (
    <li>
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <Link to="/known-errors/$id" params={{ id: row.id }} className="known-link">
          {row.title}
        </Link>
        <KnownErrorBadge state={row.state} />
      </Group>
      <Text size="sm" lineClamp={2}>
        {row.symptoms}
      </Text>
      <Text size="xs" c={row.isReviewDue ? 'coral' : 'dimmed'}>
        <span className="mono">{row.number}</span> · {t('known.uses', { count: row.uses })} · {ago(row.updatedAt)}
        {row.isReviewDue ? ` · ${t('known.reviewDue')}` : ''}
      </Text>
    </li>
  )
}

/** Known errors, found by their words. */
export function KnownErrorsPage() {
  const { t } = useText()
  const person = usePerson()
  const [typed, setTyped] = useState('')
  const [q] = useDebouncedValue(typed, 250)
  const [state, setState] = useState('')
  const { data, error, isPending, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useKnownErrors(q, state)
  const rows = data?.pages.flatMap((page) => page.items) ?? []
  return (
    <ListPage
      title={t('known.title')}
      lead={t('known.lead')}
      actions={
        hasRole(person, 'agent', 'processOwner', 'administrator') ? (
          <Button component={Link} to="/known-errors/new" leftSection={<IconPlus size={16} />}>
            {t('known.new')}
          </Button>
        ) : null
      }
      filters={
        <>
          <TextInput
            aria-label={t('known.search')}
            placeholder={t('known.search')}
            leftSection={<IconSearch size={16} />}
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
          <SegmentedControl
            aria-label={t('known.state')}
            value={state}
            onChange={setState}
            data={[
              { value: '', label: t('known.all') },
              ...(['draft', 'published', 'retired'] as const).map((value) => ({ value, label: t(`known.state.${value}`) })),
            ]}
          />
        </>
      }
    >
      <Panel isFlush>
        {isPending ? <ListSkeleton /> : null}
        {error ? <ErrorState error={error} onRetry={() => void refetch()} /> : null}
        {!isPending && !error && rows.length === 0 ? (
          <EmptyState icon={<IconBulb size={26} stroke={1.5} />} title={t('known.empty')} hint={t('known.empty.hint')} />
        ) : null}
        <ul className="plain-list known-list">
          {rows.map((row) => (
            <Row key={row.id} row={row} />
          ))}
        </ul>
      </Panel>
      {hasNextPage ? (
        <Button variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t('common.loadMore')}
        </Button>
      ) : null}
    </ListPage>
  )
}
