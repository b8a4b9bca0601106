import { z } from 'zod'
import { ProfilePreview, ProfileView } from '#schema/access'
import { Page } from '#schema/view'
import { listProfiles, previewProfile, saveProfile } from '../../activities/store/access/profiles.ts'
import type { Db } from '../deps.ts'
import { ApiProblem } from '../problem.ts'
import { defineRoute, type Route } from '../route.ts'

const tag = 'Access rights'
const readers = ['agent', 'processOwner', 'auditor', 'administrator'] as const
const writers = ['processOwner', 'administrator'] as const
const EntitlementIds = z.array(z.string().min(1).max(100)).max(200)
const ProfileBody = z.strictObject({
  nameFr: z.string().trim().min(1).max(200),
  nameEn: z.string().trim().min(1).max(200),
  entitlementIds: EntitlementIds,
})

/** Every right must be there, and once. */
async function checkRights(db: Db, ids: readonly string[]): Promise<void> {
  const known = new Set((await db.selectFrom('entitlement').select('id').execute()).map(({ id }) => id))
  const places = ids.flatMap((id, index) => {
    const code = !known.has(id) ? 'entitlementNotFound' : ids.indexOf(id) < index ? 'entitlementTwice' : null
    return code === null ? [] : [{ path: `entitlementIds.${index}`, code, message: id }]
  })
  if (places.length > 0) throw new ApiProblem(422, 'invalidProfile', { errors: places })
}

export const accessProfileRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: '/access/profiles',
    access: readers,
    tag,
    summary: 'Job profiles: the rights that come with each job',
    response: Page(ProfileView),
    handle: async ({ deps, locale }) => {
      const items = await listProfiles(deps.db, locale)
      return { items, nextCursor: null, total: items.length }
    },
  }),
  defineRoute({
    method: 'post',
    path: '/access/profiles/{id}',
    access: writers,
    tag,
    summary: 'Add or change a job profile; who has the job already keeps what he has until he moves',
    params: z.object({ id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/) }),
    body: ProfileBody,
    response: ProfileView,
    problems: { 422: ['invalidProfile'] },
    handle: async ({ deps, params, body, caller, locale }) => {
      await checkRights(deps.db, body.entitlementIds)
      await saveProfile(deps.db, params.id, body, caller.actor.id, deps.clock())
      return (await listProfiles(deps.db, locale)).find(({ id }) => id === params.id)
    },
  }),
  defineRoute({
    method: 'post',
    path: '/access/profile-preview',
    access: readers,
    tag,
    summary: 'What these rights would give a joiner, or change for somebody who moves to the job; nothing is done',
    body: z.strictObject({ entitlementIds: EntitlementIds, personId: z.string().max(100).nullable().default(null) }),
    response: ProfilePreview,
    problems: { 422: ['invalidProfile', 'personNotFound'] },
    handle: async ({ deps, body, locale }) => {
      await checkRights(deps.db, body.entitlementIds)
      const { personId } = body
      if (personId !== null && !(await deps.db.selectFrom('person').select('id').where('id', '=', personId).executeTakeFirst()))
        throw new ApiProblem(422, 'personNotFound', {
          params: { id: personId },
          errors: [{ path: 'personId', code: 'personNotFound', message: personId }],
        })
      return previewProfile(deps.db, body.entitlementIds, personId, locale)
    },
  }),
]
