import { SegmentedControl, Select } from '@mantine/core'
import { useMemo, useState } from 'react'
import { type FiguresQuery, hasRole, useFigures, useGroups, useSession } from '../../client/index.ts'
import { useText } from '../../i18n/index.ts'
import { ErrorState, ListSkeleton, PageHeader, Panel } from '../../templates/index.ts'
import { presetPeriod } from '../reports/buckets.ts'
import { AttainmentTable, BreachTimes, GroupTimes } from './attainment.tsx'
import { Comparisons } from './comparisons.tsx'
import { PredictedList } from './predicted-list.tsx'
import './service-levels.css'

const periods = ['30', '90', '365', 'all'] as const

/** What was promised, what will probably be missed, whose time it was, and what another version would change. */
export function ServiceLevelsPage() {
  const { t } = useText()
  const [period, setPeriod] = useState<string>('90')
  const [within, setWithin] = useState('240')
  const [groupId, setGroup] = useState<string | null>(null)
  const session = useSession()
  const groups = useGroups()
  const today = new Date().toISOString().slice(0, 10)
  const query = useMemo<FiguresQuery>(
    () => ({ ...presetPeriod(period === 'all' ? null : Number(period), today), source: 'all' }),
    [period, today],
  )
  const figures = useFigures(query)
  const mayCompare = session.data ? hasRole(session.data, 'processOwner', 'administrator', 'auditor') : false
  return (
    <div className="page page-full">
      <PageHeader title={t('levels.title')} lead={t('levels.lead')} />
      <div className="levels">
        <Panel
          title={t('levels.predicted')}
          aside={
            <div className="levels-tools">
              <Select
                size="xs"
                w={190}
                clearable
                aria-label={t('levels.group')}
                placeholder={t('levels.group.all')}
                data={(groups.data ?? []).map(({ id, name }) => ({ value: id, label: name }))}
                value={groupId}
                onChange={setGroup}
              />
              <SegmentedControl
                size="xs"
                aria-label={t('levels.within')}
                value={within}
                onChange={setWithin}
                data={(['60', '240', '480'] as const).map((value) => ({ value, label: t(`levels.within.${value}`) }))}
              />
            </div>
          }
        >
          <PredictedList withinMinutes={Number(within)} groupId={groupId} />
        </Panel>
        <div className="page-filters">
          <Select
            aria-label={t('figures.period')}
            w={210}
            allowDeselect={false}
            value={period}
            onChange={(value) => setPeriod(value ?? '90')}
            data={periods.map((value) => ({ value, label: t(`figures.period.${value}`) }))}
          />
        </div>
        {figures.isPending && <ListSkeleton rows={6} />}
        {figures.isError && <ErrorState error={figures.error} onRetry={() => void figures.refetch()} />}
        {figures.isSuccess && (
          <>
            <AttainmentTable figures={figures.data} query={query} />
            <div className="levels-pair">
              <GroupTimes figures={figures.data} query={query} />
              <BreachTimes figures={figures.data} query={query} />
            </div>
          </>
        )}
        {mayCompare && <Comparisons />}
      </div>
    </div>
  )
}
