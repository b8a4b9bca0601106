import { Badge, MultiSelect, type MultiSelectProps } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconAlertTriangle, IconBan, IconCircleCheck } from '@tabler/icons-react'
import { useState } from 'react'
import type { ChangeType, ConflictView } from '#schema/change'
import { useChangeChoices } from '../../client/changes.ts'
import { useReferenceChoices } from '../../client/records.ts'
import { useText } from '../../i18n/index.ts'
import { Link } from '@tanstack/react-router'

const riskColors: Record<number, string> = { 1: 'moss', 2: 'petrol', 3: 'amber', 4: 'coral' }
const typeColors: Record<ChangeType, string> = { standard: 'gray', normal: 'petrol', emergency: 'coral' }

export function RiskBadge({ risk }: { risk: number | null }) {
  const { t, tOr } = useText()
  if (risk === null) return <span className="change-dim">{t('change.risk.none')}</span>
  return (
    <Badge className="change-badge" color={riskColors[risk] ?? 'gray'} variant="light">
      {tOr(`change.risk.${risk}`, String(risk))}
    </Badge>
  )
}

export function TypeBadge({ type, isUnauthorised = false }: { type: ChangeType; isUnauthorised?: boolean }) {
  const { t } = useText()
  return (
    <Badge className="change-badge" color={isUnauthorised ? 'coral' : typeColors[type]} variant={isUnauthorised ? 'filled' : 'outline'}>
      {isUnauthorised ? t('change.unauthorised') : t(`change.type.${type}`)}
    </Badge>
  )
}

/** `sam. 28 nov. 22:00 – 23:30`; the second day only where it differs. */
export function Span({ from, to }: { from: string | null; to: string | null }) {
  const { t, dateTime, time, date } = useText()
  if (from === null || to === null) return <span className="change-dim">{t('change.planned.none')}</span>
  return (
    <span className="num">
      {dateTime(from)} – {date(from) === date(to) ? time(to) : dateTime(to)}
    </span>
  )
}

export function ConflictList({ conflicts }: { conflicts: readonly ConflictView[] }) {
  const { t } = useText()
  if (conflicts.length === 0)
    return (
      <div className="change-free" role="status">
        <IconCircleCheck size={17} aria-hidden /> {t('change.plan.free')}
      </div>
    )
  return (
    <ul className="change-conflicts" aria-live="polite">
      {conflicts.map((conflict) => (
        <li key={`${conflict.kind} ${conflict.change?.id ?? conflict.window?.id ?? ''}`} data-blocking={conflict.isBlocking || undefined}>
          {conflict.isBlocking ? <IconBan size={16} aria-hidden /> : <IconAlertTriangle size={16} aria-hidden />}
          <div className="change-conflict-words">
            {t(`change.conflict.${conflict.kind}`, { number: conflict.change?.number ?? '', window: conflict.window?.name ?? '' })}
            <span className="change-dim">
              {' '}
              <Span from={conflict.from} to={conflict.to} />
            </span>
            {conflict.change ? (
              <>
                {' '}
                <Link to="/tickets/$id" params={{ id: conflict.change.number }} search={{ tab: 'change' }}>
                  {conflict.change.number}
                </Link>
              </>
            ) : null}
          </div>
          {conflict.isBlocking ? (
            <Badge className="change-badge" color="coral">
              {t('change.plan.blocking')}
            </Badge>
          ) : null}
        </li>
      ))}
    </ul>
  )
}

/** Configuration items of the register, found by what is typed. */
export function CiSelect({
  value,
  onChange,
  known = [],
  ...props
}: Omit<MultiSelectProps, 'data' | 'value' | 'onChange'> & {
  value: string[]
  onChange: (ids: string[]) => void
  known?: readonly { id: string; name: string }[]
}) {
  const [q, setQ] = useState('')
  const found = useReferenceChoices('configurationItem', q, true).data ?? []
  const chosen = known.filter(({ id }) => !found.some((choice) => choice.value === id)).map(({ id, name }) => ({ value: id, label: name }))
  return (
    <MultiSelect
      {...props}
      data={[...found, ...chosen]}
      value={value}
      onChange={onChange}
      searchable
      searchValue={q}
      onSearchChange={setQ}
      hidePickedOptions
      comboboxProps={{ shadow: 'md' }}
    />
  )
}

/** Other changes that are not over, found by number or title. */
export function ChangeSelect({
  value,
  onChange,
  known = [],
  except,
  ...props
}: Omit<MultiSelectProps, 'data' | 'value' | 'onChange'> & {
  value: string[]
  onChange: (ids: string[]) => void
  known?: readonly { id: string; number: string; title: string }[]
  /** The change itself. */
  except?: string
}) {
  const [typed, setTyped] = useState('')
  const [q] = useDebouncedValue(typed.trim(), 200)
  const changes = new Map([...known, ...(useChangeChoices(q).data ?? [])].map((change) => [change.id, change]))
  return (
    <MultiSelect
      {...props}
      data={[...changes.values()]
        .filter(({ id }) => id !== except)
        .map(({ id, number, title }) => ({ value: id, label: `${number} · ${title}` }))}
      value={value}
      onChange={onChange}
      searchable
      searchValue={typed}
      onSearchChange={setTyped}
      hidePickedOptions
      comboboxProps={{ shadow: 'md' }}
    />
  )
}

/** `<input type="datetime-local">` speaks local wall time; the API speaks instants. */
export const toLocalInput = (iso: string): string => {
  const date = new Date(iso)
  return Number.isNaN(date.getTime()) ? '' : new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}
export const fromLocalInput = (text: string): string | null =>
  text === '' || Number.isNaN(new Date(text).getTime()) ? null : new Date(text).toISOString()
