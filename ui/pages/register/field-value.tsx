import { Anchor, Badge, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { NounField } from '#schema/noun'
import { nounOf } from '#schema/nouns'
import { useText } from '../../i18n/index.ts'

/** Colours of states that mean something at a glance; everything else is plain. */
const colors: Record<string, string> = {
  vital: 'coral',
  high: 'amber',
  inService: 'moss',
  maintenance: 'amber',
  inRepair: 'amber',
  assigned: 'petrol',
  active: 'moss',
  canceled: 'gray',
  ended: 'gray',
  lost: 'coral',
  cancel: 'coral',
  renew: 'moss',
  reclaimRequested: 'amber',
}
const badged = new Set(['status', 'criticality', 'decision'])

/** How many names a list shows before it says how many more. */
const namesShown = 3

interface FieldValueProps {
  name: string
  field: NounField
  value: unknown
  names: Record<string, string>
  /** In a list: short, without links into it. */
  isShort?: boolean
}

function References({ field, ids, names, isShort }: { field: NounField; ids: string[]; names: Record<string, string>; isShort: boolean }) {
  const { t } = useText()
  const path = nounOf(field.refersTo ?? '')?.path
  const shown = isShort ? ids.slice(0, namesShown) : ids
  return (
    <span className="reference-list">
      {shown.map((id, index) => (
        <span key={id}>
          {path === undefined || isShort ? (
            (names[id] ?? id)
          ) : (
            <Anchor component={Link} to="/register/$path/$id" params={{ path, id } as never} size="sm">
              {names[id] ?? id}
            </Anchor>
          )}
          {index < shown.length - 1 ? ', ' : ''}
        </span>
      ))}
      {ids.length > shown.length ? (
        <Text span size="xs" c="dimmed">{` ${t('register.more', { count: ids.length - shown.length })}`}</Text>
      ) : null}
    </span>
  )
}

/** A value in the reader's words. */
export function FieldValue({ name, field, value, names, isShort = false }: FieldValueProps) {
  const { t, date, dateTime, number, locale } = useText()
  const none = (
    <Text span c="dimmed" size="sm">
      {isShort ? '–' : t('common.none')}
    </Text>
  )
  if (value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0)) return none
  const wordOf = (each: unknown): string => field.choices?.find((choice) => choice.value === each)?.[locale] ?? String(each)
  switch (field.kind) {
    case 'reference':
      return <References field={field} ids={[String(value)]} names={names} isShort={isShort} />
    case 'references':
      return <References field={field} ids={value as string[]} names={names} isShort={isShort} />
    case 'choice':
      return badged.has(name) ? (
        <Badge variant="light" color={colors[String(value)] ?? 'gray'}>
          {wordOf(value)}
        </Badge>
      ) : (
        <>{wordOf(value)}</>
      )
    case 'choices':
      return <>{(value as string[]).map(wordOf).join(', ')}</>
    case 'date':
      return <span className="num">{date(`${String(value)}T12:00:00`)}</span>
    case 'instant':
      return <span className="num">{dateTime(String(value))}</span>
    case 'flag':
      return <>{t(value === true ? 'common.yes' : 'common.no')}</>
    case 'amount':
      return <span className="num">{number(Number(value), { style: 'currency', currency: 'EUR', maximumFractionDigits: 0 })}</span>
    case 'integer':
      return <span className="num">{number(Number(value))}</span>
    case 'email':
      return isShort ? (
        <>{String(value)}</>
      ) : (
        <Anchor href={`mailto:${String(value)}`} size="sm">
          {String(value)}
        </Anchor>
      )
    case 'longText':
      return <span className="long-text">{String(value)}</span>
    default:
      return <>{String(value)}</>
  }
}
