import { type RefObject, useCallback, useEffect, useRef, useState } from 'react'
import { TicketKind, TicketStatus } from '#schema/ticket'
import { listDefinitions } from '../client/definitions.ts'
import { fitLabels, frameForReading } from '../diagram/viewer.ts'
import { useText } from '../i18n/index.ts'
import type { GuichetWords } from './guichet-properties.ts'
import { createModeler } from './modeler.ts'

export interface ModelerHandle {
  canvas: RefObject<HTMLDivElement | null>
  /** Where the properties go; the place may change with the width of the window. */
  panel: (node: HTMLDivElement | null) => void
  modeler: BpmnViewer | null
  /** A drawing is open (false after a file that could not be read). */
  isOpen: boolean
  error: Error | null
  /** Counts edits, undo and redo included: 0 is the drawing as it was opened. */
  revision: number
  /** Counts the drawings opened here: a file taken in, a draft discarded. */
  opening: number
  open: (xml: string) => Promise<void>
  xml: () => Promise<string>
  canUndo: boolean
  canRedo: boolean
}

/** Owns one bpmn-js modeler for as long as the page and the language stay. */
export function useModeler(initialXml: string): ModelerHandle {
  const { locale, t, tOr } = useText()
  const canvas = useRef<HTMLDivElement>(null)
  const [panelNode, setPanelNode] = useState<HTMLDivElement | null>(null)
  const current = useRef(initialXml)
  const [modeler, setModeler] = useState<BpmnViewer | null>(null)
  const [state, setState] = useState({
    isOpen: false,
    error: null as Error | null,
    revision: 0,
    opening: 0,
    canUndo: false,
    canRedo: false,
  })

  // biome-ignore lint/correctness/useExhaustiveDependencies: a modeler speaks one language; the texts change with the locale only
  useEffect(() => {
    if (!canvas.current) return
    const words = guichetWords(t, tOr)
    const created = createModeler({ container: canvas.current, locale, words })
    setModeler(created)
    let isCurrent = true
    // what may be chosen shows in fields that are open already
    void fillKnown(words.known).then(() => isCurrent && created.get('eventBus').fire('propertiesPanel.providersChanged'))
    created.on('commandStack.changed', () => {
      const stack = created.get('commandStack')
      setState((old) => ({ ...old, revision: old.revision + 1, canUndo: stack.canUndo(), canRedo: stack.canRedo() }))
      void created.saveXML({ format: true }).then(({ xml }) => {
        if (isCurrent) current.current = xml
      })
    })
    openIn(created, current.current).then(
      () => isCurrent && setState((old) => ({ ...old, isOpen: true, error: null })),
      (error: Error) => isCurrent && setState((old) => ({ ...old, isOpen: false, error })),
    )
    return () => {
      isCurrent = false
      created.destroy()
    }
  }, [locale])

  useEffect(() => {
    if (!modeler || !panelNode) return
    modeler.get('propertiesPanel').attachTo(panelNode)
    return () => modeler.get('propertiesPanel').detach()
  }, [modeler, panelNode])

  const open = useCallback(
    async (xml: string) => {
      if (!modeler) return
      await openIn(modeler, xml)
      current.current = xml
      setState((old) => ({ ...old, isOpen: true, error: null, revision: 0, opening: old.opening + 1, canUndo: false, canRedo: false }))
    },
    [modeler],
  )
  const xml = useCallback(async () => (modeler ? (await modeler.saveXML({ format: true })).xml : current.current), [modeler])
  return { canvas, panel: setPanelNode, modeler, open, xml, ...state }
}

async function openIn(modeler: BpmnViewer, xml: string): Promise<void> {
  await modeler.importXML(xml)
  fitLabels(modeler)
  frameForReading(modeler, { minScale: 0.6, leftInset: 110 })
}

function guichetWords(t: ReturnType<typeof useText>['t'], tOr: ReturnType<typeof useText>['tOr']): GuichetWords {
  const named = (prefix: string, values: readonly string[]) =>
    Object.fromEntries(values.map((value) => [value, tOr(`${prefix}.${value}`, value)]))
  return {
    t,
    statuses: named('status', TicketStatus.options),
    kinds: named('kind', TicketKind.options),
    known: { calendars: [], policies: [] },
  }
}

/** Calendars and service levels to choose from. Without them the fields take what is typed, and the server checks it. */
async function fillKnown(known: GuichetWords['known']): Promise<void> {
  const idsOf = async (kind: 'calendar' | 'sla') => (await listDefinitions(kind).catch(() => [])).map(({ id }) => id)
  known.calendars.push(...(await idsOf('calendar')))
  known.policies.push(...(await idsOf('sla')))
}
