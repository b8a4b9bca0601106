/** What a change's process begins with: every variable that its diagrams look at has a value, if only null. */
import type { Variables } from '#schema/json'
import type { ChangeType } from '#schema/change'

/** @param given what is known at the opening; the rest is empty */
export const changeDefaults = (given: Variables & { changeType: ChangeType }): Variables => ({
  templateId: null,
  justification: null,
  ciIds: [],
  dependsOn: [],
  plannedStart: null,
  plannedEnd: null,
  implementerId: null,
  implementationPlan: null,
  backoutPlan: null,
  risk: null,
  riskCalculated: null,
  riskQuestionnaire: null,
  conflictsAccepted: false,
  isUnauthorised: false,
  ...given,
})
