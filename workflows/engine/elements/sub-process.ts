/** Embedded sub-process (BPMN 2.0 clause 13.3.4). */
import type { Behaviour } from '../behaviour.ts'
import { scopeEmpty } from '../lifecycle.ts'
import type { Run } from '../run.ts'
import type { Activation } from '../state.ts'

/** Opens the scope and puts its first tokens. */
export function openScope(run: Run, activation: Activation, starts: string[]): void {
  run.draft.own(activation.key).live = 0
  for (const id of starts) run.send(activation.key, id, null)
  if (starts.length === 0) scopeEmpty(run, activation.key)
}

export const subProcess: Behaviour<'subProcess'> = {
  isScope: true,
  execute: (run, activation, element) => openScope(run, activation, element.starts),
}
