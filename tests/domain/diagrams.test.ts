import { readdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { crosses, type Drawing, englishName, fromBorder, meet, overlap, readDrawing, stretches } from './drawing.ts'

const folder = new URL('../../definitions/processes/', import.meta.url)
const drawings = await Promise.all(
  readdirSync(folder)
    .filter((name) => name.endsWith('.bpmn'))
    .sort()
    .map(async (name) => [name.replace('.bpmn', ''), await readDrawing(new URL(name, folder))] as const),
)

const list = (element: ModdleElement, property: string) => (element.get(property) as ModdleElement[] | undefined) ?? []
const isFlow = (element: ModdleElement) => element.$instanceOf('bpmn:SequenceFlow')
/** A gateway at which ways part is a question; the ways are its answers. One at which they only meet says nothing. */
const splits = (element: ModdleElement) => element.$instanceOf('bpmn:Gateway') && list(element, 'outgoing').length > 1
const asks = (element: ModdleElement) =>
  splits(element) && !element.$instanceOf('bpmn:ParallelGateway') && !element.$instanceOf('bpmn:EventBasedGateway')

/** Its sign says it, and the step that it leads to says how. */
const isUndoing = (element: ModdleElement) =>
  element.$instanceOf('bpmn:BoundaryEvent') &&
  list(element, 'eventDefinitions').some((definition) => definition.$instanceOf('bpmn:CompensateEventDefinition'))

function unnamed({ elements }: Drawing): string[] {
  const isSilent = (element: ModdleElement) => (element.$instanceOf('bpmn:Gateway') ? !asks(element) : isUndoing(element))
  const named = elements.filter((element) => element.$instanceOf('bpmn:FlowNode') && !isSilent(element))
  const answers = elements.filter(asks).flatMap((gateway) => list(gateway, 'outgoing'))
  return [...named, ...answers].flatMap((element) => [
    ...(String(element.get('name') ?? '').trim() === '' ? [`${element.id} has no name`] : []),
    ...(englishName(element).trim() === '' ? [`${element.id} has no guichet:nameEn`] : []),
  ])
}

function undrawn({ elements, shapes, lines }: Drawing): string[] {
  const drawn = [...shapes, ...lines].map(({ id }) => id)
  return elements.flatMap(({ id }) => {
    const times = drawn.filter((other) => other === id).length
    return times === 1 ? [] : [`${id} is drawn ${times} times`]
  })
}

function crowded({ shapes }: Drawing): string[] {
  return shapes.flatMap((one, index) =>
    shapes
      .slice(index + 1)
      .filter((other) => !one.parents.includes(other.id) && !other.parents.includes(one.id))
      .filter((other) => one.hostId !== other.id && other.hostId !== one.id && overlap(one.box, other.box))
      .map((other) => `${one.id} overlaps ${other.id}`),
  )
}

/** What is in a sub-process stands in it; what waits at an activity's border stands on it. */
function misplaced({ shapes }: Drawing): string[] {
  const boxes = new Map(shapes.map(({ id, box }) => [id, box]))
  return shapes.flatMap(({ id, box, parents, hostId }) => {
    const parent = boxes.get(parents[0] ?? '')
    const host = boxes.get(hostId ?? '')
    const middle = { x: box.x + box.width / 2, y: box.y + box.height / 2 }
    const isIn =
      !parent ||
      (box.x >= parent.x &&
        box.y >= parent.y &&
        box.x + box.width <= parent.x + parent.width &&
        box.y + box.height <= parent.y + parent.height)
    return [
      ...(isIn ? [] : [`${id} stands out of ${parents[0]}`]),
      ...(!host || fromBorder(middle, host) <= 2 ? [] : [`${id} is not on the border of ${hostId}`]),
    ]
  })
}

function detached({ shapes, lines }: Drawing): string[] {
  const boxes = new Map(shapes.map(({ id, box }) => [id, box]))
  return lines.flatMap(({ id, points, fromId, toId }) =>
    (
      [
        [points[0]!, fromId],
        [points.at(-1)!, toId],
      ] as const
    )
      .filter(([point, end]) => boxes.has(end) && fromBorder(point, boxes.get(end)!) > 2)
      .map(([, end]) => `${id} does not touch ${end}`),
  )
}

function crossed({ shapes, lines }: Drawing): string[] {
  const parents = new Map(shapes.map((shape) => [shape.id, shape.parents]))
  return lines.flatMap((line) => {
    const around = [...(parents.get(line.fromId) ?? []), ...(parents.get(line.toId) ?? [])]
    return shapes
      .filter(({ id }) => !around.includes(id))
      .filter(({ box }) => stretches(line).some(([a, b]) => crosses(a, b, box)))
      .map(({ id }) => `${line.id} goes through ${id}`)
  })
}

function covered({ shapes, lines, labels }: Drawing): string[] {
  const parents = new Set(shapes.flatMap((shape) => shape.parents))
  const solid = shapes.filter(({ id }) => !parents.has(id))
  return labels.flatMap((label, index) => [
    ...solid.filter(({ box }) => overlap(label.box, box, 3)).map(({ id }) => `the words of ${label.id} lie on ${id}`),
    ...lines
      .filter((line) => stretches(line).some(([a, b]) => crosses(a, b, label.box, 3)))
      .map(({ id }) => `the words of ${label.id} lie on the line ${id}`),
    ...labels
      .slice(index + 1)
      .filter(({ box }) => overlap(label.box, box, 3))
      .map(({ id }) => `the words of ${label.id} lie on those of ${id}`),
  ])
}

/** Lines may cross; each crossing is one more thing to follow. */
function crossings({ lines }: Drawing): string[] {
  return lines.flatMap((one, index) =>
    lines
      .slice(index + 1)
      .filter((other) => stretches(one).some((a) => stretches(other).some((b) => meet(a, b))))
      .map((other) => `${one.id} crosses ${other.id}`),
  )
}

const unlabelled = ({ elements, labels }: Drawing): string[] => {
  const placed = new Set(labels.map(({ id }) => id))
  const beside = elements.filter(
    (element) => element.get('name') && (isFlow(element) || element.$instanceOf('bpmn:Event') || element.$instanceOf('bpmn:Gateway')),
  )
  return beside.filter(({ id }) => !placed.has(String(id))).map(({ id }) => `the name of ${id} has no place of its own`)
}

describe.each(drawings)('the diagram of %s', (_, drawing) => {
  test('is named in French and English', () => expect(unnamed(drawing)).toEqual([]))
  test('is drawn whole, once', () => expect(undrawn(drawing)).toEqual([]))
  test('gives each shape a place of its own', () => expect([...crowded(drawing), ...misplaced(drawing)]).toEqual([]))
  test('joins its lines to their shapes', () => expect(detached(drawing)).toEqual([]))
  test('leads no line through a shape', () => expect(crossed(drawing)).toEqual([]))
  test('lays no words on shapes, lines or other words', () => expect([...unlabelled(drawing), ...covered(drawing)]).toEqual([]))
  test('breaks no word', () => expect(drawing.labels.flatMap(({ id, broken }) => broken.map((word) => `${word} of ${id}`))).toEqual([]))
  test('crosses few lines', () =>
    expect(crossings(drawing).length, crossings(drawing).join(', ')).toBeLessThanOrEqual(drawing.lines.length / 10))
})
