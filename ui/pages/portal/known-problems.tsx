import { Button, Text, TextInput, Title } from '@mantine/core'
import { useDebouncedValue, useDocumentTitle } from '@mantine/hooks'
import { IconBulb, IconSearch } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { KnownErrorRow } from '#schema/known-error'
import '../problems/problems.css'
import { usePublishedProblems } from '../../client/problems.ts'
import { useText } from '../../i18n/index.ts'
import { PageHeader, Panel } from '../../templates/page.tsx'
import { RecordPage } from '../../templates/record-page.tsx'
import { EmptyState, ErrorState, ListSkeleton } from '../../templates/states.tsx'

const settleMs = 300

function useSearch() {
  const [q, setQ] = useState('')
  const [asked] = useDebouncedValue(q.trim(), settleMs)
  return { q, setQ, asked, found: usePublishedProblems(asked) }
}

function SearchField({ q, onChange }: { q: string; onChange: (q: string) => void }) {
  const { t } = useText()
  return (
    <TextInput
      type="search"
      aria-label={t('portal.known.search')}
      placeholder={t('portal.known.search')}
      leftSection={<IconSearch size={16} />}
      value={q}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  )
}

function Known({ row }: { row: KnownErrorRow }) {
  const { t, date } = useText()
  return (
    <article className="panel known-problem">
      <Title order={2} size="h4">
        {row.title}
      </Title>
      <Text size="sm" className="prose">
        {row.symptoms}
      </Text>
      <div className="known-workaround">
        <Text size="sm" fw={600}>
          {t('portal.known.workaround')}
        </Text>
        <Text size="sm" className="prose">
          {row.workaround || t('portal.known.none')}
        </Text>
      </div>
      <Text size="xs" c="dimmed">
        <span className="mono">{row.number}</span> · {t('portal.known.updated', { date: date(row.updatedAt) })}
      </Text>
    </article>
  )
}

/** Known problems that a requester may read, with what helps meanwhile. */
export function KnownProblemsPage() {
  const { t } = useText()
  useDocumentTitle(`${t('portal.known')} · Guichet`)
  const { q, setQ, asked, found } = useSearch()
  const rows = found.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <RecordPage
      width="reading"
      header={
        <PageHeader
          title={t('portal.known')}
          lead={t('portal.known.lead')}
          crumbs={
            <Link to="/portal" className="plain">
              {t('nav.requests')}
            </Link>
          }
        />
      }
    >
      <SearchField q={q} onChange={setQ} />
      {found.isPending ? <ListSkeleton rows={3} /> : null}
      {found.error ? <ErrorState error={found.error} onRetry={() => void found.refetch()} /> : null}
      {found.data && rows.length === 0 ? (
        <EmptyState
          icon={<IconBulb size={26} stroke={1.5} />}
          title={t(asked === '' ? 'portal.known.empty' : 'portal.known.nothing')}
          hint={t('portal.known.empty.hint')}
        />
      ) : null}
      {rows.map((row) => (
        <Known key={row.id} row={row} />
      ))}
      {found.hasNextPage ? (
        <Button variant="default" loading={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
          {t('common.loadMore')}
        </Button>
      ) : null}
      <Text component={Link} to="/portal/new" size="sm">
        {t('portal.known.report')}
      </Text>
    </RecordPage>
  )
}

const mostShown = 3

/** Beside the report: perhaps it is known already. */
export function KnownProblemsPanel() {
  const { t } = useText()
  const { q, setQ, asked, found } = useSearch()
  const rows = (asked === '' ? [] : (found.data?.pages[0]?.items ?? [])).slice(0, mostShown)
  return (
    <Panel title={t('portal.known.first')}>
      <SearchField q={q} onChange={setQ} />
      <ul className="known-short" aria-live="polite">
        {rows.map((row) => (
          <li key={row.id}>
            <Text size="sm" fw={600}>
              {row.title}
            </Text>
            <Text size="sm" c="dimmed" lineClamp={3}>
              {row.workaround || t('portal.known.none')}
            </Text>
          </li>
        ))}
      </ul>
      {asked !== '' && found.data && rows.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t('portal.known.nothing')}
        </Text>
      ) : null}
      <Text component={Link} to="/portal/known-errors" size="sm">
        {t('portal.known.all')}
      </Text>
    </Panel>
  )
}
