/** Answers to what contracts and licences ask, as data. */
import type { Variables } from '../schema/json.ts'

export interface AgreementAnswer {
  processId: string
  /** Who answers when nobody has been asked by name. */
  steps: { elementId: string; actorId: string; values: Variables }[]
}

export const agreementAnswers: readonly AgreementAnswer[] = [
  {
    processId: 'contract-decision',
    steps: [
      { elementId: 'decide', actorId: 'karim', values: { contractDecision: 'renew', resolution: 'Serveurs gardés deux ans de plus.' } },
    ],
  },
  { processId: 'licence-reclaim', steps: [{ elementId: 'answer', actorId: 'sofia', values: { isStillNeeded: 'no' } }] },
]
