import { Alert, Button, Group, Modal, ScrollArea, Stack, Text, Textarea } from '@mantine/core'
import { IconInfoCircle, IconVersions } from '@tabler/icons-react'
import { type ReactNode, useState } from 'react'
import type { DefinitionView, DiagnosticView } from '#schema/view'
import { isProblem, useDeployDefinition } from '../client/index.ts'
import { problemText } from '../diagram/words.ts'
import { useText } from '../i18n/index.ts'

interface Props {
  definition: Pick<DefinitionView, 'kind' | 'id' | 'name' | 'versions'>
  /** The version that the edit is made from; null for a new definition. */
  baseVersion: number | null
  source: () => Promise<string> | string
  isOpen: boolean
  onClose: () => void
  /** What changes, for people to read. */
  children?: ReactNode
  /** The check still sees errors: the server would refuse. */
  errorCount: number
  onDeployed: (version: number, diagnostics: DiagnosticView[]) => void
  onRefused: (diagnostics: DiagnosticView[]) => void
  /** Another version came meanwhile: load it (own edits stay as a draft on the screen of the dialog's caller). */
  onStale: () => void
}

export function DeployDialog(props: Props) {
  const { definition, baseVersion, isOpen, onClose, children, errorCount } = props
  const { t } = useText()
  const openCount = definition.versions.reduce((sum, version) => sum + version.openInstances, 0)
  const [note, setNote] = useState('')
  const deploy = useDeployDefinition(definition.kind, definition.id)
  const isStale = isProblem(deploy.error) && deploy.error.status === 409
  const submit = async () => {
    try {
      const { version, diagnostics } = await deploy.mutateAsync({ source: await props.source(), note: note.trim(), baseVersion })
      setNote('')
      props.onDeployed(version, diagnostics)
    } catch (error) {
      const found = isProblem(error) && error.status === 422 ? (error.problem.errors ?? []) : []
      if (found.length > 0)
        props.onRefused(
          found.map(({ elementId, path, code, message }) => ({ elementId: elementId ?? path, severity: 'error', code, message })),
        )
    }
  }
  return (
    <Modal
      opened={isOpen}
      onClose={onClose}
      title={<Text fw={600}>{t('studio.deploy.title', { name: definition.name })}</Text>}
      size="lg"
      centered
    >
      <Stack gap="md">
        {children && (
          <div>
            <Text size="sm" fw={600} mb={6}>
              {t('studio.deploy.changes')}
            </Text>
            <ScrollArea.Autosize mah={280} offsetScrollbars>
              {children}
            </ScrollArea.Autosize>
          </div>
        )}
        <Alert variant="light" color="petrol" icon={<IconInfoCircle size={18} />}>
          {openCount > 0 ? t('studio.deploy.open', { count: openCount }) : t('studio.deploy.noneOpen')} {t('studio.deploy.next')}
        </Alert>
        <Textarea
          label={t('studio.deploy.note')}
          placeholder={t('studio.deploy.note.hint')}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
          autosize
          minRows={2}
          maxLength={500}
          data-autofocus
        />
        {isStale ? (
          <Alert color="amber" icon={<IconVersions size={18} />} title={t('studio.stale.title')}>
            <Text size="sm" mb="xs">
              {t('studio.stale.text')}
            </Text>
            <Button
              size="xs"
              variant="light"
              color="amber"
              onClick={() => {
                deploy.reset()
                props.onStale()
              }}
            >
              {t('studio.stale.action')}
            </Button>
          </Alert>
        ) : (
          deploy.isError && (
            <Alert color="red" title={t('studio.deploy.refused')}>
              {problemText(deploy.error, t)}
            </Alert>
          )
        )}
        {errorCount > 0 && (
          <Text size="sm" c="red">
            {t('studio.deploy.blocked', { count: errorCount })}
          </Text>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('common.cancel')}
          </Button>
          <Button onClick={submit} loading={deploy.isPending} disabled={errorCount > 0 || isStale}>
            {t('studio.deploy.submit')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
