import { ActionIcon, Button, Group, SegmentedControl } from '@mantine/core'
import { IconAlertTriangle, IconBan, IconChevronLeft, IconChevronRight, IconTool } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { CalendarChangeView, OccurrenceView } from '#schema/change-view'
import { useCalendar } from '../../client/changes.ts'
import { useText } from '../../i18n/index.ts'
import { PageHeader } from '../../templates/page.tsx'
import { EmptyState, ErrorState } from '../../templates/states.tsx'
import { addDays, daysOf, type Mode, shift, touches } from './calendar-days.ts'
import './changes.css'

function OccurrenceChip({ occurrence, day }: { occurrence: OccurrenceView; day: Date }) {
  const { t, time } = useText()
  const next = addDays(day, 1)
  const isWhole = new Date(occurrence.from) <= day && new Date(occurrence.to) >= next
  const from = new Date(occurrence.from) <= day ? '' : time(occurrence.from)
  const to = new Date(occurrence.to) >= next ? '' : time(occurrence.to)
  const label = t(`change.window.${occurrence.kind}`)
  return (
    <div
      className="calendar-window"
      data-kind={occurrence.kind}
      title={[label, occurrence.name, occurrence.reason].filter(Boolean).join(' · ')}
    >
      {occurrence.kind === 'blackout' ? <IconBan size={13} aria-label={label} /> : <IconTool size={13} aria-label={label} />}
      <span className="truncate">
        {isWhole ? '' : `${from}–${to} `}
        {occurrence.name}
      </span>
    </div>
  )
}

function ChangeChip({ change }: { change: CalendarChangeView }) {
  const { t, time } = useText()
  return (
    <Link
      to="/tickets/$id"
      params={{ id: change.number }}
      search={{ tab: 'change' }}
      className="calendar-change"
      data-type={change.type}
      data-over={change.status === 'closed' || undefined}
      data-conflict={change.hasConflict || undefined}
      title={`${change.number} · ${change.title}${change.hasConflict ? ` · ${t('change.calendar.conflict')}` : ''}`}
    >
      {change.hasConflict ? <IconAlertTriangle size={13} aria-label={t('change.calendar.conflict')} /> : null}
      <span className="num">{change.plannedStart ? time(change.plannedStart) : ''}</span>
      <span className="truncate">{change.title}</span>
    </Link>
  )
}

function Day({
  day,
  mode,
  month,
  calendar,
}: {
  day: Date
  mode: Mode
  month: number
  calendar: { changes: CalendarChangeView[]; occurrences: OccurrenceView[] }
}) {
  const { locale } = useText()
  const occurrences = calendar.occurrences.filter((each) => touches(each.from, each.to, day))
  const changes = calendar.changes.filter(
    (each) => each.plannedStart && each.plannedEnd && touches(each.plannedStart, each.plannedEnd, day),
  )
  const isToday = day.toDateString() === new Date().toDateString()
  const name = new Intl.DateTimeFormat(locale === 'fr' ? 'fr-FR' : 'en-GB', { weekday: 'short', day: 'numeric', month: 'short' }).format(
    day,
  )
  return (
    <li
      className="calendar-day"
      data-mode={mode}
      data-empty={occurrences.length + changes.length === 0 || undefined}
      data-other={(mode === 'month' && day.getMonth() !== month) || undefined}
      data-today={isToday || undefined}
      data-frozen={occurrences.some(({ kind }) => kind === 'blackout') || undefined}
    >
      <div className="calendar-date" aria-current={isToday ? 'date' : undefined}>
        {name}
      </div>
      {occurrences.map((occurrence) => (
        <OccurrenceChip key={`${occurrence.windowId} ${occurrence.from}`} occurrence={occurrence} day={day} />
      ))}
      {changes.map((change) => (
        <ChangeChip key={change.id} change={change} />
      ))}
    </li>
  )
}

/** Windows, blackouts and changes by day: a grid where there is room, a list of the days that have something where there is not. */
export function ChangeCalendarPage() {
  const { t, locale } = useText()
  const [mode, setMode] = useState<Mode>('month')
  const [anchor, setAnchor] = useState(() => new Date())
  const days = daysOf(mode, anchor)
  const [first, last] = [days[0] as Date, addDays(days.at(-1) as Date, 1)]
  const { data, error, refetch } = useCalendar(first.toISOString(), last.toISOString())
  const tag = locale === 'fr' ? 'fr-FR' : 'en-GB'
  const heading = new Intl.DateTimeFormat(
    tag,
    mode === 'month' ? { month: 'long', year: 'numeric' } : { day: 'numeric', month: 'long', year: 'numeric' },
  )
  const isEmpty = data && data.changes.length + data.occurrences.length === 0
  return (
    <div className="page page-full">
      <PageHeader title={t('change.calendar')} lead={t('change.calendar.lead')} />
      <Group justify="space-between" gap="sm">
        <Group gap="xs">
          <Button variant="default" size="xs" onClick={() => setAnchor(new Date())}>
            {t('change.calendar.today')}
          </Button>
          <ActionIcon variant="default" aria-label={t('change.calendar.previous')} onClick={() => setAnchor(shift(mode, anchor, -1))}>
            <IconChevronLeft size={16} />
          </ActionIcon>
          <ActionIcon variant="default" aria-label={t('change.calendar.next')} onClick={() => setAnchor(shift(mode, anchor, 1))}>
            <IconChevronRight size={16} />
          </ActionIcon>
          <h2 className="calendar-heading" aria-live="polite">
            {mode === 'month' ? heading.format(anchor) : heading.formatRange(first, days.at(-1) as Date)}
          </h2>
        </Group>
        <SegmentedControl
          size="xs"
          aria-label={t('change.calendar')}
          value={mode}
          onChange={(value) => setMode(value as Mode)}
          data={(['month', 'week'] as const).map((value) => ({ value, label: t(`change.calendar.${value}`) }))}
        />
      </Group>
      {error ? <ErrorState error={error} onRetry={() => void refetch()} /> : null}
      <ul className="calendar-grid" data-mode={mode}>
        {days.map((day) => (
          <Day
            key={day.toISOString()}
            day={day}
            mode={mode}
            month={anchor.getMonth()}
            calendar={data ?? { changes: [], occurrences: [] }}
          />
        ))}
      </ul>
      {isEmpty ? (
        <div className="calendar-none">
          <EmptyState isSmall title={t('change.calendar.empty')} />
        </div>
      ) : null}
      <fieldset className="calendar-legend">
        <legend className="change-hidden">{t('change.calendar.legend')}</legend>
        {(['maintenance', 'blackout'] as const).map((kind) => (
          <span key={kind} className="calendar-window" data-kind={kind}>
            {t(`change.window.${kind}`)}
          </span>
        ))}
        {(['standard', 'normal', 'emergency'] as const).map((type) => (
          <span key={type} className="calendar-change" data-type={type}>
            {t(`change.type.${type}`)}
          </span>
        ))}
        <span className="calendar-change" data-conflict>
          <IconAlertTriangle size={13} aria-hidden /> {t('change.calendar.conflict')}
        </span>
      </fieldset>
    </div>
  )
}
