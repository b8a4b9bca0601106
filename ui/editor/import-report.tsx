import { Alert, Anchor, List, ScrollArea, Text } from '@mantine/core'
import { IconFileImport } from '@tabler/icons-react'
import type { DiagnosticView } from '#schema/view'
import { useText } from '../i18n/index.ts'
import { frenchOf } from '#schema/diagnostics-fr'

interface Props {
  /** What was not carried over. */
  diagnostics: DiagnosticView[]
  nameOf: (elementId: string) => string
  onPick: (elementId: string) => void
  onClose: () => void
}

/** A file of another engine was converted: what it could not bring along, element by element. */
export function ImportReport({ diagnostics, nameOf, onPick, onClose }: Props) {
  const { t, locale } = useText()
  return (
    <Alert
      className="gx-notice"
      color={diagnostics.length === 0 ? 'teal' : 'yellow'}
      icon={<IconFileImport size={18} />}
      title={t('studio.import.title')}
      withCloseButton
      closeButtonLabel={t('studio.import.close')}
      onClose={onClose}
    >
      <Text size="sm">{t(diagnostics.length === 0 ? 'studio.import.whole' : 'studio.import.lost', { count: diagnostics.length })}</Text>
      {diagnostics.length > 0 && (
        <ScrollArea.Autosize mah={160} mt={6}>
          <List size="sm" spacing={2}>
            {diagnostics.map(({ elementId, code, message, params }) => (
              <List.Item key={`${elementId} ${message}`}>
                <Anchor component="button" type="button" size="sm" onClick={() => onPick(elementId)}>
                  {nameOf(elementId)}
                </Anchor>
                {' · '}
                <code>{params?.extension ?? params?.expression ?? ''}</code>{' '}
                {locale === 'fr' ? (frenchOf({ code, params }) ?? message) : message}
              </List.Item>
            ))}
          </List>
        </ScrollArea.Autosize>
      )}
    </Alert>
  )
}
