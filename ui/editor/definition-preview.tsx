import { Text } from '@mantine/core'
import { lazy, useDeferredValue } from 'react'
import { useText } from '../i18n/index.ts'

const DecisionPreview = lazy(() => import('./decision-preview.tsx'))
const FormPreview = lazy(() => import('./form-preview.tsx'))
const CalendarPreview = lazy(() => import('./calendar-preview.tsx'))
const SlaPreview = lazy(() => import('./sla-preview.tsx'))

const previews: Record<string, typeof DecisionPreview> = {
  decision: DecisionPreview,
  form: FormPreview,
  calendar: CalendarPreview,
  sla: SlaPreview,
}
export const hasPreview = (kind: string): boolean => kind in previews

/** What the source means, as its users will see it. */
export function DefinitionPreview({ kind, source }: { kind: string; source: string }) {
  const { t } = useText()
  const shown = useDeferredValue(source)
  const Preview = previews[kind]
  if (!Preview) return null
  return (
    <>
      <Text size="xs" fw={600} c="dimmed" mb="sm">
        {t('studio.preview')}
      </Text>
      <Preview source={shown} />
    </>
  )
}
