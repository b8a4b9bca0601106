import { Alert, Button, Group, Stack, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { type FormEvent, type ReactNode, useId, useMemo, useRef, useState } from 'react'
import type { Form } from '#schema/form'
import type { Json, Variables } from '#schema/json'
import { isProblem } from '../client/http.ts'
import type { AttachmentRow } from '../client/types.ts'
import { useDraft } from '../components/use-draft.ts'
import { useText } from '../i18n/index.ts'
import { problemWords } from '../templates/states.tsx'
import { checkForm, isField, sentValues, startValues } from './check-form.ts'
import { FormField } from './form-field.tsx'
import { useHiddenFields } from './hidden-fields.ts'

export interface FormRendererProps {
  form: Form
  /** Current values of the form's keys. */
  values?: Variables
  submitLabel: string
  /** Resolves when the server accepted; rejects with its refusal, whose errors are put at the fields. */
  onSubmit: (values: Variables) => Promise<unknown>
  /** What is typed survives a reload under this name. */
  draft: string
  isDisabled?: boolean
  /** Beside the submit button. */
  secondary?: ReactNode
}

interface DraftState {
  values: Variables
  files: Record<string, AttachmentRow[]>
}

/** Renders a definition of definitions/schema/form.ts; checks before sending, shows the server's refusals at their fields. */
export function FormRenderer({ form, values: given = {}, submitLabel, onSubmit, draft, isDisabled = false, secondary }: FormRendererProps) {
  const { t, locale } = useText()
  const id = useId()
  const element = useRef<HTMLFormElement>(null)
  const initial = useMemo<DraftState>(() => ({ values: startValues(form, given), files: {} }), [form, given])
  const [state, setState, clear] = useDraft<DraftState>(`form.${draft}`, initial)
  const values = useMemo(() => ({ ...initial.values, ...state.values }), [initial, state])
  const [errors, setErrors] = useState<Record<string, string>>({})
  const [refusal, setRefusal] = useState<unknown>(null)
  const [isSending, setSending] = useState(false)
  const hidden = useHiddenFields(form, values)

  const change = (key: string, value: Json, files?: AttachmentRow[]): void => {
    setState({ values: { ...values, [key]: value }, files: files === undefined ? state.files : { ...state.files, [key]: files } })
    if (key in errors) setErrors(({ [key]: _gone, ...rest }) => rest)
  }
  const showErrors = (found: Record<string, string>): void => {
    setErrors(found)
    const first = form.components.find((component) => isField(component) && component.key in found)
    if (first && isField(first))
      requestAnimationFrame(() => element.current?.querySelector<HTMLElement>(`[data-field="${CSS.escape(first.key)}"]`)?.focus())
  }
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    setRefusal(null)
    const found = Object.entries(checkForm(form, values, hidden)).map(([key, refused]) => [key, t(refused.key, refused.values)] as const)
    if (found.length > 0) return showErrors(Object.fromEntries(found))
    setSending(true)
    try {
      await onSubmit(sentValues(form, values, hidden))
      clear()
    } catch (error) {
      setRefusal(error)
      if (isProblem(error)) showErrors(error.fieldErrors())
    } finally {
      setSending(false)
    }
  }
  const words = refusal === null ? null : problemWords(refusal, t)
  return (
    <form ref={element} onSubmit={(event) => void submit(event)} noValidate aria-labelledby={id}>
      <Stack gap="md">
        {form.components.map((component) => {
          if (hidden.has(component.id)) return null
          if (!isField(component))
            return (
              <Text key={component.id} size="sm" c="dimmed" className="prose">
                {(locale === 'fr' ? component.text_fr : undefined) ?? component.text}
              </Text>
            )
          return (
            <FormField
              key={component.id}
              field={component}
              value={values[component.key]}
              error={errors[component.key] ?? null}
              files={state.files[component.key] ?? []}
              isDisabled={isDisabled || isSending}
              onChange={(value) => change(component.key, value)}
              onFiles={(files) =>
                change(
                  component.key,
                  files.map((file) => file.id),
                  files,
                )
              }
            />
          )
        })}
        {words ? (
          <Alert color="coral" icon={<IconAlertTriangle size={18} />} title={words.title} role="alert">
            <Text size="sm">{words.detail}</Text>
            {words.remedy ? (
              <Text size="sm" fw={600}>
                {words.remedy}
              </Text>
            ) : null}
          </Alert>
        ) : null}
        <Group gap="sm">
          <Button type="submit" loading={isSending} disabled={isDisabled}>
            {submitLabel}
          </Button>
          {secondary}
        </Group>
      </Stack>
    </form>
  )
}
