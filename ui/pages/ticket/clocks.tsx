import { Progress, Text } from '@mantine/core'
import type { ClockView } from '#schema/view'
import { ClockChip } from '../../components/badges.tsx'
import { clockColors, readClock } from '../../components/countdown.ts'
import { useNow } from '../../components/now.ts'
import { useText } from '../../i18n/index.ts'

/** Each SLA clock of the ticket with its share used and its due instant. */
export function Clocks({ clocks }: { clocks: ClockView[] }) {
  const { t, tOr, dateTime, span } = useText()
  const now = useNow()
  if (clocks.length === 0)
    return (
      <Text size="sm" c="dimmed">
        {t('clock.none')}
      </Text>
    )
  return (
    <div className="clocks">
      {clocks.map((clock) => {
        const { tone } = readClock(clock, now)
        const metric = tOr(`clock.${clock.metric}`, clock.metric)
        return (
          <div key={clock.clockId}>
            <div className="clock-row">
              <Text size="sm" fw={600}>
                {metric}
              </Text>
              <ClockChip clock={clock} />
            </div>
            <Progress value={Math.min(100, Math.max(0, clock.percent))} color={clockColors[tone]} size={5} aria-label={metric} />
            <Text size="xs" c="dimmed" mt={4} className="num">
              {clock.dueAt === null ? '' : `${t('clock.due', { date: dateTime(clock.dueAt) })} · `}
              {t('clock.target', { time: span(clock.targetMs) })}
            </Text>
          </div>
        )
      })}
    </div>
  )
}
