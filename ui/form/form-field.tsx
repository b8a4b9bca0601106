import { Checkbox, NumberInput, Radio, Select, Stack, Textarea, TextInput } from '@mantine/core'
import type { Json } from '#schema/json'
import { useGroups, usePeople } from '../client/administration.ts'
import { useChoicesOfDesk } from '../client/catalogue.ts'
import { useOptions } from '../client/desk.ts'
import type { AttachmentRow, Choice } from '../client/types.ts'
import { ItemPicker } from '../components/reference-picker.tsx'
import { useText } from '../i18n/index.ts'
import type { Field } from './check-form.ts'
import { FileField } from './file-field.tsx'

export interface FormFieldProps {
  field: Field
  value: Json | undefined
  error: string | null
  files: AttachmentRow[]
  isDisabled: boolean
  onChange: (value: Json) => void
  onFiles: (files: AttachmentRow[]) => void
}

/** Choices of a field: its own, or a live list named by `properties.source`. */
function useChoices(field: Field): Choice[] {
  const { locale } = useText()
  const source = field.properties?.source
  const people = usePeople('', source === 'people')
  const groups = useGroups(source === 'groups')
  const options = useOptions(source === 'services' || source === 'categories')
  const choices = useChoicesOfDesk(source === 'colleagues' || source === 'profiles')
  if (source === 'colleagues') return (choices.data?.people ?? []).map(({ id, name }) => ({ value: id, label: name }))
  if (source === 'profiles') return (choices.data?.profiles ?? []).map(({ id, name }) => ({ value: id, label: name }))
  if (source === 'people') return (people.data ?? []).map((person) => ({ value: person.id, label: person.name }))
  if (source === 'groups') return (groups.data ?? []).map((group) => ({ value: group.id, label: group.name }))
  if (source === 'services') return options.data?.services ?? []
  if (source === 'categories') return options.data?.categories ?? []
  const own = field.type === 'select' || field.type === 'radio' ? (field.values ?? []) : []
  return own.map((choice) => ({ value: String(choice.value), label: (locale === 'fr' ? choice.label_fr : undefined) ?? choice.label }))
}

/** `<input type="datetime-local">` speaks local wall time; the process speaks UTC instants. */
const toLocal = (value: string): string => {
  const date = new Date(value)
  if (Number.isNaN(date.getTime())) return value
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}
const fromLocal = (value: string): string | null => (value === '' ? null : new Date(value).toISOString())

/** What every input of a form has in common, in the reader's language. */
function useCommon({ field, error, isDisabled }: FormFieldProps) {
  const { locale } = useText()
  const isFrench = locale === 'fr'
  return {
    label: (isFrench ? field.label_fr : undefined) ?? (field.label || field.key),
    description: (isFrench ? field.description_fr : undefined) ?? field.description,
    error,
    disabled: isDisabled,
    required: field.validate?.required ?? false,
    'data-field': field.key,
  }
}

/** The choice of that text, of the type that the form declares: 1 stays a number. */
function chosenValue(field: Field, text: string | null): Json {
  if (text === null) return null
  const own = field.type === 'select' || field.type === 'radio' ? field.values : undefined
  return own?.find((choice) => String(choice.value) === text)?.value ?? text
}
const textOf = (value: Json | undefined): string => (typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '')

/** Searched at the server: there may be thousands. */
function ItemField(props: FormFieldProps) {
  const { value, onChange } = props
  return <ItemPicker {...useCommon(props)} value={textOf(value) || null} itemName={null} onPick={onChange} />
}

function ChoiceField(props: FormFieldProps) {
  const { field, value, isDisabled, onChange } = props
  const { t } = useText()
  const common = useCommon(props)
  const choices = useChoices(field)
  const text = textOf(value) === '' ? null : textOf(value)
  const pick = (next: string | null): void => onChange(chosenValue(field, next))
  if (field.type === 'radio')
    return (
      <Radio.Group {...common} value={text} onChange={pick}>
        <Stack gap={8} mt={6}>
          {choices.map((choice) => (
            <Radio key={choice.value} value={choice.value} label={choice.label} disabled={isDisabled} />
          ))}
        </Stack>
      </Radio.Group>
    )
  return (
    <Select
      {...common}
      data={choices}
      value={text}
      onChange={pick}
      clearable={!common.required}
      allowDeselect={false}
      searchable={choices.length > 7}
      nothingFoundMessage={t('palette.empty')}
      comboboxProps={{ shadow: 'md' }}
    />
  )
}

function NumberField(props: FormFieldProps) {
  const { field, value, onChange } = props
  const { locale } = useText()
  const { min, max } = field.validate ?? {}
  return (
    <NumberInput
      {...useCommon(props)}
      value={typeof value === 'number' ? value : ''}
      onChange={(next) => onChange(next === '' ? null : Number(next))}
      decimalSeparator={locale === 'fr' ? ',' : '.'}
      {...(min === undefined ? {} : { min })}
      {...(max === undefined ? {} : { max })}
    />
  )
}

function TimeField(props: FormFieldProps & { subtype: 'date' | 'time' | 'datetime' }) {
  const { value, subtype, onChange } = props
  const text = textOf(value)
  const common = useCommon(props)
  if (subtype !== 'datetime')
    return <TextInput {...common} type={subtype} value={text} onChange={(event) => onChange(event.currentTarget.value || null)} />
  return (
    <TextInput
      {...common}
      type="datetime-local"
      value={text === '' ? '' : toLocal(text)}
      onChange={(event) => onChange(fromLocal(event.currentTarget.value))}
    />
  )
}

/** One component of a form as a Mantine input. */
export function FormField(props: FormFieldProps) {
  const { field, value, error, files, onChange, onFiles } = props
  const common = useCommon(props)
  switch (field.type) {
    case 'textfield':
      return (
        <TextInput
          {...common}
          value={textOf(value)}
          onChange={(event) => onChange(event.currentTarget.value)}
          maxLength={field.validate?.maxLength}
        />
      )
    case 'textarea':
      return (
        <Textarea
          {...common}
          autosize
          minRows={4}
          maxRows={16}
          value={textOf(value)}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      )
    case 'checkbox':
      return <Checkbox {...common} checked={value === true} onChange={(event) => onChange(event.currentTarget.checked)} />
    case 'number':
      return <NumberField {...props} />
    case 'select':
    case 'radio':
      if (field.properties?.source === 'configurationItems') return <ItemField {...props} />
      return <ChoiceField {...props} />
    case 'datetime':
      return <TimeField {...props} subtype={field.subtype} />
    case 'filepicker':
      return (
        <FileField
          label={common.label}
          {...(common.description ? { description: common.description } : {})}
          error={error}
          files={files}
          isMultiple={field.multiple ?? false}
          onChange={onFiles}
        />
      )
  }
}
