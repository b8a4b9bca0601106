import { Button, Group, Text, Tooltip } from '@mantine/core'
import { useDisclosure, useHotkeys } from '@mantine/hooks'
import { IconArrowBackUp, IconDownload, IconRocket } from '@tabler/icons-react'
import { Suspense, useEffect, useMemo, useState } from 'react'
import type { DefinitionView } from '#schema/view'
import { getDefinition } from '../client/index.ts'
import { useText } from '../i18n/index.ts'
import { notifyDone, StudioPage } from '../templates/index.ts'
import { CompareButton } from './compare-button.tsx'
import { DeployDialog } from './deploy-dialog.tsx'
import { dropDraft, keepDraft, readDraft } from './drafts.ts'
import { VersionPicker } from './editor-toolbar.tsx'
import { LinesEditor } from './lines-editor.tsx'
import { ProblemList } from './problem-list.tsx'
import { saveAs } from './save-as.ts'
import { DefinitionPreview, hasPreview } from './definition-preview.tsx'
import { errorLinesOf, lineChanges } from './source-text.ts'
import { StudioCrumbs, StudioLead } from './studio-head.tsx'
import { useCheck } from './use-check.ts'
import '../diagram/diagram.css'
import './editor.css'

interface Props {
  definition: DefinitionView
  mayDeploy: boolean
  onVersion: (version: number) => void
  onDeployed: () => void
}
const extensions: Record<string, string> = {
  decision: 'dmn',
  form: 'form',
  sla: 'json',
  calendar: 'json',
  template: 'hbs',
  catalogue: 'json',
}

/** Definitions that are text: the source, what it means beside it, its mistakes below. */
export default function SourceEditor({ definition, mayDeploy, onVersion, onDeployed }: Props) {
  const { t } = useText()
  const { kind, id } = definition
  const latest = Math.max(definition.version, ...definition.versions.map((version) => version.version))
  const draftId = definition.version === latest ? id : `${id}@${definition.version}`
  const [draft, setDraft] = useState(() => readDraft(kind, draftId))
  const [source, setSource] = useState(draft?.source ?? definition.source)
  const [baseVersion, setBaseVersion] = useState(draft?.baseVersion ?? latest)
  const [base, setBase] = useState(definition.source)
  const revision = useRevision(source)
  const [check, setDiagnostics] = useCheck(kind, revision, mayDeploy, () => source)
  const [isDeploying, dialog] = useDisclosure(false)
  const errorCount = check.diagnostics.filter((diagnostic) => diagnostic.severity === 'error').length
  const isChanged = source !== definition.source || definition.version !== latest
  const edit = (text: string) => {
    setSource(text)
    const kept = { source: text, baseVersion, savedAt: Date.now() }
    if (keepDraft(kind, draftId, kept)) setDraft(kept)
  }
  const discard = () => {
    dropDraft(kind, draftId)
    setDraft(null)
    setBaseVersion(latest)
    setSource(definition.source)
  }
  const rebase = async () => {
    const newest = await getDefinition(kind, id)
    setBaseVersion(newest.version)
    setBase(newest.source)
  }
  useHotkeys([['mod+S', () => mayDeploy && isChanged && dialog.open()]], [])
  const revealLine = (elementId: string) => {
    const diagnostic = check.diagnostics.find((found) => found.elementId === elementId)
    const line = diagnostic && [...errorLinesOf(source, [{ ...diagnostic, severity: 'error' }])][0]
    if (line !== undefined) document.querySelector(`.gx-lines > ol > li:nth-child(${line})`)?.scrollIntoView({ block: 'center' })
  }
  const errorLines = useMemo(() => errorLinesOf(source, check.diagnostics), [source, check.diagnostics])
  return (
    <StudioPage
      title={definition.name}
      crumbs={<StudioCrumbs kind={kind} id={id} />}
      lead={<StudioLead definition={definition} latest={latest} draft={draft} onDiscard={discard} />}
      toolbar={
        <Group gap="xs" w="100%">
          <VersionPicker definition={definition} latest={latest} onVersion={onVersion} />
          <Button
            variant="default"
            leftSection={<IconDownload size={16} />}
            onClick={() => saveAs(`${id}.${extensions[kind] ?? 'txt'}`, 'text/plain', source)}
          >
            {t('studio.download')}
          </Button>
          {draft && (
            <Button variant="default" leftSection={<IconArrowBackUp size={16} />} onClick={discard}>
              {t('studio.draft.discard')}
            </Button>
          )}
          {mayDeploy && (kind === 'sla' || kind === 'calendar') && <CompareButton kind={kind} id={id} draft={isChanged ? source : null} />}
          <Tooltip label={t('studio.deploy.hint')}>
            <Button ml="auto" leftSection={<IconRocket size={16} />} disabled={!mayDeploy || !isChanged} onClick={dialog.open}>
              {t('studio.deploy')}
            </Button>
          </Tooltip>
        </Group>
      }
      footer={
        mayDeploy ? (
          <ProblemList check={check} nameOf={(elementId) => (elementId === '' ? definition.name : elementId)} onPick={revealLine} />
        ) : (
          <Text size="sm" c="dimmed">
            {t('studio.readOnly')}
          </Text>
        )
      }
    >
      <div className={hasPreview(kind) ? 'gx-split' : 'gx-whole'}>
        <LinesEditor
          value={source}
          onChange={edit}
          isReadOnly={!mayDeploy}
          errorLines={errorLines}
          label={t('studio.source', { name: definition.name })}
        />
        {hasPreview(kind) && (
          // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it
          <section className="gx-preview" aria-label={t('studio.preview')} tabIndex={0}>
            <Suspense>
              <DefinitionPreview kind={kind} id={id} source={source} onChange={mayDeploy ? edit : undefined} />
            </Suspense>
          </section>
        )}
      </div>
      <DeployDialog
        definition={definition}
        baseVersion={baseVersion}
        source={() => source}
        isOpen={isDeploying}
        onClose={dialog.close}
        errorCount={errorCount}
        onStale={() => void rebase()}
        onRefused={(found) => {
          setDiagnostics(found)
          dialog.close()
        }}
        onDeployed={(version) => {
          dropDraft(kind, draftId)
          dialog.close()
          notifyDone(t('studio.deployed.text', { name: definition.name, version }), t('studio.deployed.title'))
          onDeployed()
        }}
      >
        <LineDiff before={base} after={source} />
      </DeployDialog>
    </StudioPage>
  )
}

/** Counts the changes of a text, the first showing included. */
function useRevision(text: string): number {
  const [revision, setRevision] = useState(0)
  // biome-ignore lint/correctness/useExhaustiveDependencies: every new text is one revision
  useEffect(() => setRevision((old) => old + 1), [text])
  return revision
}

function LineDiff({ before, after }: { before: string; after: string }) {
  const { t } = useText()
  const changes = useMemo(() => lineChanges(before, after), [before, after])
  if (changes.length === 0)
    return (
      <Text size="sm" c="dimmed">
        {t('studio.diff.same')}
      </Text>
    )
  return (
    <pre className="gx-diff">
      {changes.map((change) => (
        <div key={`${change.mark}${change.line}`} data-mark={change.mark}>
          {change.mark} {change.text}
        </div>
      ))}
    </pre>
  )
}
