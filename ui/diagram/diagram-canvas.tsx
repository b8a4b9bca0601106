import { Alert, Box, Group, SegmentedControl, Stack, Text } from '@mantine/core'
import { useResizeObserver } from '@mantine/hooks'
import { type KeyboardEvent, useEffect, useMemo, useState } from 'react'
import type { DiagramView } from '#schema/view'
import { useText } from '../i18n/index.ts'
import type { PaintWords } from './paint.ts'
import { StepList } from './step-list.tsx'
import { StepPopover } from './step-popover.tsx'
import { useTicketViewer } from './use-viewer.ts'
import { ViewTools } from './view-tools.tsx'
import { frameForReading, handleViewKey, stepZoom } from './viewer.ts'
import 'bpmn-js/dist/assets/diagram-js.css'
import 'bpmn-js/dist/assets/bpmn-js.css'

interface Props {
  ticketId: string
  view: DiagramView
  /** When the view was asked for, epoch ms: live steps have grown older since. */
  askedAt: number
  height: number
}

export default function DiagramCanvas({ ticketId, view, askedAt, height }: Props) {
  const { t, span, locale } = useText()
  // biome-ignore lint/correctness/useExhaustiveDependencies: the texts change with the locale only
  const words = useMemo<PaintWords>(
    () => ({
      duration: (ms) => span(ms),
      tokens: (count) => t('diagram.tokens', { count }),
      stalled: t('diagram.state.stalled'),
      moved: t('diagram.state.moved'),
      passes: (count) => t('diagram.passes', { count }),
    }),
    [locale],
  )
  const { container, viewer, steps, error } = useTicketViewer(view, askedAt, locale, words)
  const [mode, setMode] = useState<'drawing' | 'list'>('drawing')
  const [chosenId, setChosenId] = useState<string | null>(null)
  useChosen(viewer, chosenId, setChosenId)
  const liveId = steps.find((step) => step.state === 'stalled' || (step.tokens > 0 && isLeaf(viewer, step.elementId)))?.elementId
  const fit = useFraming(viewer, steps.length > 0, liveId)
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') setChosenId(null)
    else if (viewer && handleViewKey(viewer, event)) event.preventDefault()
  }
  const chosen = chosenId === null ? undefined : viewer?.get('elementRegistry').get(chosenId)
  return (
    <Stack gap="xs">
      <Group justify="space-between" gap="xs">
        <Legend hasMoved={steps.some((step) => step.isOffPath)} />
        <SegmentedControl
          size="xs"
          value={mode}
          onChange={(value) => setMode(value as 'drawing' | 'list')}
          data={[
            { value: 'drawing', label: t('diagram.drawing') },
            { value: 'list', label: t('diagram.list') },
          ]}
        />
      </Group>
      {error && (
        <Alert color="red" title={t('diagram.unreadable')}>
          {error.message}
        </Alert>
      )}
      <Box
        className="gx-frame"
        h={height}
        ref={fit}
        display={mode === 'list' ? 'none' : undefined}
        tabIndex={0}
        role="application"
        aria-label={t('diagram.label')}
        aria-describedby="gx-keys"
        onKeyDown={onKeyDown}
      >
        <div className="gx-canvas" ref={container} />
        <div className="gx-tools">
          <ViewTools
            onIn={() => viewer && stepZoom(viewer, 1)}
            onOut={() => viewer && stepZoom(viewer, -1)}
            onFit={() => viewer?.get('canvas').zoom('fit-viewport', 'auto')}
          />
        </div>
        {viewer && chosen && (
          <StepPopover
            ticketId={ticketId}
            viewer={viewer}
            element={chosen}
            step={steps.find((step) => step.elementId === chosenId)}
            onClose={() => setChosenId(null)}
          />
        )}
      </Box>
      {mode === 'list' && viewer && <StepList steps={steps} viewer={viewer} />}
      <Text id="gx-keys" size="xs" c="dimmed">
        {t('diagram.version', { process: view.processId, version: view.version })} · {t('diagram.keys')}
      </Text>
    </Stack>
  )
}

/** A click on an element chooses it, one beside lets go; a label stands for its element. */
function useChosen(viewer: BpmnViewer | null, chosenId: string | null, choose: (id: string | null) => void): void {
  useEffect(() => {
    if (!viewer) return
    const onClick = ({ element }: DiagramEvent) => {
      const target = element?.labelTarget ?? element
      const isStep = target?.businessObject?.$instanceOf('bpmn:FlowNode') ?? false
      choose(isStep && target ? target.id : null)
    }
    viewer.on('element.click', onClick)
    return () => viewer.off('element.click', onClick)
  }, [viewer, choose])
  useEffect(() => {
    if (!viewer || chosenId === null || !viewer.get('elementRegistry').get(chosenId)) return
    viewer.get('canvas').addMarker(chosenId, 'gx-chosen')
    return () => {
      if (viewer.get('elementRegistry').get(chosenId)) viewer.get('canvas').removeMarker(chosenId, 'gx-chosen')
    }
  }, [viewer, chosenId])
}

/** A sub-process holds a token because something in it does: that is what to look at. */
const isLeaf = (viewer: BpmnViewer | null, elementId: string): boolean =>
  !(viewer?.get('elementRegistry').get(elementId)?.businessObject.$instanceOf('bpmn:SubProcess') ?? true)

/** Frames the drawing when it is first painted and whenever its frame changes size; where the token is comes first. */
function useFraming(viewer: BpmnViewer | null, isPainted: boolean, liveId: string | undefined) {
  const [frame, rect] = useResizeObserver()
  // biome-ignore lint/correctness/useExhaustiveDependencies: a token that moves on does not move the reader's view
  useEffect(() => {
    if (!viewer || !isPainted || rect.width < 40 || rect.height < 40) return
    viewer.get('canvas').resized()
    frameForReading(viewer, { minScale: 0.62, leftInset: 0, focusId: liveId })
  }, [viewer, isPainted, rect.width, rect.height])
  return frame
}

function Legend({ hasMoved }: { hasMoved: boolean }) {
  const { t } = useText()
  const roles = ['passed', 'active', 'stalled', 'terminated', ...(hasMoved ? ['moved' as const] : [])] as const
  return (
    <div className="gx-legend">
      {roles.map((role) => (
        <span key={role}>
          <span className="gx-swatch" style={{ borderColor: `var(--gx-step-${role})`, background: `var(--gx-step-${role}-fill)` }} />
          {t(`diagram.state.${role}`)}
        </span>
      ))}
    </div>
  )
}
