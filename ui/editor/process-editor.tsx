import { Alert, Drawer, Text } from '@mantine/core'
import { useDisclosure, useHotkeys, useMediaQuery } from '@mantine/hooks'
import { IconFileAlert } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import type { DefinitionView, DiagnosticView } from '#schema/view'
import { getDefinition, importProcess } from '../client/index.ts'
import { handleViewKey } from '../diagram/viewer.ts'
import { useText } from '../i18n/index.ts'
import { notifyDone, notifyProblem, StudioPage } from '../templates/index.ts'
import { DeployDialog } from './deploy-dialog.tsx'
import { diffDefinitions, type ProcessDiff } from './diff.ts'
import { DiffSummary } from './diff-summary.tsx'
import { dropDraft, keepDraft, readDraft } from './drafts.ts'
import { EditorToolbar } from './editor-toolbar.tsx'
import { ImportReport } from './import-report.tsx'
import { ProblemList } from './problem-list.tsx'
import { revealElement, showProblems } from './problems.ts'
import { StudioCrumbs, StudioLead } from './studio-head.tsx'
import { useCheck } from './use-check.ts'
import { useModeler } from './use-modeler.ts'
import 'bpmn-js/dist/assets/diagram-js.css'
import 'bpmn-js/dist/assets/bpmn-js.css'
import 'bpmn-js/dist/assets/bpmn-font/css/bpmn-embedded.css'
import '@bpmn-io/properties-panel/dist/assets/properties-panel.css'
import '../diagram/diagram.css'
import './editor.css'

interface Props {
  /** The version on the screen; with all versions of the process. */
  definition: DefinitionView
  mayDeploy: boolean
  onVersion: (version: number) => void
  onDeployed: () => void
}

