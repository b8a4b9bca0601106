import { Button, Group, Select, Stack, Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import { type Audience, type KnownErrorContent, type KnownErrorView, knownErrorFields } from '#schema/known-error'
import { useOptions } from '../../client/desk.ts'
import { isProblem } from '../../client/http.ts'
import { useSaveKnownError } from '../../client/problems.ts'
import { useText } from '../../i18n/index.ts'
import { notifyDone, notifyProblem } from '../../templates/notify.tsx'

const empty: KnownErrorContent = {
  title: '',
  symptoms: '',
  workaround: '',
  rootCause: '',
  audience: 'agents',
  reviewOn: null,
  problemId: null,
  service: null,
  category: null,
  ciId: null,
}
const contentOf = (known: KnownErrorView): KnownErrorContent =>
  Object.fromEntries(knownErrorFields.map((field) => [field, known[field]])) as unknown as KnownErrorContent
const audiences: Audience[] = ['internal', 'agents', 'customers', 'public']

/** Writes a known error, or its next version. What was written stays when it is refused. */
export function KnownErrorForm({ known, onSaved }: { known: KnownErrorView | null; onSaved: (saved: KnownErrorView) => void }) {
  const { t } = useText()
  const options = useOptions().data
  const save = useSaveKnownError(known?.id ?? 'new')
  const [content, setContent] = useState(() => (known ? contentOf(known) : empty))
  const [note, setNote] = useState('')
  const [errors, setErrors] = useState<Record<string, string>>({})
  const change = (part: Partial<KnownErrorContent>): void => {
    setContent({ ...content, ...part })
    setErrors({})
  }
  const send = async (): Promise<void> => {
    try {
      const saved = await save.mutateAsync({ content, baseVersion: known?.version ?? 1, note })
      notifyDone(t('known.saved'))
      onSaved(saved)
    } catch (refusal) {
      const places = isProblem(refusal) ? refusal.fieldErrors() : {}
      setErrors(places)
      if (Object.keys(places).length === 0) notifyProblem(refusal, t)
    }
  }
  const area = (field: 'symptoms' | 'workaround' | 'rootCause', isRequired = false) => (
    <Textarea
      label={t(`known.${field}`)}
      required={isRequired}
      autosize
      minRows={3}
      maxLength={20_000}
      value={content[field]}
      error={errors[field]}
      onChange={(event) => change({ [field]: event.currentTarget.value })}
    />
  )
  return (
    <Stack gap="sm">
      <TextInput
        label={t('known.name')}
        required
        maxLength={200}
        value={content.title}
        error={errors.title}
        onChange={(event) => change({ title: event.currentTarget.value })}
      />
      {area('symptoms', true)}
      {area('workaround')}
      {area('rootCause')}
      <Group grow align="flex-start">
        <Select
          label={t('field.category')}
          clearable
          data={options?.categories ?? []}
          value={content.category}
          onChange={(category) => change({ category })}
        />
        <Select
          label={t('field.service')}
          clearable
          data={options?.services ?? []}
          value={content.service}
          onChange={(service) => change({ service })}
        />
      </Group>
      <Group grow align="flex-start">
        <Select
          label={t('known.audience')}
          allowDeselect={false}
          data={audiences.map((value) => ({ value, label: t(`known.audience.${value}`) }))}
          value={content.audience}
          onChange={(audience) => change({ audience: (audience ?? 'agents') as Audience })}
        />
        <TextInput
          type="date"
          label={t('known.reviewOn')}
          value={content.reviewOn ?? ''}
          error={errors.reviewOn}
          onChange={(event) => change({ reviewOn: event.currentTarget.value || null })}
        />
      </Group>
      {known ? (
        <TextInput label={t('known.note')} maxLength={500} value={note} onChange={(event) => setNote(event.currentTarget.value)} />
      ) : null}
      <Group>
        <Button loading={save.isPending} onClick={() => void send()}>
          {t('known.save')}
        </Button>
      </Group>
    </Stack>
  )
}
