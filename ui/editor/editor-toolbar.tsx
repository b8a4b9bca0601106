import { ActionIcon, Button, FileButton, Group, Select, Tooltip } from '@mantine/core'
import {
  IconAdjustmentsHorizontal,
  IconArrowBackUp,
  IconArrowForwardUp,
  IconArrowsMaximize,
  IconDownload,
  IconRocket,
  IconUpload,
  IconZoomIn,
  IconZoomOut,
} from '@tabler/icons-react'
import type { ReactNode } from 'react'
import type { DefinitionView } from '#schema/view'
import { stepZoom } from '../diagram/viewer.ts'
import { useText } from '../i18n/index.ts'
import { saveAs } from './save-as.ts'
import type { ModelerHandle } from './use-modeler.ts'

interface Props {
  handle: ModelerHandle
  definition: DefinitionView
  latest: number
  errorCount: number
  isDeployable: boolean
  onVersion: (version: number) => void
  onUpload: (file: File) => void
  onDeploy: () => void
  /** Narrow screens: opens the properties. */
  onProperties?: () => void
}

export function EditorToolbar({
  handle,
  definition,
  latest,
  errorCount,
  isDeployable,
  onVersion,
  onUpload,
  onDeploy,
  onProperties,
}: Props) {
  const { t } = useText()
  const { modeler, canUndo, canRedo } = handle
  const download = async () => saveAs(`${definition.id}.bpmn`, 'application/bpmn+xml', await handle.xml())
  return (
    <Group gap="xs" w="100%">
      <VersionPicker definition={definition} latest={latest} onVersion={onVersion} />
      <ActionIcon.Group>
        <Tool label={t('studio.undo')} keys="Ctrl Z" isOff={!canUndo} act={() => modeler?.get('commandStack').undo()}>
          <IconArrowBackUp size={17} />
        </Tool>
        <Tool label={t('studio.redo')} keys="Ctrl Y" isOff={!canRedo} act={() => modeler?.get('commandStack').redo()}>
          <IconArrowForwardUp size={17} />
        </Tool>
      </ActionIcon.Group>
      <ActionIcon.Group>
        <Tool label={t('diagram.zoomOut')} keys="−" act={() => modeler && stepZoom(modeler, -1)}>
          <IconZoomOut size={17} />
        </Tool>
        <Tool label={t('diagram.zoomIn')} keys="+" act={() => modeler && stepZoom(modeler, 1)}>
          <IconZoomIn size={17} />
        </Tool>
        <Tool label={t('diagram.fit')} keys="0" act={() => modeler?.get('canvas').zoom('fit-viewport', 'auto')}>
          <IconArrowsMaximize size={16} />
        </Tool>
      </ActionIcon.Group>
      <ActionIcon.Group>
        <Tool label={t('studio.download')} act={() => void download()}>
          <IconDownload size={17} />
        </Tool>
        <FileButton accept=".bpmn,.xml,application/xml" onChange={(file) => file && onUpload(file)}>
          {(props) => (
            <Tool label={t('studio.upload')} act={props.onClick}>
              <IconUpload size={17} />
            </Tool>
          )}
        </FileButton>
      </ActionIcon.Group>
      {onProperties && (
        <Button variant="default" leftSection={<IconAdjustmentsHorizontal size={16} />} onClick={onProperties}>
          {t('studio.properties')}
        </Button>
      )}
      <Tooltip label={errorCount > 0 ? t('studio.deploy.blocked', { count: errorCount }) : t('studio.deploy.hint')} withArrow>
        <Button ml="auto" leftSection={<IconRocket size={16} />} onClick={onDeploy} disabled={!isDeployable}>
          {t('studio.deploy')}
        </Button>
      </Tooltip>
    </Group>
  )
}

export function VersionPicker({
  definition,
  latest,
  onVersion,
}: {
  definition: DefinitionView
  latest: number
  onVersion: (version: number) => void
}) {
  const { t, date } = useText()
  const label = (version: DefinitionView['versions'][number]) =>
    [
      `v${version.version}`,
      version.version === latest ? t('studio.version.current') : date(version.deployedAt),
      version.openInstances > 0 ? t('studio.version.open', { count: version.openInstances }) : '',
    ]
      .filter(Boolean)
      .join(' · ')
  return (
    <Select
      aria-label={t('studio.version')}
      w={280}
      allowDeselect={false}
      value={String(definition.version)}
      onChange={(value) => value && onVersion(Number(value))}
      data={[...definition.versions]
        .sort((a, b) => b.version - a.version)
        .map((version) => ({ value: String(version.version), label: label(version) }))}
    />
  )
}

function Tool({
  label,
  keys,
  isOff = false,
  act,
  children,
}: {
  label: string
  keys?: string
  isOff?: boolean
  act: () => void
  children: ReactNode
}) {
  return (
    <Tooltip label={keys ? `${label} (${keys})` : label} withArrow>
      <ActionIcon variant="default" size="lg" aria-label={label} disabled={isOff} onClick={act}>
        {children}
      </ActionIcon>
    </Tooltip>
  )
}
