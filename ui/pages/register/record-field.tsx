import { Checkbox, MultiSelect, NumberInput, Select, Textarea, type OptionsFilter, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useState } from 'react'
import type { NounField } from '#schema/noun'
import { useReferenceChoices } from '../../client/records.ts'
import { useText } from '../../i18n/index.ts'

export interface RecordFieldProps {
  name: string
  field: NounField
  value: unknown
  /** Names of what the value refers to. */
  names: Record<string, string>
  error: string | null
  isDisabled: boolean
  onChange: (value: never) => void
}

/** Local wall time for the input, UTC instants for the record. */
const toLocal = (value: unknown): string => {
  if (typeof value !== 'string' || value === '') return ''
  const date = new Date(value)
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}

/** The server has searched already, without regard to accents. */
const everything: OptionsFilter<string> = ({ options }) => options

/** An empty list is a value too: no star says that something must be chosen. */
const mayBeEmptyList = ({ schema }: RecordFieldProps['field']): boolean => schema.safeParse([]).success

type Common = ReturnType<typeof useCommon>
function useCommon({ name, field, error, isDisabled }: RecordFieldProps) {
  const { locale } = useText()
  return {
    label: field.label[locale],
    description: field.hint?.[locale],
    error,
    disabled: isDisabled,
    required: field.isRequired && field.kind !== 'flag' && !mayBeEmptyList(field),
    'data-field': name,
  }
}

/** Searches while one types; what is chosen keeps its name. */
function ReferenceField({ common, ...props }: RecordFieldProps & { common: Common }) {
  const { field, value, names, onChange } = props
  const { t } = useText()
  const [typed, setTyped] = useState('')
  const [isOpen, setOpen] = useState(false)
  const [q] = useDebouncedValue(typed.trim(), 200)
  const chosen = Array.isArray(value) ? (value as string[]) : typeof value === 'string' && value !== '' ? [value] : []
  // The text of the choice itself is not a search.
  const search = chosen.some((id) => names[id] === q) ? '' : q
  const found = useReferenceChoices(field.refersTo ?? '', search, isOpen || chosen.some((id) => names[id] === undefined)).data ?? []
  const kept = chosen.filter((id) => !found.some((choice) => choice.value === id)).map((id) => ({ value: id, label: names[id] ?? id }))
  const shared = {
    ...common,
    data: [...kept, ...found],
    searchable: true,
    onDropdownOpen: () => setOpen(true),
    onSearchChange: setTyped,
    filter: everything,
    nothingFoundMessage: t('palette.empty'),
    comboboxProps: { shadow: 'md' },
  }
  if (field.kind === 'references')
    return <MultiSelect {...shared} value={chosen} onChange={(next) => onChange(next as never)} hidePickedOptions />
  return <Select {...shared} value={chosen[0] ?? null} onChange={(next) => onChange(next as never)} clearable={!field.isRequired} />
}

function NumberField({ common, ...props }: RecordFieldProps & { common: Common }) {
  const { field, value, onChange } = props
  const { locale } = useText()
  return (
    <NumberInput
      {...common}
      value={typeof value === 'number' ? value : ''}
      onChange={(next) => onChange((next === '' ? null : Number(next)) as never)}
      decimalSeparator={locale === 'fr' ? ',' : '.'}
      thousandSeparator=" "
      allowDecimal={field.kind === 'amount'}
      {...(field.min === undefined ? {} : { min: field.min })}
      {...(field.max === undefined ? {} : { max: field.max })}
    />
  )
}

const inputTypes: Partial<Record<NounField['kind'], string>> = { email: 'email', date: 'date', time: 'time' }

/** One field of a record as an input. */
export function RecordField(props: RecordFieldProps) {
  const { field, value, onChange } = props
  const { locale } = useText()
  const common = useCommon(props)
  const text = typeof value === 'string' ? value : ''
  const set = (next: unknown): void => onChange((next === '' ? null : next) as never)
  const choices = (field.choices ?? []).map((choice) => ({ value: choice.value, label: choice[locale] }))
  switch (field.kind) {
    case 'reference':
    case 'references':
      return <ReferenceField {...props} common={common} />
    case 'choice':
      return <Select {...common} data={choices} value={text || null} onChange={set} allowDeselect={false} searchable={choices.length > 7} />
    case 'choices':
      return <MultiSelect {...common} data={choices} value={(value as string[] | undefined) ?? []} onChange={set} />
    case 'flag':
      return (
        <Checkbox {...common} checked={value === true} onChange={(event) => set(event.currentTarget.checked)} className="record-flag" />
      )
    case 'integer':
    case 'amount':
      return <NumberField {...props} common={common} />
    case 'longText':
      return <Textarea {...common} autosize minRows={3} maxRows={14} value={text} onChange={(event) => set(event.currentTarget.value)} />
    case 'instant':
      return (
        <TextInput
          {...common}
          type="datetime-local"
          value={toLocal(value)}
          onChange={(event) => set(event.currentTarget.value === '' ? null : new Date(event.currentTarget.value).toISOString())}
        />
      )
    default:
      return (
        <TextInput {...common} type={inputTypes[field.kind] ?? 'text'} value={text} onChange={(event) => set(event.currentTarget.value)} />
      )
  }
}
