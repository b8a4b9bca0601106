/** Small processes that wait for one another, written down once for the tests of correlation. */
const head = `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" xmlns:guichet="http://guichet.dev/schema/1.0" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="d" targetNamespace="http://guichet.dev/test">`
const message = (name: string) =>
  `<bpmn:message id="m-${name}" name="${name}"><bpmn:extensionElements><zeebe:subscription correlationKey="=key" /></bpmn:extensionElements></bpmn:message>`

/** None start, catch of message `name` under the variable `key`, end. */
export const waiter = (id: string, name: string): string => `${head}
  <bpmn:process id="${id}" name="${id}" isExecutable="true">
    <bpmn:startEvent id="start" />
    <bpmn:sequenceFlow id="f1" sourceRef="start" targetRef="caught" />
    <bpmn:intermediateCatchEvent id="caught"><bpmn:messageEventDefinition id="e1" messageRef="m-${name}" /></bpmn:intermediateCatchEvent>
    <bpmn:sequenceFlow id="f2" sourceRef="caught" targetRef="end" />
    <bpmn:endEvent id="end" />
  </bpmn:process>
  ${message(name)}
</bpmn:definitions>`

/** Message start `starts`, then a catch of `ends` under `key`: started by one message, ended by another (or by a second of the same name). */
export const starter = (id: string, starts: string, ends: string): string => `${head}
  <bpmn:process id="${id}" name="${id}" isExecutable="true">
    <bpmn:startEvent id="start"><bpmn:messageEventDefinition id="e0" messageRef="m-${starts}" /></bpmn:startEvent>
    <bpmn:sequenceFlow id="f1" sourceRef="start" targetRef="caught" />
    <bpmn:intermediateCatchEvent id="caught"><bpmn:messageEventDefinition id="e1" messageRef="m-${ends}" /></bpmn:intermediateCatchEvent>
    <bpmn:sequenceFlow id="f2" sourceRef="caught" targetRef="end" />
    <bpmn:endEvent id="end" />
  </bpmn:process>
  ${[...new Set([starts, ends])].map(message).join('')}
</bpmn:definitions>`

/** None start, waits for the signal, ends. */
export const listener = (id: string, signal: string): string => `${head}
  <bpmn:process id="${id}" name="${id}" isExecutable="true">
    <bpmn:startEvent id="start" />
    <bpmn:sequenceFlow id="f1" sourceRef="start" targetRef="heard" />
    <bpmn:intermediateCatchEvent id="heard"><bpmn:signalEventDefinition id="e1" signalRef="s" /></bpmn:intermediateCatchEvent>
    <bpmn:sequenceFlow id="f2" sourceRef="heard" targetRef="end" />
    <bpmn:endEvent id="end" />
  </bpmn:process>
  <bpmn:signal id="s" name="${signal}" />
</bpmn:definitions>`

/** Throws message `name` under the variable `key` as it starts, and ends. */
export const thrower = (id: string, name: string): string => `${head}
  <bpmn:process id="${id}" name="${id}" isExecutable="true">
    <bpmn:startEvent id="start" />
    <bpmn:sequenceFlow id="f1" sourceRef="start" targetRef="end" />
    <bpmn:endEvent id="end"><bpmn:messageEventDefinition id="e1" messageRef="m-${name}" /></bpmn:endEvent>
  </bpmn:process>
  ${message(name)}
</bpmn:definitions>`

/** Started by a timer or a signal (\`definition\` is the event definition), ends at once. With a ticket kind: a ticket's process. */
export const startedBy = (id: string, definition: string, ticketKind?: string): string => `${head}
  <bpmn:process id="${id}" name="${id}" isExecutable="true"${ticketKind ? ` guichet:ticketKind="${ticketKind}"` : ''}>
    <bpmn:startEvent id="start">${definition}</bpmn:startEvent>
    <bpmn:sequenceFlow id="f1" sourceRef="start" targetRef="end" />
    <bpmn:endEvent id="end" />
  </bpmn:process>
  <bpmn:signal id="s" name="alarm" />
  <bpmn:message id="m-report" name="report" />
</bpmn:definitions>`

export const cycle = (text: string): string =>
  `<bpmn:timerEventDefinition id="t"><bpmn:timeCycle xsi:type="bpmn:tFormalExpression">${text}</bpmn:timeCycle></bpmn:timerEventDefinition>`
export const onSignal = `<bpmn:signalEventDefinition signalRef="s" />`
export const onReport = `<bpmn:messageEventDefinition messageRef="m-report" />`

/** Two messages and a signal that all belong to one start: of a parallel multiple start event, or behind a parallel event-based gateway. */
export const together = (id: string, by: 'event' | 'gateway', names: [string, string], signal: string): string => {
  const definitions = [
    ...names.map((name) => `<bpmn:messageEventDefinition messageRef="m-${name}" />`),
    '<bpmn:signalEventDefinition signalRef="s" />',
  ]
  const flow = (from: string, to: string) => `<bpmn:sequenceFlow id="${from}-${to}" sourceRef="${from}" targetRef="${to}" />`
  const caught = definitions
    .map(
      (each, index) =>
        `<bpmn:intermediateCatchEvent id="c${index}">${each}</bpmn:intermediateCatchEvent>${flow('g', `c${index}`)}${flow(`c${index}`, 'end')}`,
    )
    .join('')
  const inside =
    by === 'event'
      ? `<bpmn:startEvent id="start" parallelMultiple="true">${definitions.join('')}</bpmn:startEvent>${flow('start', 'end')}`
      : `<bpmn:eventBasedGateway id="g" instantiate="true" eventGatewayType="Parallel" />${caught}`
  return `${head}<bpmn:process id="${id}" isExecutable="true">${inside}<bpmn:endEvent id="end" /></bpmn:process>
    ${names.map((name) => `<bpmn:message id="m-${name}" name="${name}" />`).join('')}<bpmn:signal id="s" name="${signal}" />
  </bpmn:definitions>`
}

/** Started by either of a message and a signal. */
export const either = (id: string): string => startedBy(id, onReport + onSignal)
