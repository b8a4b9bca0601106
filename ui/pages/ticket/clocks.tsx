import { Anchor, Badge, Progress, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { ClockView, TicketView } from '#schema/view'
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

const textOf = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null)
const minutesOf = (value: unknown): number | null => (typeof value === 'number' ? value * 60_000 : null)

/** The maintenance contract behind the ticket's item, as its process knows it: what it promises, or that it is over. */
export function SupplierContract({ variables }: { variables: TicketView['variables'] }) {
  const { t, date, span } = useText()
  const { contractState, contractId, contractReference, contractSupplier, contractEndsOn } = variables
  const [reference, id, ends] = [textOf(contractReference), textOf(contractId), textOf(contractEndsOn)]
  if (reference === null || id === null || ends === null || (contractState !== 'inForce' && contractState !== 'expired')) return null
  const on = date(`${ends}T12:00:00`)
  const promises = [
    [minutesOf(variables.contractResponseMinutes), 'contract.response'] as const,
    [minutesOf(variables.contractResolutionMinutes), 'contract.resolution'] as const,
  ].flatMap(([ms, key]) => (ms === null ? [] : [t(key, { time: span(ms) })]))
  return (
    <Text size="xs" c={contractState === 'expired' ? 'coral' : 'dimmed'} mt="xs">
      <Anchor component={Link} to="/register/$path/$id" params={{ path: 'contracts', id } as never} size="xs">
        {t('contract.name', { reference })}
      </Anchor>
      {textOf(contractSupplier) === null ? '' : ` · ${textOf(contractSupplier)}`} ·{' '}
      {contractState === 'expired' ? t('contract.expired', { date: on }) : [t('contract.until', { date: on }), ...promises].join(' · ')}
    </Text>
  )
}

/** What a clock measures, in the reader's language. */
export function useClockName(): (clock: Pick<ClockView, 'metric' | 'name'>) => string {
  const { tOr, locale } = useText()
  return ({ metric, name }) => name?.[locale] ?? tOr(`clock.${metric}`, metric)
}

function ClockLine({ clock }: { clock: ClockView }) {
  const { t, tOr, dateTime, span, locale } = useText()
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
      {clock.kind !== 'sla' && clock.calendar && clock.stoppedAt === null ? (
        <Text size="xs" c="dimmed" className="num">
          {clock.calendar.name[locale]}
          {clock.calendar.isFallback ? ` · ${t(clock.kind === 'ola' ? 'clock.fallback.ola' : 'clock.fallback.uc')}` : ''}
          {clock.calendar.opensAt === null ? '' : ` · ${t('clock.opensAt', { date: dateTime(clock.calendar.opensAt) })}`}
        </Text>
      ) : null}
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
