/** Answers to what contracts and licences ask, as data. */
import type { Variables } from '../schema/json.ts'

export interface AgreementAnswer {
  processId: string
  /** Who answers when nobody has been asked by name. */
  steps: { elementId: string; actorId: string; values: Variables }[]
}

const withdrawn = { elementId: 'withdraw', actorId: 'sofia', values: { isWithdrawn: true } }
const answered = (isStillNeeded: 'yes' | 'no', keepReason?: string) => ({
  elementId: 'answer',
  actorId: 'sofia',
  values: { isStillNeeded, ...(keepReason === undefined ? {} : { keepReason }) },
})
export const agreementAnswers: readonly AgreementAnswer[] = [
  {
    processId: 'contract-decision',
    steps: [
      { elementId: 'decide', actorId: 'karim', values: { contractDecision: 'renew', resolution: 'Serveurs gardés deux ans de plus.' } },
    ],
  },
  { processId: 'licence-reclaim', steps: [answered('no'), withdrawn] },
  { processId: 'licence-reclaim', steps: [answered('no')] },
  { processId: 'licence-reclaim', steps: [answered('yes', 'Sert à chaque clôture trimestrielle.')] },
]
