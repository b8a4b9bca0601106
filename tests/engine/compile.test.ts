import { describe, expect, test } from 'vitest'
import { compileProcess } from '#engine/compile/index'
import { end, ext, flow, path, process, refusals, start, user } from './play.ts'

const task = (id: string, inner = ''): string => `<task id="${id}">${inner}</task>`

describe('refused at the element', () => {
  test.each<[string, string, string]>([
    ['an unsupported element', `${start}<complexGateway id="x"/>${end}${path('start', 'x', 'end')}`, 'unsupportedElement@x'],
    ['a service task without a type', `${start}<serviceTask id="x"/>${end}${path('start', 'x', 'end')}`, 'missingTaskDefinition@x'],
    [
      'a script that is not FEEL',
      `${start}<scriptTask id="x" scriptFormat="javascript"><script>1</script></scriptTask>${end}${path('start', 'x', 'end')}`,
      'missingScript@x',
    ],
    ['FEEL that does not parse', `${start}${task('a')}${task('b')}${flow('start', 'a')}${flow('a', 'b', 'x >', 'x')}`, 'feelSyntax@x'],
    [
      'a duration that is none',
      `${start}<intermediateCatchEvent id="x"><timerEventDefinition><timeDuration>1 hour</timeDuration></timerEventDefinition></intermediateCatchEvent>${path('start', 'x')}`,
      'timerValue@x',
    ],
    [
      'an event where it does not belong',
      `<startEvent id="x"><errorEventDefinition/></startEvent>${end}${path('x', 'end')}`,
      'eventPosition@x',
    ],
    [
      'an interrupting timer that repeats',
      `${start}${task('a')}<boundaryEvent id="x" attachedToRef="a"><timerEventDefinition><timeCycle>R3/PT1M</timeCycle></timerEventDefinition></boundaryEvent>${path('start', 'a')}${path('x', 'a')}`,
      'interruptingCycle@x',
    ],
    ['a flow into a start event', `${start}${task('a')}${path('start', 'a', 'start')}`, 'incomingNotAllowed@start'],
    ['a flow out of an end event', `${start}${end}${task('a')}${path('start', 'end', 'a')}`, 'outgoingNotAllowed@end'],
    [
      'a flow over a border',
      `${start}<subProcess id="s"><startEvent id="i"/>${task('a')}${path('i', 'a')}</subProcess>${flow('start', 'a', undefined, 'x')}`,
      'flowCrossesScope@x',
    ],
    [
      'an exclusive branch without a condition',
      `${start}<exclusiveGateway id="g"/>${task('a')}${task('b')}${flow('start', 'g')}${flow('g', 'a', 'y')}${flow('g', 'b', undefined, 'x')}`,
      'missingCondition@x',
    ],
    [
      'an event gateway to a task',
      `${start}<eventBasedGateway id="g"/>${task('x')}${task('b')}${path('start', 'g', 'x')}${path('g', 'b')}`,
      'eventGateway@x',
    ],
    [
      'a foreign attribute',
      `${start}<userTask id="x" xmlns:camunda="http://camunda.org/schema/1.0/bpmn" camunda:assignee="kermit"/>${path('start', 'x')}`,
      'foreignDialect@x',
    ],
    ['an unknown guichet attribute', `${start}<userTask id="x" guichet:colour="red"/>${path('start', 'x')}`, 'invalidXml@x'],
    [
      'an extension that would be ignored',
      `${start}<userTask id="x">${ext('<zeebe:executionListeners><zeebe:executionListener eventType="start" type="a"/></zeebe:executionListeners>')}</userTask>${path('start', 'x')}`,
      'unsupportedExtension@x',
    ],
    [
      'an event sub-process without trigger',
      `${start}${end}${path('start', 'end')}<subProcess id="s" triggeredByEvent="true"><startEvent id="x"/></subProcess>`,
      'eventSubProcessStart@x',
    ],
    [
      'a multi-instance without a collection',
      `${start}<userTask id="x"><multiInstanceLoopCharacteristics/></userTask>${path('start', 'x')}`,
      'missingCollection@x',
    ],
    [
      'a link that leads nowhere',
      `${start}<intermediateThrowEvent id="x"><linkEventDefinition name="L"/></intermediateThrowEvent>${path('start', 'x')}`,
      'linkTarget@x',
    ],
    [
      'a cancel end event outside a transaction',
      `${start}<endEvent id="x"><cancelEventDefinition/></endEvent>${path('start', 'x')}`,
      'cancelPosition@x',
    ],
  ])('%s', async (_name, body, expected) => {
    expect(await refusals(process(body))).toContain(expected)
  })

  test('an unknown time zone', async () => {
    expect(
      await refusals(process(`${start}${end}${path('start', 'end')}`).replace('isExecutable', 'guichet:timeZone="Mars/Base" isExecutable')),
    ).toEqual(['unknownTimeZone@p'])
  })

  test('malformed XML, with its line', async () => {
    const compiled = await compileProcess(
      '<?xml version="1.0"?>\n<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL">\n<process id="p">\n</definitions>',
    )
    expect(compiled).toMatchObject({ ok: false, diagnostics: [{ code: 'malformedXml', params: { line: '4' } }] })
  })

  test('a file without a process', async () => {
    expect(await refusals('<?xml version="1.0"?><definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"/>')).toEqual([
      'noProcess@',
    ])
  })
})

test('the model is plain JSON and keeps guichet: attributes, which go out with the activation', async () => {
  const compiled = await compileProcess(
    process(`${start}${user('t').replace('<userTask', '<userTask guichet:status="inProgress"')}${path('start', 't')}`).replace(
      'isExecutable',
      'guichet:slaPolicies="incident" isExecutable',
    ),
  )
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.diagnostics))
  expect(JSON.parse(JSON.stringify(compiled.value))).toEqual(compiled.value)
  expect(compiled.value.attributes).toEqual({ slaPolicies: 'incident' })
  expect(compiled.value.elements.t?.attributes).toEqual({ status: 'inProgress' })
})
