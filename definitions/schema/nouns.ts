import { absence } from './absence.ts'
import { asset } from './asset.ts'
import { ciRelation, configurationItem } from './configuration-item.ts'
import { customer } from './customer.ts'
import { installation, licence } from './licence.ts'
import { maintenanceContract } from './maintenance-contract.ts'
import type { Noun } from './noun.ts'
import { onCallOverride, onCallRotation } from './on-call.ts'
import { group, person } from './person.ts'
import { service } from './service.ts'
import { site } from './site.ts'
import { skill } from './skill.ts'
import { supplier } from './supplier.ts'

/** Every noun of the register; what is named comes before what names it. */
export const nouns = {
  site,
  skill,
  group,
  person,
  supplier,
  customer,
  service,
  'configuration-item': configurationItem,
  'ci-relation': ciRelation,
  asset,
  licence,
  installation,
  'maintenance-contract': maintenanceContract,
  'on-call-rotation': onCallRotation,
  'on-call-override': onCallOverride,
  absence,
} satisfies Record<string, Noun>
export type NounId = keyof typeof nouns

export const nounList: readonly Noun[] = Object.values(nouns)
export const isNounId = (id: string): id is NounId => Object.hasOwn(nouns, id)
export const nounOf = (id: string): Noun | undefined => (isNounId(id) ? nouns[id] : undefined)
export const nounByPath = (path: string): Noun | undefined => nounList.find((noun) => noun.path === path)
