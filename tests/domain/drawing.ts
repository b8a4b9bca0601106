/** What a reader sees of a diagram: boxes, lines and words, and where they are in each other's way. */
import { readFileSync } from 'node:fs'
import { BpmnModdle } from 'bpmn-moddle'
import zeebe from 'zeebe-bpmn-moddle/resources/zeebe.json' with { type: 'json' }
import guichet from '../../ui/editor/guichet-moddle.json' with { type: 'json' }

export interface Point {
  x: number
  y: number
}
export interface Box extends Point {
  width: number
  height: number
}
export interface Shape {
  id: string
  box: Box
  /** Around its inner elements, when it is an expanded sub-process. */
  parents: string[]
  hostId: string | null
}
export interface Line {
  id: string
  points: Point[]
  fromId: string
  toId: string
}
/** Words beside an element, not in it. */
export interface Label {
  id: string
  /** Where the words stand in the room that the label has. */
  box: Box
  names: string[]
  /** Words that the room breaks, or leaves alone with their punctuation mark. */
  broken: string[]
}
export interface Drawing {
  shapes: Shape[]
  lines: Line[]
  labels: Label[]
  /** Elements of the process that must be drawn, with what they are. */
  elements: ModdleElement[]
}

const moddle = new BpmnModdle({ zeebe, guichet })
const list = (element: ModdleElement, property: string): ModdleElement[] => (element.get(property) as ModdleElement[] | undefined) ?? []
const childOf = (element: ModdleElement, property: string): ModdleElement | undefined => element.get(property) as ModdleElement | undefined
const boxOf = ({ x, y, width, height }: Box): Box => ({ x, y, width, height })

export const englishName = (element: ModdleElement): string => String(element.get('guichet:nameEn') ?? '')

function collect(scope: ModdleElement, found: ModdleElement[]): ModdleElement[] {
  for (const element of [...list(scope, 'flowElements'), ...list(scope, 'artifacts')]) {
    if (element.$instanceOf('bpmn:DataObject')) continue
    found.push(element)
    if (element.$instanceOf('bpmn:SubProcess')) collect(element, found)
  }
  return found
}

function parentsOf(element: ModdleElement): string[] {
  const parents: string[] = []
  for (let at = element.$parent; at?.$instanceOf('bpmn:SubProcess'); at = at.$parent) parents.push(String(at.id))
  return parents
}

const hasInnerName = (element: ModdleElement): boolean =>
  element.$instanceOf('bpmn:Activity') || element.$instanceOf('bpmn:TextAnnotation') || element.$instanceOf('bpmn:Group')

export async function readDrawing(file: URL): Promise<Drawing> {
  const { rootElement } = await moddle.fromXML(readFileSync(file, 'utf8'), 'bpmn:Definitions')
  const definitions = rootElement as ModdleElement
  const drawing: Drawing = { shapes: [], lines: [], labels: [], elements: [] }
  for (const root of list(definitions, 'rootElements')) if (root.$instanceOf('bpmn:Process')) drawing.elements.push(...collect(root, []))
  for (const diagram of list(definitions, 'diagrams'))
    for (const item of list(childOf(diagram, 'plane')!, 'planeElement')) addItem(drawing, item)
  return drawing
}

function addItem(drawing: Drawing, item: ModdleElement): void {
  const element = childOf(item, 'bpmnElement')
  if (!element) return
  const id = String(element.id)
  if (item.$instanceOf('bpmndi:BPMNShape')) {
    const hostId = childOf(element, 'attachedToRef')?.id ?? null
    drawing.shapes.push({ id, box: boxOf(item.get('bounds') as Box), parents: parentsOf(element), hostId: hostId as string | null })
  } else {
    const points = (item.get('waypoint') as Point[]).map(({ x, y }) => ({ x, y }))
    const [from, to] = [childOf(element, 'sourceRef'), childOf(element, 'targetRef')]
    if (from && to) drawing.lines.push({ id, points, fromId: String(from.id), toId: String(to.id) })
  }
  if (element.$instanceOf('bpmn:SubProcess') && item.get('isExpanded') === true)
    drawing.labels.push(titleOf(id, drawing.shapes.at(-1)!.box, element))
  const bounds = childOf(item, 'label')?.get('bounds') as Box | undefined
  const names = [String(element.get('name') ?? ''), englishName(element)].filter((name) => name !== '')
  if (bounds && names.length > 0 && !hasInnerName(element)) drawing.labels.push(labelOf(id, boxOf(bounds), names))
}

