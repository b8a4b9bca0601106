import type { Role } from '#schema/role'

export type Home = '/queue' | '/studio' | '/audit' | '/admin/people' | '/portal'
/** Whoever has several roles starts where the one that few have is at work: an owner of processes who also takes tickets finds the queue one click away. */
const homes: readonly [Role, Home][] = [
  ['processOwner', '/studio'],
  ['agent', '/queue'],
  ['auditor', '/audit'],
  ['administrator', '/admin/people'],
]

/** Where each kind of person starts. */
export const homeOf = ({ roles }: { roles: readonly Role[] }): Home => homes.find(([role]) => roles.includes(role))?.[1] ?? '/portal'
