import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { Actor, Role } from '#schema/role'
import type { Db } from '../store/database.ts'
import { choice } from './replay-plan.ts'
import { ImportRefused } from './rejection.ts'

/** Who plays the source's anonymous callers and resolvers: the people of this desk. */
export interface Cast {
  requesterFor(sourceCaller: string): Actor
  /** An agent of the group; any agent where nobody is in it. */
  agentFor(groupId: string | null, reference: string): Actor
  groupFor(sourceGroup: string): string
  categoryFor(sourceCategory: string): string
}

/** The desk's categories, as its forms offer them. */
const optionsPath = join(import.meta.dirname, '../../definitions/seed/options.json')
const Options = z.object({ categories: z.array(z.object({ value: z.string() })).min(1) })

/** Reads the desk's active people. Throws ImportRefused when there is nobody to play. */
export async function castReplay(db: Db): Promise<Cast> {
  const people = await db.selectFrom('person').select(['id', 'name', 'roles']).where('isActive', '=', true).orderBy('id').execute()
  const members = await db.selectFrom('groupMember').select(['groupId', 'personId']).orderBy('groupId').execute()
  const actors: Actor[] = people.map(({ id, name, roles }) => ({
    id,
    name,
    roles: roles as Role[],
    groups: members.filter((one) => one.personId === id).map((one) => one.groupId),
  }))
  const agents = actors.filter(({ roles, groups }) => roles.includes('agent') && !roles.includes('processOwner') && groups.length > 0)
  const requesters = actors.filter(
    ({ roles }) => roles.includes('requester') && !roles.includes('agent') && !roles.includes('administrator'),
  )
  const groups = [...new Set(agents.flatMap((agent) => agent.groups))].sort()
  if (agents.length === 0 || requesters.length === 0)
    throw new ImportRefused(
      'the desk has no agents or no requesters to play the replay',
      'start Guichet with npm start, which sets up its demonstration people',
    )
  const { categories } = Options.parse(JSON.parse(await readFile(optionsPath, 'utf8')))
  const pick = <T>(from: readonly T[], text: string): T => {
    const one = from[choice(text, from.length)]
    if (one === undefined) throw new Error('expected somebody to choose from, found nobody')
    return one
  }
  return {
    requesterFor: (caller) => pick(requesters, caller),
    agentFor(groupId, reference) {
      const inGroup = agents.filter((agent) => groupId !== null && agent.groups.includes(groupId))
      return pick(inGroup.length > 0 ? inGroup : agents, reference)
    },
    groupFor: (sourceGroup) => pick(groups, sourceGroup),
    categoryFor: (sourceCategory) => pick(categories, sourceCategory).value,
  }
}
