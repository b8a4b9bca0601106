import { Text } from '@mantine/core'
import { type ComponentType, lazy, useDeferredValue } from 'react'
import { useText } from '../i18n/index.ts'

const DecisionPreview = lazy(() => import('./decision-preview.tsx'))
const FormPreview = lazy(() => import('./form-preview.tsx'))
const CalendarForm = lazy(() => import('./calendar-form.tsx'))
const CataloguePreview = lazy(() => import('./catalogue-preview.tsx'))
const SlaForm = lazy(() => import('./sla-form.tsx'))
const TemplatePreview = lazy(() => import('./template-preview.tsx'))

/** What may be edited in its own fields takes `onChange`. */
const previews: Record<string, ComponentType<{ source: string; onChange?: ((source: string) => void) | undefined }>> = {
  decision: DecisionPreview,
  form: FormPreview,
  calendar: CalendarForm,
  sla: SlaForm,
  catalogue: CataloguePreview,
}
export const hasPreview = (kind: string): boolean => kind in previews || kind === 'template'

/** What the source means, as its users will see it. */
export function DefinitionPreview({
  kind,
  id,
  source,
  onChange,
}: {
  kind: string
  id: string
  source: string
  onChange?: ((source: string) => void) | undefined
}) {
  const { t } = useText()
  const shown = useDeferredValue(source)
  const Preview = previews[kind]
  if (!Preview && kind !== 'template') return null
  return (
    <>
      <Text size="xs" fw={600} c="dimmed" mb="sm">
        {t('studio.preview')}
      </Text>
      {Preview ? <Preview source={onChange ? source : shown} onChange={onChange} /> : <TemplatePreview id={id} source={shown} />}
    </>
  )
}
