/**
 * The narrow part of bpmn.io's libraries that Guichet uses. Most of them ship no types; those that do describe
 * a CommonJS default export, which TypeScript's Node resolution reads differently from Vite.
 */
declare module 'bpmn-js/lib/NavigatedViewer.js' {
  export default class NavigatedViewer extends BpmnViewer {}
}
declare module 'bpmn-js/lib/Modeler.js' {
  export default class Modeler extends BpmnViewer {}
}
declare module 'bpmn-js-properties-panel' {
  export const BpmnPropertiesPanelModule: object
  export const BpmnPropertiesProviderModule: object
  export const ZeebePropertiesProviderModule: object
  export function useService<T>(name: string): T
}
declare module '@bpmn-io/properties-panel' {
  type Entry = (props: Record<string, unknown>) => unknown
  export const SelectEntry: Entry
  export const TextFieldEntry: Entry
  export const isSelectEntryEdited: (node: Element) => boolean
  export const isTextFieldEntryEdited: (node: Element) => boolean
}
declare module 'camunda-bpmn-js-behaviors/lib/camunda-cloud/index.js' {
  const module: object
  export default module
}
declare module 'bpmn-js-i18n/translations/fr.js' {
  const words: Record<string, string>
  export default words
}
/** A node of a moddle tree: BPMN, DMN or diagram interchange. */
interface ModdleElement {
  $type: string
  $descriptor: {
    properties: { name: string; ns: { localName: string; prefix: string }; isAttr?: boolean; isReference?: boolean; isMany?: boolean }[]
  }
  $attrs: Record<string, string>
  $parent?: ModdleElement
  $instanceOf(type: string): boolean
  id?: string
  get(name: string): unknown
  set(name: string, value: unknown): void
}
/** A shape or connection on the canvas. */
interface DiagramElement {
  id: string
  type: string
  x: number
  y: number
  width: number
  height: number
  waypoints?: { x: number; y: number }[]
  parent?: DiagramElement
  labelTarget?: DiagramElement
  /** Boundary events on it. */
  attachers?: DiagramElement[]
  outgoing?: DiagramElement[]
  businessObject: ModdleElement
  di: ModdleElement
}
interface Point {
  x: number
  y: number
}
interface DiagramServices {
  canvas: {
    zoom(level?: number | 'fit-viewport', center?: 'auto' | Point): number
    scroll(delta: { dx: number; dy: number }): void
    viewbox(box?: { x: number; y: number; width: number; height: number }): {
      x: number
      y: number
      width: number
      height: number
      outer: { width: number; height: number }
      inner: { x: number; y: number; width: number; height: number }
    }
    addMarker(element: string | DiagramElement, marker: string): void
    removeMarker(element: string | DiagramElement, marker: string): void
    scrollToElement(element: string | DiagramElement, padding?: number): void
    getGraphics(element: string | DiagramElement): SVGElement
    getRootElement(): DiagramElement
    resized(): void
  }
  elementRegistry: {
    get(id: string): DiagramElement | undefined
    getGraphics(id: string | DiagramElement): SVGElement
    filter(test: (element: DiagramElement) => boolean): DiagramElement[]
  }
  graphicsFactory: { update(kind: 'shape' | 'connection', element: DiagramElement, graphics: SVGElement): void }
  overlays: {
    add(
      element: string | DiagramElement,
      type: string,
      overlay: { position: Record<string, number>; html: HTMLElement; show?: object; scale?: boolean | { min?: number; max?: number } },
    ): string
    remove(filter: { type: string }): void
  }
  selection: { select(element: DiagramElement | null): void; get(): DiagramElement[] }
  commandStack: {
    undo(): void
    redo(): void
    canUndo(): boolean
    canRedo(): boolean
    execute(command: string, context: unknown): void
    _stackIdx: number
  }
  modeling: {
    updateProperties(element: DiagramElement, properties: Record<string, unknown>): void
    createShape(shape: DiagramElement, position: Point, target: DiagramElement, hints?: { attach?: boolean }): DiagramElement
    removeElements(elements: DiagramElement[]): void
  }
  bpmnFactory: { create(type: string, properties?: Record<string, unknown>): ModdleElement }
  elementFactory: { createShape(options: Record<string, unknown>): DiagramElement }
  editorActions: { trigger(name: string, options?: object): void; isRegistered(name: string): boolean }
  zoomScroll: { stepZoom(delta: number): void; reset(): void }
  keyboard: { bind(node?: EventTarget): void; unbind(): void }
  eventBus: {
    on(event: string, listener: (event: DiagramEvent) => void): void
    off(event: string, listener: (event: DiagramEvent) => void): void
    fire(event: string): void
  }
  textRenderer: {
    getExternalLabelBounds(
      bounds: { x: number; y: number; width: number; height: number },
      text: string,
    ): { x: number; y: number; width: number; height: number }
  }
  moddle: { fromXML(xml: string): Promise<{ rootElement: ModdleElement; warnings: { message: string }[] }> }
  propertiesPanel: { attachTo(node: HTMLElement): void; detach(): void }
}
interface DiagramEvent {
  element?: DiagramElement
  definitions?: ModdleElement
  originalEvent?: MouseEvent
  newSelection?: DiagramElement[]
}
declare class BpmnViewer {
  constructor(options: Record<string, unknown>)
  importXML(xml: string): Promise<{ warnings: { message: string }[] }>
  saveXML(options?: { format?: boolean }): Promise<{ xml: string }>
  saveSVG(): Promise<{ svg: string }>
  getDefinitions(): ModdleElement
  get<K extends keyof DiagramServices>(name: K): DiagramServices[K]
  on(event: string, listener: (event: DiagramEvent) => void): void
  off(event: string, listener: (event: DiagramEvent) => void): void
  destroy(): void
}
