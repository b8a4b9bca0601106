import { Text, Title } from '@mantine/core'
import { useMemo } from 'react'
import { Form } from '#schema/form'
import { FormRenderer } from '../form/form-renderer.tsx'
import { useText } from '../i18n/index.ts'
import { notifyDone } from '../templates/index.ts'
import { parseSource } from './parse-source.ts'

/** The form as people fill it in; what is typed here goes nowhere. */
export default function FormPreview({ source }: { source: string }) {
  const { t, locale } = useText()
  const parsed = useMemo(() => parseSource(Form, source), [source])
  if (!parsed.ok)
    return (
      <Text size="sm" c="coral">
        {t('studio.preview.broken', { reason: parsed.reason })}
      </Text>
    )
  const form = parsed.value
  const title = (locale === 'fr' ? form.title_fr : undefined) ?? form.title
  return (
    <>
      {title && (
        <Title order={3} mb="md">
          {title}
        </Title>
      )}
      <FormRenderer
        key={source}
        form={form}
        submitLabel={t('studio.preview.try')}
        draft={`preview.${form.id}`}
        onSubmit={async () => notifyDone(t('studio.preview.valid'))}
      />
    </>
  )
}
