import { Checkbox, NumberInput, Radio, Select, Stack, Textarea, TextInput } from '@mantine/core'
import type { Json } from '#schema/json'
import { useGroups, usePeople } from '../client/administration.ts'
import { useOptions } from '../client/desk.ts'
import type { AttachmentRow, Choice } from '../client/types.ts'
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

/** One component of a form as a Mantine input. */
export function FormField({ field, value, error, files, isDisabled, onChange, onFiles }: FormFieldProps) {
  const { t, locale } = useText()
  const choices = useChoices(field)
  const french = locale === 'fr'
  const common = {
    label: (french ? field.label_fr : undefined) ?? (field.label || field.key),
    description: (french ? field.description_fr : undefined) ?? field.description,
    error,
    disabled: isDisabled,
    required: field.validate?.required ?? false,
    'data-field': field.key,
  }
  const textual = typeof value === 'string' ? value : typeof value === 'number' ? String(value) : ''
  /** A choice keeps the type that the form declares: 1 stays a number. */
  const chosen = (text: string | null): Json => {
    if (text === null) return null
    const own = field.type === 'select' || field.type === 'radio' ? field.values : undefined
    return own?.find((choice) => String(choice.value) === text)?.value ?? text
  }
  switch (field.type) {
    case 'textfield':
      return (
        <TextInput
          {...common}
          value={textual}
          onChange={(event) => onChange(event.currentTarget.value)}
          maxLength={field.validate?.maxLength}
        />
      )
    case 'textarea':
      return (
        <Textarea {...common} autosize minRows={4} maxRows={16} value={textual} onChange={(event) => onChange(event.currentTarget.value)} />
      )
    case 'number':
      return (
        <NumberInput
          {...common}
          value={typeof value === 'number' ? value : ''}
          onChange={(next) => onChange(next === '' ? null : Number(next))}
          decimalSeparator={french ? ',' : '.'}
          {...(field.validate?.min === undefined ? {} : { min: field.validate.min })}
          {...(field.validate?.max === undefined ? {} : { max: field.validate.max })}
        />
      )
    case 'checkbox':
      return <Checkbox {...common} checked={value === true} onChange={(event) => onChange(event.currentTarget.checked)} />
    case 'select':
      return (
        <Select
          {...common}
          data={choices}
          value={textual === '' ? null : textual}
          onChange={(next) => onChange(chosen(next))}
          clearable={!common.required}
          searchable={choices.length > 7}
          nothingFoundMessage={t('palette.empty')}
          comboboxProps={{ shadow: 'md' }}
        />
      )
    case 'radio':
      return (
        <Radio.Group {...common} value={textual === '' ? null : textual} onChange={(next) => onChange(chosen(next))}>
          <Stack gap={8} mt={6}>
            {choices.map((choice) => (
              <Radio key={choice.value} value={choice.value} label={choice.label} disabled={isDisabled} />
            ))}
          </Stack>
        </Radio.Group>
      )
    case 'datetime':
      if (field.subtype === 'datetime')
        return (
          <TextInput
            {...common}
            type="datetime-local"
            value={textual === '' ? '' : toLocal(textual)}
            onChange={(event) => onChange(fromLocal(event.currentTarget.value))}
          />
        )
      return (
        <TextInput {...common} type={field.subtype} value={textual} onChange={(event) => onChange(event.currentTarget.value || null)} />
      )
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
