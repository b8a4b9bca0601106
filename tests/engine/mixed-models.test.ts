/** Constructs in one another, as they meet in drawings of the wild: which tasks are open after the last step. */
import { expect, test } from 'vitest'
import { flow, path, Play, process, user, file } from './play.ts'
const msg = (n: string) => `<messageEventDefinition messageRef="${n}"/>`
const err = (n = 'e1') => `<errorEventDefinition errorRef="${n}"/>`
const roots = '<message id="m" name="m"/><signal id="s" name="s"/><error id="e1" errorCode="E1"/><escalation id="x1" escalationCode="X1"/>'
const call = (id: string, p: string) =>
  `<callActivity id="${id}"><extensionElements><zeebe:calledElement processId="${p}"/></extensionElements></callActivity>`
const MODELS: Record<string, [xml: string, act: (play: Play) => unknown, tasks: string]> = {
  'a cancel end event in an event sub-process leaves the transaction': [
    process(
      `<startEvent id="start"/><transaction id="t"><startEvent id="ts"/>${user('a')}<subProcess id="e" triggeredByEvent="true"><startEvent id="es" isInterrupting="false">${msg('m')}</startEvent><endEvent id="ec"><cancelEventDefinition/></endEvent>${path('es', 'ec')}</subProcess>${path('ts', 'a')}</transaction><boundaryEvent id="b" attachedToRef="t"><cancelEventDefinition/></boundaryEvent>${user('out')}${path('start', 't')}${path('b', 'out')}`,
      roots,
    ),
    (play) => play.message('m'),
    'out',
  ],
  'an error leaves two called processes': [
    file(
      `${roots}<process id="p" isExecutable="true"><startEvent id="s0"/>${call('c', 'q')}<boundaryEvent id="b" attachedToRef="c">${err()}</boundaryEvent>${user('h')}${path('s0', 'c')}${path('b', 'h')}</process><process id="q" isExecutable="true"><startEvent id="s1"/>${call('d', 'r')}${path('s1', 'd')}</process><process id="r" isExecutable="true"><startEvent id="s2"/><endEvent id="z">${err()}</endEvent>${path('s2', 'z')}</process>`,
    ),
    () => {},
    'h',
  ],
  'a terminate end event ends its sub-process only': [
    process(
      `<startEvent id="start"/><subProcess id="u"><startEvent id="i"/><parallelGateway id="g"/>${user('a')}<endEvent id="z"><terminateEventDefinition/></endEvent>${path('i', 'g', 'a')}${flow('g', 'z')}</subProcess>${user('n')}${path('start', 'u', 'n')}`,
    ),
    () => {},
    'n',
  ],
  'an event-based gateway in a loop arms its timer anew': [
    process(
      `<startEvent id="start"/><exclusiveGateway id="x"/><eventBasedGateway id="g"/><intermediateCatchEvent id="t"><timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition></intermediateCatchEvent><intermediateCatchEvent id="c">${msg('m')}</intermediateCatchEvent>${user('z')}${path('start', 'x', 'g', 't', 'x')}${path('g', 'c', 'z')}`,
      roots,
    ),
    (play) => play.timer('t', 60).timer('t', 60).message('m'),
    'z',
  ],
  'every none start event begins': [
    process(`<startEvent id="a1"/><startEvent id="a2"/>${user('u1')}${user('u2')}${path('a1', 'u1')}${path('a2', 'u2')}`),
    () => {},
    'u1 u2',
  ],
  'an activity has a default flow': [
    process(
      `<startEvent id="start"/><userTask id="a" name="a" default="d"/>${user('b')}${user('c')}${path('start', 'a')}${flow('a', 'b', 'false')}${flow('a', 'c', undefined, 'd')}`,
    ),
    (play) => play.complete('a'),
    'c',
  ],
  'a timer interrupts all instances of a sub-process': [
    process(
      `<startEvent id="start"/><subProcess id="u"><startEvent id="i"/>${user('a')}${path('i', 'a')}<multiInstanceLoopCharacteristics><loopCardinality>3</loopCardinality></multiInstanceLoopCharacteristics></subProcess><boundaryEvent id="b" attachedToRef="u"><timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition></boundaryEvent>${user('h')}${path('start', 'u')}${path('b', 'h')}`,
    ),
    (play) => play.complete('a').timer('b', 60),
    'h',
  ],
  'a signal reaches its own instance': [
    process(
      `<startEvent id="start"/><parallelGateway id="g"/><intermediateCatchEvent id="c"><signalEventDefinition signalRef="s"/></intermediateCatchEvent><intermediateThrowEvent id="t"><signalEventDefinition signalRef="s"/></intermediateThrowEvent>${user('a')}${user('b')}${path('start', 'g', 'c', 'a')}${path('g', 't', 'b')}`,
      roots,
    ),
    () => {},
    'a b',
  ],
  'an escalation leaves a called process, which goes on': [
    file(
      `${roots}<process id="p" isExecutable="true"><startEvent id="s0"/>${call('c', 'q')}<boundaryEvent id="b" attachedToRef="c" cancelActivity="false"><escalationEventDefinition escalationRef="x1"/></boundaryEvent>${user('h')}${path('s0', 'c')}${path('b', 'h')}</process><process id="q" isExecutable="true"><startEvent id="s1"/><intermediateThrowEvent id="t"><escalationEventDefinition escalationRef="x1"/></intermediateThrowEvent>${user('on')}${path('s1', 't', 'on')}</process>`,
    ),
    () => {},
    'h on',
  ],
  'data, nested lanes and a black box change nothing': [
    file(
      `${roots}<collaboration id="col"><participant id="pa" processRef="p"/><participant id="pb" name="black box"/><messageFlow id="mf" sourceRef="pb" targetRef="pa"/></collaboration><process id="p" isExecutable="true"><ioSpecification><inputSet/><outputSet/></ioSpecification><property id="pr" name="x"/><laneSet id="ls"><lane id="l1"><flowNodeRef>s0</flowNodeRef><childLaneSet id="cl"><lane id="l2"><flowNodeRef>u</flowNodeRef></lane></childLaneSet></lane></laneSet><dataObject id="do"/><dataObjectReference id="dr" dataObjectRef="do"/><dataStoreReference id="ds"/><startEvent id="s0"/>${user('u', '<property id="pp" name="q"/><dataInputAssociation id="dia"><sourceRef>dr</sourceRef><targetRef>pp</targetRef></dataInputAssociation>')}${path('s0', 'u')}<textAnnotation id="ta"><text>x</text></textAnnotation><group id="gr"/></process><category id="cat"/><itemDefinition id="it"/><dataStore id="dst"/>`,
    ),
    () => {},
    'u',
  ],
  'the only process of a file runs though it is not marked executable': [
    file(`<process id="p"><startEvent id="s0"/>${user('u')}${path('s0', 'u')}</process>`),
    () => {},
    'u',
  ],
  'compensation reaches two sub-processes down': [
    process(
      `<startEvent id="start"/><subProcess id="o"><startEvent id="os"/><subProcess id="u"><startEvent id="i"/>${user('a')}<boundaryEvent id="cb" attachedToRef="a"><compensateEventDefinition/></boundaryEvent><userTask id="undo" name="undo" isForCompensation="true"/><association id="as" sourceRef="cb" targetRef="undo"/>${path('i', 'a')}</subProcess>${path('os', 'u')}</subProcess><intermediateThrowEvent id="t"><compensateEventDefinition/></intermediateThrowEvent>${user('z')}${path('start', 'o', 't', 'z')}`,
    ),
    (play) => play.complete('a'),
    'undo',
  ],
  'a compensation end event in an event sub-process compensates the scope around it': [
    process(
      `<startEvent id="start"/>${user('a')}<boundaryEvent id="cb" attachedToRef="a"><compensateEventDefinition/></boundaryEvent><userTask id="undo" name="undo" isForCompensation="true"/><association id="as" sourceRef="cb" targetRef="undo"/>${user('z')}${path('start', 'a', 'z')}<subProcess id="e" triggeredByEvent="true"><startEvent id="es">${msg('m')}</startEvent><endEvent id="ee"><compensateEventDefinition/></endEvent>${path('es', 'ee')}</subProcess>`,
      roots,
    ),
    (play) => play.complete('a').message('m'),
    'undo',
  ],
  'a condition in a sub-process sees the variables of its scope': [
    process(
      `<startEvent id="start"/><subProcess id="u"><extensionElements><zeebe:ioMapping><zeebe:input source="=0" target="n"/></zeebe:ioMapping></extensionElements><startEvent id="i"/><parallelGateway id="g"/><userTask id="a" name="a"/><intermediateCatchEvent id="c"><conditionalEventDefinition><condition>=n &gt; 1</condition></conditionalEventDefinition></intermediateCatchEvent>${user('b')}${path('i', 'g', 'a')}${path('g', 'c', 'b')}</subProcess>${path('start', 'u')}`,
    ),
    (play) => play.complete('a', { n: 2 }),
    'b',
  ],
  'a message finds the instance of a multi-instance by its local key': [
    process(
      `<startEvent id="start"/><subProcess id="u"><startEvent id="i"/><intermediateCatchEvent id="c">${msg('k')}</intermediateCatchEvent><scriptTask id="sc"><extensionElements><zeebe:script expression="=key" resultVariable="found"/></extensionElements></scriptTask>${user('b')}${path('i', 'c', 'sc', 'b')}<multiInstanceLoopCharacteristics><extensionElements><zeebe:loopCharacteristics inputCollection="=[&quot;x&quot;, &quot;y&quot;]" inputElement="key"/></extensionElements></multiInstanceLoopCharacteristics></subProcess>${path('start', 'u')}`,
      '<message id="k" name="k"><extensionElements><zeebe:subscription correlationKey="=key"/></extensionElements></message>',
    ),
    (play) => {
      play.message('k', {}, 'y')
      expect(play.variables.found).toBe('y')
    },
    'b',
  ],
  'two links lead to one place': [
    process(
      `<startEvent id="start"/><parallelGateway id="g"/><intermediateThrowEvent id="l1"><linkEventDefinition name="L"/></intermediateThrowEvent><intermediateThrowEvent id="l2"><linkEventDefinition name="L"/></intermediateThrowEvent><intermediateCatchEvent id="l"><linkEventDefinition name="L"/></intermediateCatchEvent>${user('a')}${path('start', 'g', 'l1')}${path('g', 'l2')}${path('l', 'a')}`,
    ),
    () => {},
    'a a',
  ],
  'a precise error wins over one without a code, drawn before it': [
    process(
      `<startEvent id="start"/><subProcess id="u"><startEvent id="i"/><endEvent id="z">${err()}</endEvent>${path('i', 'z')}</subProcess><boundaryEvent id="b1" attachedToRef="u"><errorEventDefinition/></boundaryEvent><boundaryEvent id="b2" attachedToRef="u">${err()}</boundaryEvent>${user('any')}${user('exact')}${path('start', 'u')}${path('b1', 'any')}${path('b2', 'exact')}`,
      roots,
    ),
    () => {},
    'exact',
  ],
  'an error thrown in an error handler of the same scope goes outward': [
    process(
      `<startEvent id="start"/><subProcess id="u"><startEvent id="i"/><endEvent id="z">${err()}</endEvent>${path('i', 'z')}<subProcess id="e" triggeredByEvent="true"><startEvent id="es">${err()}</startEvent><endEvent id="ez">${err()}</endEvent>${path('es', 'ez')}</subProcess></subProcess><boundaryEvent id="b" attachedToRef="u">${err()}</boundaryEvent>${user('h')}${path('start', 'u')}${path('b', 'h')}`,
      roots,
    ),
    () => {},
    'h',
  ],
  'a timer at a call activity ends the called process': [
    file(
      `<process id="p" isExecutable="true"><startEvent id="s0"/>${call('c', 'q')}<boundaryEvent id="b" attachedToRef="c"><timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition></boundaryEvent>${user('h')}${path('s0', 'c')}${path('b', 'h')}</process><process id="q" isExecutable="true"><startEvent id="s1"/>${user('w')}${path('s1', 'w')}</process>`,
    ),
    (play) => play.timer('b', 60),
    'h',
  ],
  'a called process that terminates goes on in its caller': [
    file(
      `<process id="p" isExecutable="true"><startEvent id="s0"/>${call('c', 'q')}${user('n')}${path('s0', 'c', 'n')}</process><process id="q" isExecutable="true"><startEvent id="s1"/><parallelGateway id="g"/>${user('w')}<endEvent id="z"><terminateEventDefinition/></endEvent>${path('s1', 'g', 'w')}${path('g', 'z')}</process>`,
    ),
    () => {},
    'n',
  ],
  'the cancel of an inner transaction leaves the outer one running': [
    process(
      `<startEvent id="start"/><transaction id="o"><startEvent id="os"/><transaction id="u"><startEvent id="i"/><endEvent id="z"><cancelEventDefinition/></endEvent>${path('i', 'z')}</transaction><boundaryEvent id="b" attachedToRef="u"><cancelEventDefinition/></boundaryEvent>${user('h')}${path('os', 'u')}${path('b', 'h')}</transaction><boundaryEvent id="b2" attachedToRef="o"><cancelEventDefinition/></boundaryEvent>${user('never')}${path('start', 'o')}${path('b2', 'never')}`,
    ),
    () => {},
    'h',
  ],
  'an ad-hoc sub-process ends by its condition and cancels the rest': [
    process(
      `<startEvent id="start"/><adHocSubProcess id="ah"><completionCondition>=done = true</completionCondition>${user('a')}${user('b')}</adHocSubProcess>${user('n')}${path('start', 'ah', 'n')}`,
    ),
    (play) => play.complete('a', { done: true }),
    'n',
  ],
}

test.each(Object.keys(MODELS))('%s', async (name) => {
  const [xml, act, expected] = MODELS[name]!
  const play = await Play.of(xml)
  act(play)
  expect(play.stalls).toEqual([])
  expect(play.tasks.join(' ')).toBe(expected)
})
