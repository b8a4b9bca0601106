import { Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { Link } from '@tanstack/react-router'
import { type CallFigures as Figures, useCallFigures } from '../../client/desks.ts'
import { useText } from '../../i18n/index.ts'

const seconds = (ms: number | null): string => {
  if (ms === null) return '—'
  const whole = Math.round(ms / 1_000)
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`
}

interface Query {
  deskId?: string
  channel: 'phone' | 'walkIn' | 'chat'
  from: string
}

/** Each number opens exactly the contacts that it counts; its formula is what the pointer or the reader's voice says of it. */
export function CallFigures({ query, days }: { query: Query; days: number }) {
  const { t, number } = useText()
  const { data } = useCallFigures({ ...query })
  if (!data || data.offered + data.shortAbandoned === 0) return null
  const percent = (rate: number | null) => (rate === null ? '—' : number(rate, { style: 'percent', maximumFractionDigits: 1 }))
  const open = (metric: string, children: ReactNode) => (
    <Link to="/interactions" search={{ metric, channel: query.channel, from: query.from, ...(query.deskId ? { desk: query.deskId } : {}) }}>
      {children}
    </Link>
  )
  const of = (part: number) => t('callFigures.of', { part: number(part), whole: number(data.offered) })
  const spread = (value: Figures['asa']) => t('callFigures.median', { median: seconds(value.medianMs), p90: seconds(value.p90Ms) })
  const rows: [string, ReactNode, ReactNode][] = [
    ['offered', open('offered', number(data.offered)), null],
    ['answered', open('answered', number(data.answered)), of(data.answered)],
    ['abandoned', open('abandoned', percent(data.abandonmentRate)), of(data.abandoned)],
    ['withinThreshold', open('withinThreshold', percent(data.serviceLevel)), of(data.withinThreshold)],
    ['asa', open('answered', seconds(data.asa.meanMs)), spread(data.asa)],
    ['aht', open('handled', seconds(data.aht.meanMs)), spread(data.aht)],
    ['shortAbandoned', open('shortAbandoned', number(data.shortAbandoned)), null],
  ]
  return (
    <section className="panel call-figures" aria-label={t('callFigures.title', { days })}>
      {rows.map(([id, value, note]) => {
        const definition = data.definitions.find((each) => each.id === id)
        return (
          <div key={id} title={definition?.formula}>
            <Text size="xs" c="dimmed" fw={550}>
              {definition?.title}
            </Text>
            <div className="call-figure num">{value}</div>
            {note ? (
              <Text size="xs" c="dimmed">
                {note}
              </Text>
            ) : null}
          </div>
        )
      })}
    </section>
  )
}
