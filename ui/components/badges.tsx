import { Badge, Tooltip } from '@mantine/core'
import { IconAlarm, IconCheck, IconPlayerPause, IconX } from '@tabler/icons-react'
import type { TicketStatus } from '#schema/ticket'
import type { ClockView } from '#schema/view'
import { useText } from '../i18n/index.ts'
import { clockColors, formatCountdown, readClock } from './countdown.ts'
import { useNow } from './now.ts'

export const statusColors: Record<TicketStatus, string> = {
  new: 'coral',
  assigned: 'petrol',
  inProgress: 'petrol',
  pending: 'amber',
  resolved: 'moss',
  closed: 'gray',
  canceled: 'gray',
}

export function StatusBadge({ status, size = 'md' }: { status: TicketStatus; size?: 'sm' | 'md' | 'lg' }) {
  const { t } = useText()
  return (
    <Badge
      className={`status status-${status}`}
      color={statusColors[status]}
      size={size}
      variant="light"
      leftSection={<span className="status-dot" aria-hidden />}
    >
      {t(`status.${status}`)}
    </Badge>
  )
}

/** Bars as on a phone: more bars, more pressing; the word beside it or as a label. */
export function PriorityMark({ priority, withWord = true }: { priority: number | null; withWord?: boolean }) {
  const { t, tOr } = useText()
  const word = priority === null ? t('priority.none') : tOr(`priority.${priority}`, String(priority))
  const label = priority === null ? word : `P${priority} ${word}`
  return (
    <span className={`priority priority-${priority ?? 'none'}`} title={label}>
      <span className="priority-bars" aria-hidden>
        {[4, 3, 2, 1].map((level) => (
          <i key={level} className={priority !== null && priority <= level ? 'on' : ''} />
        ))}
      </span>
      {withWord ? <span>{word}</span> : <span className="priority-code">{priority === null ? '–' : `P${priority}`}</span>}
    </span>
  )
}

/** A live chip of one SLA clock. */
export function ClockChip({ clock, withMetric = false }: { clock: ClockView | null; withMetric?: boolean }) {
  const now = useNow()
  const { t, tOr, locale, dateTime } = useText()
  if (!clock) return <span className="clock-none">{t('clock.none')}</span>
  const reading = readClock(clock, now)
  const metric = clock.name?.[locale] ?? tOr(`clock.${clock.metric}`, clock.metric)
  const state = t(`clock.state.${reading.tone === 'late' || reading.tone === 'missed' ? 'breached' : clock.state}`)
  const time = reading.ms === null ? null : formatCountdown(reading.ms, locale)
  const shown = time === null ? state : reading.tone === 'late' ? `+${time}` : time
  const words =
    time === null
      ? state
      : reading.tone === 'late'
        ? t('clock.over', { time })
        : reading.tone === 'paused'
          ? t('clock.pausedLeft', { time })
          : t('clock.left', { time })
  const label = [metric, words, clock.dueAt === null ? '' : t('clock.due', { date: dateTime(clock.dueAt) })].filter(Boolean).join(' · ')
  const icons = {
    calm: null,
    soon: <IconAlarm size={13} />,
    late: <IconAlarm size={13} />,
    paused: <IconPlayerPause size={12} />,
    met: <IconCheck size={13} />,
    missed: <IconX size={13} />,
    canceled: null,
  }
  return (
    <Tooltip label={label}>
      <Badge
        className="clock num"
        color={clockColors[reading.tone]}
        variant={reading.tone === 'late' ? 'filled' : 'light'}
        leftSection={icons[reading.tone]}
        aria-label={label}
      >
        {withMetric ? `${metric} ` : ''}
        {shown}
      </Badge>
    </Tooltip>
  )
}
