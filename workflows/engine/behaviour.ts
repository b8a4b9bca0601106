/** What one kind of element does. One file per kind in `elements/`; the registry is `elements/index.ts`. */
import type { Variables } from './contract.ts'
import type { ElementOf, ElementType } from './model.ts'
import type { Run, Token } from './run.ts'
import type { Activation } from './state.ts'

export interface Behaviour<T extends ElementType> {
  /** Instead of the usual life (activate, map, subscribe, execute): gateways that merge, and the like. */
  arrive?(run: Run, token: Token, element: ElementOf<T>): void
  /** The element is active and its inputs are mapped. Completes at once, opens a wait, or starts children. May throw StallError. */
  execute(run: Run, activation: Activation, element: ElementOf<T>): void
  /** A scope has nothing left to run. Absent: it completes. */
  onEmpty?(run: Run, activation: Activation, element: ElementOf<T>): void
  /** A child or token of the scope is gone, others may be left. */
  onChild?(run: Run, activation: Activation, element: ElementOf<T>): void
  /** Its own wait was triggered. Absent: it completes with the variables that came. */
  onTrigger?(run: Run, activation: Activation, element: ElementOf<T>, variables: Variables): void
  /** Instead of merging `pending` outward by the usual rule. */
  mapOutputs?(run: Run, activation: Activation, element: ElementOf<T>): void
  /** Has children and variables of its own. */
  isScope?: boolean
}
