import { Progress, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import type { FiguresAnswer } from '#schema/view'
import type { FiguresQuery } from '../../client/index.ts'
import { useText } from '../../i18n/index.ts'
import { FigureLink, Formula } from './figure-link.tsx'

export function KpiCards({ figures, query }: { figures: FiguresAnswer; query: FiguresQuery }) {
  const { t, tOr, span, number } = useText()
  const { mttr, reopenRate, firstContact } = figures
  const percent = (rate: number | null) => (rate === null ? '—' : number(rate, { style: 'percent', maximumFractionDigits: 1 }))
  const time = (ms: number | null) => (ms === null ? '—' : span(ms))
  return (
    <div className="kpis">
      <Kpi
        label={t('figures.total')}
        formula={<Formula of="total" figures={figures} />}
        value={
          <FigureLink metric="total" query={query}>
            {number(figures.total)}
          </FigureLink>
        }
        note={t('figures.total.note')}
      />
      <Kpi
        label={t('figures.mttr')}
        formula={<Formula of="mttr" figures={figures} />}
        value={
          <FigureLink metric="mttr" query={query}>
            {time(mttr.medianMs)}
          </FigureLink>
        }
        note={t('figures.mttr.note', { p90: time(mttr.p90Ms), mean: time(mttr.meanMs), tickets: number(mttr.count) })}
      />
      <Kpi
        label={t('figures.reopenRate')}
        formula={<Formula of="reopenRate" figures={figures} />}
        value={
          <FigureLink metric="reopenRate:reopened" query={query}>
            {percent(reopenRate.rate)}
          </FigureLink>
        }
        note={
          <>
            {t('figures.reopenRate.note', { reopened: number(reopenRate.reopened) })}{' '}
            <FigureLink metric="reopenRate:resolved" query={query}>
              {t('figures.reopenRate.of', { resolved: number(reopenRate.resolved) })}
            </FigureLink>
          </>
        }
      />
      <Kpi
        label={t('figures.firstContact')}
        formula={<Formula of="firstContact" figures={figures} />}
        value={
          <FigureLink metric="firstContact:solved" query={query}>
            {percent(firstContact.net)}
          </FigureLink>
        }
        note={
          <>
            <FigureLink metric="firstContact:solvable" query={query}>
              {t('figures.firstContact.of', { solved: number(firstContact.solved), solvable: number(firstContact.solvable) })}
            </FigureLink>{' '}
            ·{' '}
            <FigureLink metric="firstContact:all" query={query}>
              {t('figures.firstContact.gross', { gross: percent(firstContact.gross) })}
            </FigureLink>
          </>
        }
      />
      {figures.slaAttainment.map((sla) => (
        <Kpi
          key={sla.metric}
          label={t('figures.sla', { metric: tOr(`clock.${sla.metric}`, sla.metric) })}
          formula={<Formula of="slaAttainment" figures={figures} />}
          value={
            <FigureLink metric={`slaAttainment:${sla.metric}:met`} query={query}>
              {percent(sla.rate)}
            </FigureLink>
          }
          bar={sla.rate}
          note={
            <>
              <FigureLink metric={`slaAttainment:${sla.metric}:met`} query={query}>
                {t('figures.sla.met', { count: sla.met })}
              </FigureLink>{' '}
              ·{' '}
              <FigureLink metric={`slaAttainment:${sla.metric}:breached`} query={query}>
                {t('figures.sla.breached', { count: sla.breached })}
              </FigureLink>
            </>
          }
        />
      ))}
    </div>
  )
}

function Kpi({
  label,
  value,
  note,
  formula,
  bar,
}: {
  label: string
  value: ReactNode
  note: ReactNode
  formula: ReactNode
  bar?: number | null
}) {
  return (
    <section className="panel kpi" aria-label={label}>
      <div className="kpi-head">
        <Text size="sm" fw={550} c="dimmed">
          {label}
        </Text>
        {formula}
      </div>
      <div className="kpi-value num">{value}</div>
      {bar !== undefined && bar !== null && (
        <Progress value={bar * 100} size={5} color={bar >= 0.9 ? 'moss' : bar >= 0.75 ? 'amber' : 'coral'} aria-hidden />
      )}
      <Text size="xs" c="dimmed" component="div">
        {note}
      </Text>
    </section>
  )
}
