import type { DiagnosticView } from '#schema/view'

const layer = 'guichet-problem'
const markers = { error: 'gx-has-error', warning: 'gx-has-warning' }

/** Marks the elements that have problems; earlier marks go. */
export function showProblems(modeler: BpmnViewer, diagnostics: readonly DiagnosticView[]): void {
  const registry = modeler.get('elementRegistry')
  const canvas = modeler.get('canvas')
  const overlays = modeler.get('overlays')
  overlays.remove({ type: layer })
  for (const element of registry.filter(() => true)) for (const marker of Object.values(markers)) canvas.removeMarker(element, marker)
  for (const [elementId, found] of Map.groupBy(diagnostics, (diagnostic) => diagnostic.elementId)) {
    const element = registry.get(elementId)
    if (!element || element === canvas.getRootElement()) continue
    const severity = found.some((diagnostic) => diagnostic.severity === 'error') ? 'error' : 'warning'
    canvas.addMarker(element, markers[severity])
    const html = document.createElement('div')
    html.className = `gx-problem gx-problem-${severity}`
    html.textContent = found.length > 1 ? String(found.length) : '!'
    html.title = found.map((diagnostic) => diagnostic.message).join('\n')
    overlays.add(element, layer, { position: element.waypoints ? { top: 0, left: 0 } : { top: -11, right: 9 }, html })
  }
}

/** Selects the element and brings it to the middle; the process itself where it is not on the canvas. */
export function revealElement(modeler: BpmnViewer, elementId: string): void {
  const canvas = modeler.get('canvas')
  const element = modeler.get('elementRegistry').get(elementId) ?? canvas.getRootElement()
  modeler.get('selection').select(element === canvas.getRootElement() ? null : element)
  if (element === canvas.getRootElement()) return
  const middle = element.waypoints?.[Math.floor(element.waypoints.length / 2)] ?? {
    x: element.x + element.width / 2,
    y: element.y + element.height / 2,
  }
  const box = canvas.viewbox()
  canvas.viewbox({ x: middle.x - box.width / 2, y: middle.y - box.height / 2, width: box.width, height: box.height })
}
