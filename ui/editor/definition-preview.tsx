import { Text } from '@mantine/core'
import { lazy, useDeferredValue } from 'react'
import { useText } from '../i18n/index.ts'

const DecisionPreview = lazy(() => import('./decision-preview.tsx'))
const FormPreview = lazy(() => import('./form-preview.tsx'))
const CalendarPreview = lazy(() => import('./calendar-preview.tsx'))
const CataloguePreview = lazy(() => import('./catalogue-preview.tsx'))
const SlaPreview = lazy(() => import('./sla-preview.tsx'))
const TemplatePreview = lazy(() => import('./template-preview.tsx'))

const previews: Record<string, typeof DecisionPreview> = {
  decision: DecisionPreview,
  form: FormPreview,
  calendar: CalendarPreview,
  sla: SlaPreview,
  catalogue: CataloguePreview,
}
export const hasPreview = (kind: string): boolean => kind in previews || kind === 'template'

/** What the source means, as its users will see it. */
export function DefinitionPreview({ kind, id, source }: { kind: string; id: string; source: string }) {
  const { t } = useText()
  const shown = useDeferredValue(source)
  const Preview = previews[kind]
  if (!Preview && kind !== 'template') return null
  return (
    <>
      <Text size="xs" fw={600} c="dimmed" mb="sm">
        {t('studio.preview')}
      </Text>
      {Preview ? <Preview source={shown} /> : <TemplatePreview id={id} source={shown} />}
    </>
  )
}
