/** Cases of mode `simulation`: not run yet. */
import type { Case, Outcome } from './cases.ts'

export async function runSimulationCase(_file: string, _test: Case): Promise<Outcome> {
  return { verdict: 'skipped', reason: 'simulated models (tasks and gateways without definitions) are not run yet' }
}
