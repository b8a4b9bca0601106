/** Fields of the properties panel that write one guichet: attribute, or whatever their caller says. */
import { isSelectEntryEdited, isTextFieldEntryEdited, SelectEntry, TextFieldEntry } from '@bpmn-io/properties-panel'
import { useService } from 'bpmn-js-properties-panel'

export interface Option {
  value: string
  label: string
}

/** Where a field's value comes from and goes to. */
export interface Binding {
  read: () => string
  write: (value: string) => void
}
export interface EntryOptions {
  id: string
  element: DiagramElement
  label: string
  hint?: string | undefined
  /** Absent: the attribute `guichet:<id>`. */
  binding?: Binding
  /** What is wrong with a value, in words; null: nothing. */
  check?: (value: string) => string | null
  options?: readonly Option[]
}

type Validate = (value: string | undefined) => string | null
interface EntryProps extends EntryOptions {
  property: string
  validate: Validate
}

/** One function for as long as the field is shown: the panel judges the drawn value anew when it changes, and would forget the mistake. */
const validating =
  ({ check }: EntryOptions): Validate =>
  (value) =>
    value ? (check?.(value) ?? null) : null

function useBinding({ element, property, binding, label, hint, id, validate, options }: EntryProps) {
  const modeling = useService<DiagramServices['modeling']>('modeling')
  const own: Binding = binding ?? {
    read: () => {
      const value = element.businessObject.get(property)
      return typeof value === 'string' ? value : ''
    },
    write: (value) => modeling.updateProperties(element, { [property]: value === '' ? undefined : value }),
  }
  return {
    element,
    id,
    label,
    description: hint,
    getOptions: () => options,
    getValue: own.read,
    validate,
    // what is wrong stays in the field, with the reason, and is not drawn
    setValue: (value: string | undefined, mistake?: string | null) => {
      if (!mistake) own.write(value ?? '')
    },
  }
}

function ChoiceEntry(props: EntryProps) {
  return SelectEntry(useBinding(props))
}
function WordsEntry(props: EntryProps) {
  const debounce = useService<unknown>('debounceInput')
  return TextFieldEntry({ ...useBinding(props), debounce })
}

/** A field of one line. */
export const textField = (options: EntryOptions): object => ({
  ...options,
  id: `guichet-${options.id}`,
  property: `guichet:${options.id}`,
  validate: validating(options),
  component: WordsEntry,
  isEdited: isTextFieldEntryEdited,
})

/** A choice; the first option stands for none. */
export const choiceField = (options: EntryOptions & { options: readonly Option[] }): object => ({
  ...options,
  id: `guichet-${options.id}`,
  property: `guichet:${options.id}`,
  validate: validating(options),
  component: ChoiceEntry,
  isEdited: isSelectEntryEdited,
})
