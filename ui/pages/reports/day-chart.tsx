import { BarChart } from '@mantine/charts'
import { Text } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { useMemo } from 'react'
import type { FiguresView } from '#schema/view'
import type { FiguresQuery } from '../../client/index.ts'
import { useText } from '../../i18n/index.ts'
import { type Bucket, bucketDays, bucketSize } from './buckets.ts'

/** Opened and resolved over time. A day opens its tickets; a week or month narrows the period to it. */
export function DayChart({
  days,
  query,
  onZoom,
}: {
  days: FiguresView['perDay']
  query: FiguresQuery
  onZoom: (from: string, to: string) => void
}) {
  const { t, locale } = useText()
  const navigate = useNavigate()
  const size = bucketSize(days)
  const buckets = useMemo(() => bucketDays(days, size), [days, size])
  const format = new Intl.DateTimeFormat(
    locale,
    size === 'month' ? { month: 'short', year: '2-digit', timeZone: 'UTC' } : { day: 'numeric', month: 'short', timeZone: 'UTC' },
  )
  const data = buckets.map((bucket) => ({ ...bucket, label: format.format(Date.parse(`${bucket.from}T00:00:00Z`)) }))
  const pick = (bucket: Bucket, what: 'opened' | 'resolved') => {
    if (size !== 'day') return onZoom(bucket.from, new Date(Date.parse(bucket.to) - 86_400_000).toISOString().slice(0, 10))
    const search = {
      view: 'all',
      metric: `perDay:${bucket.from}:${what}`,
      ...(query.from ? { from: query.from } : {}),
      ...(query.to ? { to: query.to } : {}),
      ...(query.source && query.source !== 'all' ? { source: query.source } : {}),
    }
    void navigate({ to: '/queue', search: search as never })
  }
  return (
    <div className="day-chart">
      <BarChart
        h={260}
        data={data}
        dataKey="label"
        withLegend
        legendProps={{ verticalAlign: 'top', height: 34 }}
        gridAxis="x"
        tickLine="none"
        yAxisProps={{ allowDecimals: false }}
        valueFormatter={(value) => new Intl.NumberFormat(locale).format(value)}
        series={[
          { name: 'opened', label: t('figures.opened'), color: 'coral.5' },
          { name: 'resolved', label: t('figures.resolved'), color: 'petrol.5' },
        ]}
        barProps={(series) => ({
          radius: [3, 3, 0, 0],
          maxBarSize: 26,
          cursor: 'pointer',
          isAnimationActive: false,
          onClick: (bar: { payload?: Bucket }) => bar.payload && pick(bar.payload, series.name === 'opened' ? 'opened' : 'resolved'),
        })}
      />
      <Text size="xs" c="dimmed" mt={4}>
        {t(`figures.size.${size}`)}
      </Text>
    </div>
  )
}
