import { type RefObject, useEffect, useRef, useState } from 'react'
import type { DiagramView } from '#schema/view'
import { type PaintWords, paintProgress } from './paint.ts'
import type { Step } from './progress.ts'
import { createViewer, openDiagram } from './viewer.ts'

export interface TicketViewer {
  container: RefObject<HTMLDivElement | null>
  viewer: BpmnViewer | null
  steps: Step[]
  error: Error | null
}

/** Times of live steps are shown by the minute: as often as they can change. */
const repaintMs = 30_000

/** Owns one bpmn-js viewer: opens the drawing once per version and language, repaints progress on every newer view. */
export function useTicketViewer(view: DiagramView, askedAt: number, locale: 'fr' | 'en', words: PaintWords): TicketViewer {
  const container = useRef<HTMLDivElement>(null)
  const [viewer, setViewer] = useState<BpmnViewer | null>(null)
  const [drawn, setDrawn] = useState('')
  const [steps, setSteps] = useState<Step[]>([])
  const [error, setError] = useState<Error | null>(null)
  const drawing = `${locale} ${view.xml}`

  useEffect(() => {
    if (!container.current) return
    const created = createViewer(container.current)
    setViewer(created)
    setDrawn('')
    return () => created.destroy()
  }, [])

  useEffect(() => {
    if (!viewer) return
    let isCurrent = true
    openDiagram(viewer, view.xml, locale).then(
      () => isCurrent && (setError(null), setDrawn(drawing)),
      (cause: Error) => isCurrent && setError(cause),
    )
    return () => {
      isCurrent = false
    }
  }, [viewer, view.xml, locale, drawing])

  useEffect(() => {
    if (!viewer || drawn !== drawing) return
    const paint = () => setSteps(paintProgress(viewer, view, Math.max(0, Date.now() - askedAt), words))
    paint()
    const timer = setInterval(paint, repaintMs)
    return () => clearInterval(timer)
  }, [viewer, drawn, drawing, view, askedAt, words])

  return { container, viewer, steps, error }
}
