/* biome-ignore-all lint/suspicious/noTemplateCurlyInString: JUEL is written so */
import { expect, test } from 'vitest'
import { evaluateFeel } from '#engine/index'
import type { Json, Variables } from '#engine/contract'
import { juelToFeel } from '../../workflows/engine/compile/dialect/juel.ts'

const clock = { at: 0, timeZone: 'UTC' }
const variables: Variables = {
  x: 7,
  y: 2,
  name: 'Ada',
  none: null,
  items: ['a', 'b'],
  empties: [],
  order: { id: 'o1', total: 12, open: true },
  flag: true,
}
/** The value of a JUEL text, by way of FEEL. */
function value(source: string): Json | undefined {
  const translated = juelToFeel(source)
  if (translated === null) return undefined
  return 'literal' in translated ? translated.literal : evaluateFeel(translated.feel, variables, clock)
}

test.each([
  ['plain text', 'plain text'],
  ['${x}', 7],
  ['#{x + y * 2}', 11],
  ['${(x + y) * 2}', 18],
  ['${x % y}', 1],
  ['${x mod y == 1}', true],
  ['${x gt 5 and !(y ge 3)}', true],
  ['${!flag || x != 7}', false],
  ["${name == 'Ada'}", true],
  ['${name eq "Bob"}', false],
  ['${x > 5 ? "big" : "small"}', 'big'],
  ['${x > 9 ? "big" : x > 5 ? "middle" : "small"}', 'middle'],
  ['${empty none}', true],
  ['${empty empties}', true],
  ['${not empty items}', true],
  ['${order.id}', 'o1'],
  ['${order.getTotal() > 10}', true],
  ['${order.isOpen()}', true],
  ['${items[1]}', 'b'],
  ["${order['id']}", 'o1'],
  ['${items.get(0)}', 'a'],
  ['${items.size()}', 2],
  ["${items.contains('b')}", true],
  ["${name.contains('d')}", true],
  ["${name.startsWith('A') && name.length() == 3}", true],
  ["${name.equals('Ada')}", true],
  ["${execution.getVariable('x')}", 7],
  ['${variables:greaterThan(x, 5)}', true],
  ["${vars:getOrDefault(none, 'z')}", 'z'],
  ['Order ${order.id} of ${name}', 'Order o1 of Ada'],
  ["${'a}b'}", 'a}b'],
  ['${-x}', -7],
  ["${S(order).prop('total').numberValue() > 10}", true],
  ["${order.hasProp('id')}", true],
  ["${name.replace('a', 'b').concat('!')}", 'Adb!'],
  ['${name.isBlank()}', false],
  ['${now().plusDays(2).toDate()}', '1970-01-03T00:00:00Z'],
  ['${dateTime().plusHours(y).minusMinutes(1)}', '1970-01-01T01:59:00Z'],
  ['${now().plusWeeks(1).isAfter(now())}', true],
] as [string, Json][])('%s', (source, expected) => {
  expect(value(source)).toEqual(expected)
})

test.each([
  '${bean.run(x)}',
  '${myService.getPrice()}',
  '${execution.id.foo(1)}',
  '${x +}',
  '${a',
  '${items[i]}',
  '${T(java.lang.Math)}',
  '${execution}',
  '${execution.processBusinessKey}',
  '${task.name}',
  '${currentUser()}',
])('not translated: %s', (source) => {
  expect(juelToFeel(source)).toBeNull()
})

test('counters count from 1 here', () => {
  expect(juelToFeel('${loopCounter == 0}')).toEqual({ feel: '(loopCounter - 1) = 0' })
  expect(juelToFeel('${nrOfCompletedInstances/nrOfInstances > 0.5}')).toEqual({
    feel: '(numberOfCompletedInstances / numberOfInstances) > 0.5',
  })
})
