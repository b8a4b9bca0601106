/** The support table (element x event x position), made from the compiler's own registries. `node tests/engine/support-table.ts` writes it. */
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { ALWAYS_INTERRUPTS, EVENT_POSITIONS, supportedTypes } from '#engine/compile/index'
import type { EventType } from '#engine/model'
import { elementTypes } from '../../workflows/engine/elements/index.ts'

const FILE = fileURLToPath(new URL('../../definitions/support-table.md', import.meta.url))
const POSITIONS = ['start', 'eventSubProcessStart', 'intermediateCatch', 'boundary', 'intermediateThrow', 'end'] as const

/** Whether what it is drawn on may go on beside it. */
function how(event: EventType, position: (typeof POSITIONS)[number]): string {
  if (position !== 'boundary' && position !== 'eventSubProcessStart') return 'yes'
  return ALWAYS_INTERRUPTS.includes(event) ? 'interrupting' : 'interrupting or not'
}

export const readTable = (): string => readFileSync(FILE, 'utf8')

export function supportTable(): string {
  const events = Object.entries(EVENT_POSITIONS).map(
    ([event, positions]) =>
      `| ${event} | ${POSITIONS.map((position) => (positions.includes(position) ? how(event as EventType, position) : '')).join(' | ')} |`,
  )
  return [
    '# What the engine supports',
    '',
    "Made by `node tests/engine/support-table.ts` from the registries of the compiler and the engine. What is not listed is refused at deployment, with the element's id.",
    '',
    '## Elements',
    '',
    '| BPMN element |',
    '| --- |',
    ...[...supportedTypes].sort().map((type) => `| ${type} |`),
    '',
    `Behaviours: ${[...elementTypes].sort().join(', ')}.`,
    '',
    '## Events by position',
    '',
    `| event | ${POSITIONS.join(' | ')} |`,
    `| --- | ${POSITIONS.map(() => '---').join(' | ')} |`,
    ...events,
    '',
  ].join('\n')
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(FILE, supportTable())
