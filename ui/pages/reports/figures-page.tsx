import { SegmentedControl, Select, Skeleton, TextInput } from '@mantine/core'
import { useMemo, useState } from 'react'
import type { FiguresAnswer } from '#schema/view'
import { type FiguresQuery, useFigures } from '../../client/index.ts'
import { useText } from '../../i18n/index.ts'
import { EmptyState, ErrorState, PageHeader, Panel } from '../../templates/index.ts'
import { BarLinks } from './bar-links.tsx'
import { dayRange, presetPeriod } from './buckets.ts'
import { ChangeFigures } from './change-figures.tsx'
import { DayChart } from './day-chart.tsx'
import { Formula } from './figure-link.tsx'
import { KpiCards } from './kpi-cards.tsx'
import { RequestDelivery } from './request-delivery.tsx'
import '@mantine/charts/styles.css'
import './reports.css'

type Preset = '7' | '30' | '90' | '365' | 'all' | 'custom'
type Source = 'all' | 'live' | 'imported'
const statusColours: Record<string, string> = {
  new: 'coral',
  assigned: 'petrol',
  inProgress: 'petrol',
  pending: 'amber',
  resolved: 'moss',
  closed: 'gray',
  canceled: 'gray',
}
const priorityColours: Record<string, string> = { 1: 'coral', 2: 'amber', 3: 'petrol', 4: 'gray', 5: 'gray' }

/** The desk's figures. Each number says how it is computed and opens the tickets that it counts. */
export function FiguresPage() {
  const { t } = useText()
  const [preset, setPreset] = useState<Preset>('all')
  const [range, setRange] = useState({ from: '', to: '' })
  const [source, setSource] = useState<Source>('all')
  const today = new Date().toISOString().slice(0, 10)
  const query = useMemo<FiguresQuery>(
    () => ({
      ...(preset === 'custom' ? dayRange(range.from, range.to) : presetPeriod(preset === 'all' ? null : Number(preset), today)),
      source,
    }),
    [preset, range, source, today],
  )
  const figures = useFigures(query)
  const zoom = (from: string, to: string) => {
    setRange({ from, to })
    setPreset('custom')
  }
  return (
    <div className="page page-full">
      <PageHeader title={t('figures.title')} lead={t('figures.lead')} />
      <div className="page-filters">
        <Select
          aria-label={t('figures.period')}
          w={210}
          allowDeselect={false}
          value={preset}
          onChange={(value) => setPreset((value ?? 'all') as Preset)}
          data={(['7', '30', '90', '365', 'all', 'custom'] as const).map((value) => ({ value, label: t(`figures.period.${value}`) }))}
        />
        {preset === 'custom' && (
          <>
            <TextInput
              type="date"
              aria-label={t('audit.filter.from')}
              value={range.from}
              max={range.to || undefined}
              onChange={(event) => setRange({ ...range, from: event.currentTarget.value })}
            />
            <TextInput
              type="date"
              aria-label={t('audit.filter.to')}
              value={range.to}
              min={range.from || undefined}
              onChange={(event) => setRange({ ...range, to: event.currentTarget.value })}
            />
          </>
        )}
        <SegmentedControl
          value={source}
          onChange={(value) => setSource(value as Source)}
          aria-label={t('figures.source')}
          data={(['all', 'live', 'imported'] as const).map((value) => ({ value, label: t(`figures.source.${value}`) }))}
        />
      </div>
      {figures.isPending && <FiguresSkeleton />}
      {figures.isError && <ErrorState error={figures.error} onRetry={() => void figures.refetch()} />}
      {figures.isSuccess &&
        (figures.data.total === 0 ? (
          <Panel>
            <EmptyState title={t('figures.empty')} hint={t('figures.empty.hint')} />
          </Panel>
        ) : (
          <Figures figures={figures.data} query={query} onZoom={zoom} isStale={figures.isPlaceholderData} />
        ))}
    </div>
  )
}

function Figures({
  figures,
  query,
  onZoom,
  isStale,
}: {
  figures: FiguresAnswer
  query: FiguresQuery
  onZoom: (from: string, to: string) => void
  isStale: boolean
}) {
  const { t, tOr } = useText()
  return (
    <div className="figures" style={{ opacity: isStale ? 0.6 : 1 }} aria-busy={isStale}>
      <KpiCards figures={figures} query={query} />
      <Panel className="figures-days" title={t('figures.perDay')} aside={<Formula of="perDay" figures={figures} />}>
        <DayChart days={figures.perDay} query={query} onZoom={onZoom} />
      </Panel>
      <Panel title={t('figures.byStatus')} aside={<Formula of="byStatus" figures={figures} />}>
        <BarLinks
          query={query}
          rows={figures.byStatus.map(({ status, count }) => ({
            metric: `byStatus:${status}`,
            label: t(`status.${status}`),
            count,
            colour: statusColours[status] ?? 'gray',
          }))}
        />
      </Panel>
      <Panel title={t('figures.byPriority')} aside={<Formula of="byPriority" figures={figures} />}>
        <BarLinks
          query={query}
          rows={figures.byPriority.map(({ priority, count }) => ({
            metric: `byPriority:${priority ?? 'none'}`,
            label: priority === null ? t('priority.none') : `${priority} · ${tOr(`priority.${priority}`, String(priority))}`,
            count,
            colour: priorityColours[String(priority)] ?? 'gray',
          }))}
        />
      </Panel>
      <RequestDelivery figures={figures} query={query} />
      <ChangeFigures figures={figures} query={query} />
    </div>
  )
}

function FiguresSkeleton() {
  const { t } = useText()
  return (
    <div className="figures" role="status" aria-busy="true" aria-label={t('common.loading')}>
      <div className="kpis">
        {[1, 2, 3, 4].map((card) => (
          <Skeleton key={card} height={128} radius="lg" />
        ))}
      </div>
      <Skeleton className="figures-days" height={320} radius="lg" />
    </div>
  )
}
