import { Button, Select, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconArrowsExchange, IconPlus, IconSearch } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { ChangeType } from '#schema/change'
import type { ChangeRowView } from '#schema/change-view'
import { useChanges } from '../../client/changes.ts'
import { StatusBadge } from '../../components/badges.tsx'
import { useText } from '../../i18n/index.ts'
import { ListPage } from '../../templates/list-page.tsx'
import { EmptyState, ErrorState, ListSkeleton } from '../../templates/states.tsx'
import { TableScroll } from '../../templates/table-scroll.tsx'
import { RiskBadge, Span, TypeBadge } from './change-marks.tsx'
import './changes.css'

const views = ['open', 'cab', 'mine', 'unauthorised', 'all'] as const

function Row({ change }: { change: ChangeRowView }) {
  const { t } = useText()
  return (
    <tr>
      <td>
        <Link to="/tickets/$id" params={{ id: change.number }} search={{ tab: 'change' }} className="change-number">
          {change.number}
        </Link>
      </td>
      <td className="change-title">
        <Link to="/tickets/$id" params={{ id: change.number }} search={{ tab: 'change' }} className="plain">
          {change.title}
        </Link>
        <div className="change-dim">{[change.group?.name, change.implementer?.name].filter(Boolean).join(' · ')}</div>
      </td>
      <td>
        <TypeBadge type={change.type} isUnauthorised={change.isUnauthorised} />
      </td>
      <td>
        <RiskBadge risk={change.risk} />
      </td>
      <td>
        <Span from={change.plannedStart} to={change.plannedEnd} />
      </td>
      <td>
        <StatusBadge status={change.status} size="sm" />
        <div className="change-dim">{change.outcome ? t(`change.outcome.${change.outcome}`) : change.step}</div>
      </td>
    </tr>
  )
}

/** Every change, by where it stands. */
export function ChangeListPage() {
  const { t } = useText()
  const [view, setView] = useState<(typeof views)[number]>('open')
  const [type, setType] = useState<string | null>(null)
  const [typed, setTyped] = useState('')
  const [q] = useDebouncedValue(typed.trim(), 200)
  const found = useChanges({ view, ...(type ? { type } : {}), ...(q ? { q } : {}) })
  const rows = found.data?.pages.flatMap(({ items }) => items) ?? []
  return (
    <ListPage
      title={t('change.title')}
      lead={t('change.lead')}
      actions={
        <Button component={Link} to="/changes/new" leftSection={<IconPlus size={16} />}>
          {t('change.new')}
        </Button>
      }
      views={
        <div className="view-tabs" role="tablist" aria-label={t('change.title')}>
          {views.map((each) => (
            <button
              key={each}
              type="button"
              role="tab"
              className="view-tab"
              aria-selected={each === view}
              data-on={each === view || undefined}
              onClick={() => setView(each)}
            >
              {t(`change.view.${each}`)}
            </button>
          ))}
        </div>
      }
      filters={
        <>
          <TextInput
            className="filter-search"
            type="search"
            aria-label={t('change.search')}
            placeholder={t('change.search')}
            leftSection={<IconSearch size={16} />}
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
          <Select
            className="filter"
            aria-label={t('change.type')}
            placeholder={t('change.type')}
            clearable
            data={ChangeType.options.map((value) => ({ value, label: t(`change.type.${value}`) }))}
            value={type}
            onChange={setType}
          />
        </>
      }
    >
      <div className="panel panel-flush">
        {found.isPending ? <ListSkeleton /> : null}
        {found.error ? <ErrorState error={found.error} onRetry={() => void found.refetch()} /> : null}
        {found.data && rows.length === 0 ? (
          <EmptyState icon={<IconArrowsExchange size={26} stroke={1.5} />} title={t('change.empty')} hint={t('change.empty.hint')} />
        ) : null}
        {rows.length > 0 ? (
          <TableScroll label={t('change.title')}>
            <table className="g-table change-table">
              <thead>
                <tr>
                  <th scope="col">{t('change.number')}</th>
                  <th scope="col">{t('change.summary')}</th>
                  <th scope="col">{t('change.type')}</th>
                  <th scope="col">{t('change.risk')}</th>
                  <th scope="col">{t('change.planned')}</th>
                  <th scope="col">{t('change.step')}</th>
                </tr>
              </thead>
              <tbody>
                {rows.map((change) => (
                  <Row key={change.id} change={change} />
                ))}
              </tbody>
            </table>
          </TableScroll>
        ) : null}
      </div>
      {found.hasNextPage ? (
        <Button variant="default" onClick={() => void found.fetchNextPage()} loading={found.isFetchingNextPage}>
          {t('change.more')}
        </Button>
      ) : null}
    </ListPage>
  )
}
