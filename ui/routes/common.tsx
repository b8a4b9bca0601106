/** What all addresses hang on: the frame of those who have signed in, and who may open a page. */
import { createRootRoute, createRoute, Outlet, redirect } from '@tanstack/react-router'
import type { Role } from '#schema/role'
import type { PersonView } from '#schema/view'
import { queryClient } from '../client/query-client.ts'
import { hasRole, sessionQuery } from '../client/session.ts'
import { FailurePage, NotFoundPage } from '../shell/failure-pages.tsx'
import { Shell } from '../shell/shell.tsx'
import { PageSkeleton } from '../templates/states.tsx'

export class Forbidden extends Error {
  override readonly name = 'Forbidden'
}

export const rootRoute = createRootRoute({ component: Outlet, notFoundComponent: NotFoundPage, errorComponent: FailurePage })

export const appRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'app',
  component: Shell,
  beforeLoad: async ({ location }) => {
    const person = await queryClient.ensureQueryData(sessionQuery)
    if (!person) throw redirect({ to: '/sign-in', search: location.href === '/' ? {} : { next: location.href } })
    return { person }
  },
})

export const allow =
  (...roles: Role[]) =>
  ({ context }: { context: { person: PersonView } }): void => {
    if (!hasRole(context.person, ...roles)) throw new Forbidden()
  }
export const common = { getParentRoute: () => appRoute, pendingComponent: PageSkeleton }
export const staff: Role[] = ['agent', 'processOwner', 'auditor', 'administrator']