/** Mean width of a letter and height of a line at the viewer's 11 px. */
const letter = 6.2
const lineHeight = 13.2

/** Words are centred, from the top, in as many lines as they need. */
function labelOf(id: string, room: Box, names: string[]): Label {
  const lines = names.map((name) => wrap(name, room.width))
  const width = Math.max(...lines.flat().map((line) => line.length * letter))
  const height = Math.max(...lines.map(({ length }) => length)) * lineHeight
  const broken = lines.flat().filter((line) => line.length * letter > room.width + 2 || /^[?!:;%]$/.test(line))
  return { id, box: { x: room.x + room.width / 2 - width / 2, y: room.y, width, height }, names, broken }
}

/** An open sub-process is named at its upper edge, in one line. */
function titleOf(id: string, { x, y, width }: Box, element: ModdleElement): Label {
  const names = [String(element.get('name') ?? ''), englishName(element)]
  const length = Math.max(...names.map((name) => name.length)) * letter
  return {
    id,
    box: { x: x + width / 2 - length / 2, y: y + 4, width: length, height: lineHeight },
    names,
    broken: length > width ? names : [],
  }
}

function wrap(name: string, width: number): string[] {
  const lines = ['']
  for (const word of name.split(/[\s-]+/)) {
    const longer = `${lines.at(-1)} ${word}`.trim()
    if (longer.length * letter <= width || lines.at(-1) === '') lines[lines.length - 1] = longer
    else lines.push(word)
  }
  return lines
}

/** Positive when they share an area that is wider and higher than `slack`. */
export const overlap = (a: Box, b: Box, slack = 1): boolean =>
  Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x) > slack &&
  Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y) > slack

/** How far a point is from the border of a box. */
export function fromBorder({ x, y }: Point, box: Box): number {
  const dx = Math.max(box.x - x, x - box.x - box.width)
  const dy = Math.max(box.y - y, y - box.y - box.height)
  return dx <= 0 && dy <= 0 ? Math.min(-dx, -dy) : Math.hypot(Math.max(dx, 0), Math.max(dy, 0))
}

/** Whether a stretch of a line goes through a box made smaller by `inset`. */
export function crosses(a: Point, b: Point, box: Box, inset = 2): boolean {
  let [from, to] = [0, 1]
  const axes = [
    [a.x, b.x - a.x, box.x + inset, box.x + box.width - inset],
    [a.y, b.y - a.y, box.y + inset, box.y + box.height - inset],
  ] as const
  for (const [start, step, low, high] of axes) {
    if (step === 0) {
      if (start <= low || start >= high) return false
      continue
    }
    const [first, second] = [(low - start) / step, (high - start) / step].sort((one, other) => one - other)
    from = Math.max(from, first!)
    to = Math.min(to, second!)
  }
  return from < to
}

export const stretches = ({ points }: Line): [Point, Point][] => points.slice(1).map((point, index) => [points[index]!, point])

/** Whether two lines cross, or lie on each other for a while. */
export function meet([a, b]: [Point, Point], [c, d]: [Point, Point]): boolean {
  const side = (p: Point, q: Point, r: Point) => Math.sign((q.x - p.x) * (r.y - p.y) - (q.y - p.y) * (r.x - p.x))
  return side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0
}
