import NavigatedViewer from 'bpmn-js/lib/NavigatedViewer.js'
import zeebe from 'zeebe-bpmn-moddle/resources/zeebe.json' with { type: 'json' }
import guichet from '../editor/guichet-moddle.json' with { type: 'json' }

/** Colours are CSS variables, so that a diagram follows light and dark without being drawn again (diagram.css). */
export const rendererOptions = {
  bpmnRenderer: { defaultFillColor: 'var(--gx-fill)', defaultStrokeColor: 'var(--gx-line)', defaultLabelColor: 'var(--gx-ink)' },
  textRenderer: {
    defaultStyle: { fontFamily: 'Inter, system-ui, -apple-system, "Segoe UI", Roboto, sans-serif', fontSize: 12, fontWeight: '500' },
    externalStyle: { fontSize: 11.5, lineHeight: 1.25 },
  },
}
export const moddleExtensions = { zeebe, guichet }

/** A read-only viewer. The wheel scrolls the page, not the diagram: zooming is asked for (buttons, keys, Ctrl and wheel). */
export function createViewer(container: HTMLElement): BpmnViewer {
  return new NavigatedViewer({ container, moddleExtensions, ...rendererOptions, zoomScroll: { enabled: false } })
}

/** Draws `xml` with the names of `locale`: French is `name`, English `guichet:nameEn` where it is given. */
export async function openDiagram(viewer: BpmnViewer, xml: string, locale: 'fr' | 'en'): Promise<void> {
  const localize = (event: DiagramEvent) => {
    if (locale === 'en' && event.definitions) putEnglishNames(event.definitions)
  }
  viewer.on('import.render.start', localize)
  try {
    await viewer.importXML(xml)
  } finally {
    viewer.off('import.render.start', localize)
  }
  fitLabels(viewer)
}

/** Gives labels beside their element the room that the text needs in this font and language; the model is not changed. */
export function fitLabels(viewer: BpmnViewer): void {
  const registry = viewer.get('elementRegistry')
  for (const label of registry.filter((element) => element.labelTarget !== undefined)) {
    const text = label.businessObject.get('name')
    if (typeof text !== 'string' || text === '') continue
    const { x, y, width, height } = viewer.get('textRenderer').getExternalLabelBounds(label, text)
    // A little more than measured: the renderer wraps at the very width.
    Object.assign(label, { x: x - 4, y, width: width + 8, height })
    viewer.get('graphicsFactory').update('shape', label, registry.getGraphics(label))
  }
}

export interface Framing {
  /** Smaller than this the labels cannot be read: then a part is shown. */
  minScale: number
  /** Pixels at the left that something else covers. */
  leftInset: number
  /** What to have in view when not all fits; else the beginning. */
  focusId?: string | undefined
}

/** Shows the whole drawing where it stays readable, else the part that matters. */
export function frameForReading(viewer: BpmnViewer, { minScale, leftInset, focusId }: Framing): void {
  const canvas = viewer.get('canvas')
  const { inner, outer } = canvas.viewbox()
  if (inner.width === 0 || outer.width === 0) return
  const margin = 24
  const fit = Math.min((outer.width - leftInset - 2 * margin) / inner.width, (outer.height - 2 * margin) / inner.height)
  const scale = Math.min(1, Math.max(minScale, fit))
  const width = outer.width / scale
  const height = outer.height / scale
  const focus = focusId === undefined ? undefined : viewer.get('elementRegistry').get(focusId)
  const inset = leftInset / scale
  const x = along(inner.x - inset, inner.width + inset, width, margin / scale, focus && focus.x + focus.width / 2)
  const y = along(inner.y, inner.height, height, margin / scale, focus && focus.y + focus.height / 2)
  canvas.viewbox({ x, y, width, height })
}

/** Where the window of `size` begins along one axis of a content that begins at `start` and is `length` long. */
function along(start: number, length: number, size: number, margin: number, focus: number | undefined): number {
  if (length + 2 * margin <= size) return start - (size - length) / 2
  const from = start - margin
  const last = start + length + margin - size
  return focus === undefined ? from : Math.min(last, Math.max(from, focus - size / 2))
}

const childLists = ['rootElements', 'participants', 'flowElements', 'artifacts', 'laneSets', 'lanes']

/** Replaces `name` (`text` of an annotation) by `guichet:nameEn` throughout the tree. */
export function putEnglishNames(node: ModdleElement): void {
  const english = node.$instanceOf('bpmn:BaseElement') ? node.get('guichet:nameEn') : undefined
  if (typeof english === 'string' && english !== '') node.set(node.$instanceOf('bpmn:TextAnnotation') ? 'text' : 'name', english)
  for (const list of childLists) {
    const children = node.$descriptor.properties.some((property) => property.ns.localName === list) ? node.get(list) : undefined
    if (Array.isArray(children)) for (const child of children as ModdleElement[]) putEnglishNames(child)
  }
}

/** Zooms by steps (positive: nearer), around the middle. */
export function stepZoom(viewer: BpmnViewer, steps: number): void {
  const canvas = viewer.get('canvas')
  const next = Math.min(4, Math.max(0.2, canvas.zoom() * 1.2 ** steps))
  canvas.zoom(next, 'auto')
}

/** Pan and zoom by keys, as the buttons do. Returns whether the key was ours. */
export function handleViewKey(viewer: BpmnViewer, event: KeyboardEvent | React.KeyboardEvent): boolean {
  const by = event.shiftKey ? 200 : 60
  const pans: Record<string, { dx: number; dy: number }> = {
    ArrowLeft: { dx: by, dy: 0 },
    ArrowRight: { dx: -by, dy: 0 },
    ArrowUp: { dx: 0, dy: by },
    ArrowDown: { dx: 0, dy: -by },
  }
  if (event.ctrlKey || event.metaKey || event.altKey) return false
  const pan = pans[event.key]
  if (pan) viewer.get('canvas').scroll(pan)
  else if (event.key === '+' || event.key === '=') stepZoom(viewer, 1)
  else if (event.key === '-') stepZoom(viewer, -1)
  else if (event.key === '0') viewer.get('canvas').zoom('fit-viewport', 'auto')
  else return false
  return true
}