/** The BPMN studio: draw, be told of mistakes at their elements, see what changes, deploy. */
export default function ProcessEditor({ definition, mayDeploy, onVersion, onDeployed }: Props) {
  const { t } = useText()
  const { id } = definition
  const latest = Math.max(definition.version, ...definition.versions.map((version) => version.version))
  // An older version that is looked at keeps its own draft, so that it cannot overwrite the one of the latest.
  const draftId = definition.version === latest ? id : `${id}@${definition.version}`
  const [draft, setDraft] = useState(() => readDraft('process', draftId))
  const [baseVersion, setBaseVersion] = useState(draft?.baseVersion ?? latest)
  const handle = useModeler(draft?.source ?? definition.source)
  const { modeler, isOpen, revision } = handle
  const [check, setDiagnostics] = useCheck('process', `${handle.opening}.${revision}`, isOpen && mayDeploy, handle.xml)
  const [isDeploying, dialog] = useDisclosure(false)
  const [diff, setDiff] = useState<ProcessDiff | null>(null)
  const isNarrow = useMediaQuery('(max-width: 62em)') ?? false
  const [isPanelOpen, panel] = useDisclosure(false)
  const [uploadError, setUploadError] = useState<string | null>(null)
  const [lost, setLost] = useState<DiagnosticView[] | null>(null)
  const errorCount = check.diagnostics.filter((diagnostic) => diagnostic.severity === 'error').length

  useEffect(() => {
    if (modeler && isOpen) showProblems(modeler, check.diagnostics)
  }, [modeler, isOpen, check.diagnostics])

  // biome-ignore lint/correctness/useExhaustiveDependencies: a draft is kept after every edit, which `revision` counts
  useEffect(() => {
    if (revision === 0 || !isOpen) return
    const timer = setTimeout(async () => {
      const kept = { source: await handle.xml(), baseVersion, savedAt: Date.now() }
      if (keepDraft('process', draftId, kept)) setDraft(kept)
    }, 400)
    return () => clearTimeout(timer)
  }, [revision])

  const askDeploy = async () => {
    if (!modeler || !mayDeploy) return
    try {
      setDiff(await diffAgainst(modeler, id, baseVersion, definition))
      dialog.open()
    } catch (error) {
      notifyProblem(error, t)
    }
  }
  const discard = async () => {
    dropDraft('process', draftId)
    setDraft(null)
    setBaseVersion(latest)
    await handle.open(definition.source)
  }
  const upload = async (file: File) => {
    const before = await handle.xml()
    try {
      const source = await file.text()
      const imported = mayDeploy ? await importProcess(source) : { source, isForeign: false, diagnostics: [] }
      await handle.open(imported.source)
      setUploadError(null)
      setLost(imported.isForeign ? imported.diagnostics : null)
      const kept = { source: await handle.xml(), baseVersion, savedAt: Date.now() }
      if (keepDraft('process', draftId, kept)) setDraft(kept)
    } catch (error) {
      await handle.open(before)
      setUploadError(t('studio.upload.unreadable', { name: file.name, reason: error instanceof Error ? error.message : String(error) }))
    }
  }
  const rebase = async () => {
    const newest = await getDefinition('process', id)
    setBaseVersion(newest.version)
    if (modeler) setDiff(await diffAgainst(modeler, id, newest.version, newest))
  }
  useHotkeys([['mod+S', () => void askDeploy()]], [])

  const nameOf = (elementId: string) => {
    const name = modeler?.get('elementRegistry').get(elementId)?.businessObject.get('name')
    return typeof name === 'string' && name !== '' ? name : elementId
  }
  const reveal = (elementId: string) => modeler && revealElement(modeler, elementId)
  const properties = <div className="gx-properties" ref={handle.panel} />
  return (
    <StudioPage
      title={definition.name}
      crumbs={<StudioCrumbs kind="process" id={id} />}
      lead={<StudioLead definition={definition} latest={latest} draft={draft} onDiscard={discard} />}
      toolbar={
        <EditorToolbar
          handle={handle}
          definition={definition}
          latest={latest}
          errorCount={errorCount}
          isDeployable={mayDeploy && isOpen && (draft !== null || definition.version !== latest)}
          onVersion={onVersion}
          onUpload={upload}
          onDeploy={askDeploy}
          {...(isNarrow ? { onProperties: panel.open } : {})}
        />
      }
      side={isNarrow ? undefined : properties}
      sideLabel={t('studio.properties')}
      footer={
        mayDeploy ? (
          <ProblemList check={check} nameOf={nameOf} onPick={reveal} />
        ) : (
          <Text size="sm" c="dimmed">
            {t('studio.readOnly')}
          </Text>
        )
      }
    >
      {uploadError && (
        <Alert
          className="gx-notice"
          color="coral"
          icon={<IconFileAlert size={18} />}
          title={t('studio.upload.refused')}
          withCloseButton
          onClose={() => setUploadError(null)}
        >
          {uploadError}
        </Alert>
      )}
      {lost && <ImportReport diagnostics={lost} nameOf={nameOf} onPick={reveal} onClose={() => setLost(null)} />}
      {handle.error && (
        <Alert color="coral" title={t('diagram.unreadable')}>
          {handle.error.message}
        </Alert>
      )}
      <div
        className="gx-modeler"
        ref={handle.canvas}
        role="application"
        aria-label={t('studio.canvas', { name: definition.name })}
        onKeyDown={(event) => isPlainViewKey(event) && modeler && handleViewKey(modeler, event) && event.preventDefault()}
      />
      {isNarrow && (
        <Drawer
          opened={isPanelOpen}
          onClose={panel.close}
          position="bottom"
          size="60%"
          styles={{ header: { paddingInline: 16 } }}
          title={<Text fw={600}>{t('studio.properties')}</Text>}
          keepMounted
          padding={0}
        >
          {properties}
        </Drawer>
      )}
      <DeployDialog
        definition={definition}
        baseVersion={baseVersion}
        source={handle.xml}
        isOpen={isDeploying}
        onClose={dialog.close}
        errorCount={errorCount}
        onStale={() => void rebase()}
        onRefused={(found) => {
          setDiagnostics(found)
          dialog.close()
        }}
        onDeployed={(version, warnings) => {
          dropDraft('process', draftId)
          setDraft(null)
          setDiagnostics(warnings)
          dialog.close()
          onDeployed()
          notifyDone(t('studio.deployed.text', { name: definition.name, version }), t('studio.deployed.title'))
        }}
      >
        {diff && <DiffSummary diff={diff} />}
      </DeployDialog>
    </StudioPage>
  )
}

/** Zoom keys only where nothing is being typed or moved: arrows move the chosen element, which is bpmn-js's own. */
function isPlainViewKey(event: React.KeyboardEvent): boolean {
  const target = event.target as HTMLElement
  return ['+', '-', '=', '0'].includes(event.key) && !target.isContentEditable && !['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName)
}

/** The drawing on the screen against the version it is based on. */
async function diffAgainst(modeler: BpmnViewer, id: string, baseVersion: number, loaded: DefinitionView): Promise<ProcessDiff> {
  const base = loaded.version === baseVersion ? loaded : await getDefinition('process', id, baseVersion)
  const { rootElement } = await modeler.get('moddle').fromXML(base.source)
  return diffDefinitions(rootElement, modeler.getDefinitions())
}
