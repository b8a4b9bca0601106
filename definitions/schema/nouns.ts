import { ciRelation, configurationItem } from './configuration-item.ts'
import type { Noun } from './noun.ts'
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
  service,
  'configuration-item': configurationItem,
  'ci-relation': ciRelation,
} satisfies Record<string, Noun>
export type NounId = keyof typeof nouns

export const nounList: readonly Noun[] = Object.values(nouns)
export const isNounId = (id: string): id is NounId => Object.hasOwn(nouns, id)
export const nounOf = (id: string): Noun | undefined => (isNounId(id) ? nouns[id] : undefined)
export const nounByPath = (path: string): Noun | undefined => nounList.find((noun) => noun.path === path)
