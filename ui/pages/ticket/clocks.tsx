import { Badge, Progress, Text } from '@mantine/core'
import type { ClockView } from '#schema/view'
import { ClockChip } from '../../components/badges.tsx'
import { clockColors, readClock } from '../../components/countdown.ts'
import { useNow } from '../../components/now.ts'
import { useText } from '../../i18n/index.ts'

/** Each clock of the ticket with its share used, its due instant, why it stands still, and whose time a breach used up. */
export function Clocks({ clocks }: { clocks: ClockView[] }) {
  const { t } = useText()
  // Of a promise that is given again and again, the present run counts; a missed one stays.
  const shown = clocks.filter((clock) => clock.metric !== 'update' || clock.stoppedAt === null || clock.state === 'breached')
  if (shown.length === 0)
    return (
      <Text size="sm" c="dimmed">
        {t('clock.none')}
      </Text>
    )
  return (
    <div className="clocks">
      {shown.map((clock) => (
        <ClockLine key={clock.clockId} clock={clock} />
      ))}
    </div>
  )
}

/** What a clock measures, in the reader's language. */
export function useClockName(): (clock: Pick<ClockView, 'metric' | 'name'>) => string {
  const { tOr, locale } = useText()
  return ({ metric, name }) => name?.[locale] ?? tOr(`clock.${metric}`, metric)
}

function ClockLine({ clock }: { clock: ClockView }) {
  const { t, tOr, dateTime, span } = useText()
  const now = useNow()
  const nameOf = useClockName()
  const { tone } = readClock(clock, now)
  const name = nameOf(clock)
  const owned = clock.breachedAt === null ? [] : clock.owned.filter(({ ms }) => ms > 0)
  return (
    <div>
      <div className="clock-row">
        <Text component="div" size="sm" fw={600}>
          {name}{' '}
          {clock.kind !== 'sla' && (
            <Badge size="xs" color="gray" variant="light">
              {clock.kind === 'ola' && clock.group ? clock.group.name : t(`clock.kind.${clock.kind}`)}
            </Badge>
          )}
        </Text>
        <ClockChip clock={clock} />
      </div>
      <Progress value={Math.min(100, Math.max(0, clock.percent))} color={clockColors[tone]} size={5} aria-label={name} />
      <Text size="xs" c="dimmed" mt={4} className="num">
        {clock.dueAt === null ? '' : `${t('clock.due', { date: dateTime(clock.dueAt) })} · `}
        {t('clock.target', { time: span(clock.targetMs) })}
      </Text>
      {clock.pause && (
        <Text size="xs" c="amber" className="num">
          {clock.pause.owner === null ? '' : `${tOr(`clock.pausedBy.${clock.pause.owner}`, clock.pause.owner)} · `}
          {tOr(`clock.reason.${clock.pause.reason}`, clock.pause.reason)}
          {clock.pause.capAt === null ? '' : ` · ${t('clock.capAt', { date: dateTime(clock.pause.capAt) })}`}
        </Text>
      )}
      {owned.length > 0 && (
        <Text size="xs" c="dimmed" className="num">
          {t('clock.owned')} :{' '}
          {owned.map(({ id, name: group, ms }) => `${id === 'unassigned' ? t('clock.unassigned') : group} ${span(ms)}`).join(' · ')}
          {clock.lateMs !== null && clock.lateMs >= 60_000 ? ` · ${t('clock.late', { time: span(clock.lateMs) })}` : ''}
        </Text>
      )}
    </div>
  )
}
