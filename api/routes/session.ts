import { z } from 'zod'
import { PersonView } from '#schema/view'
import { defineRoute, type Route } from '../route.ts'

export const sessionRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: '/session',
    access: 'anyone',
    tag: 'Session',
    summary: 'Who is signed in',
    response: PersonView,
    handle: async ({ caller }) => caller.person,
  }),
  defineRoute({
    method: 'patch',
    path: '/session',
    access: 'anyone',
    tag: 'Session',
    summary: 'Change one’s own language',
    body: z.strictObject({ locale: z.enum(['fr', 'en']) }),
    response: PersonView,
    handle: async ({ deps, caller, body }) => {
      await deps.db
        .updateTable('person')
        .set({ locale: body.locale, updatedAt: new Date(deps.clock()) })
        .where('id', '=', caller.actor.id)
        .execute()
      return { ...caller.person, locale: body.locale }
    },
  }),
]
