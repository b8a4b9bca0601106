/** Every address of the UI. */
import { createRouter } from '@tanstack/react-router'
import { isProblem } from './client/http.ts'
import { adminRoutes } from './routes/admin.ts'
import { appRoute, Forbidden, rootRoute } from './routes/common.tsx'
import { portalRoutes } from './routes/portal.ts'
import { publicRoutes } from './routes/public.ts'
import { serviceRoutes } from './routes/service.ts'
import { steerRoutes } from './routes/steer.ts'
import { workRoutes } from './routes/work.ts'
import { ForbiddenPage, FailurePage, NotFoundPage } from './shell/failure-pages.tsx'
import { PageSkeleton } from './templates/states.tsx'

const routeTree = rootRoute.addChildren([
  ...publicRoutes,
  appRoute.addChildren([...portalRoutes, ...workRoutes, ...serviceRoutes, ...steerRoutes, ...adminRoutes]),
])

export const router = createRouter({
  routeTree,
  defaultPreload: 'intent',
  defaultPendingMs: 300,
  defaultPendingComponent: PageSkeleton,
  defaultNotFoundComponent: NotFoundPage,
  defaultErrorComponent: ({ error, reset }) =>
    error instanceof Forbidden || (isProblem(error) && error.status === 403) ? (
      <ForbiddenPage />
    ) : (
      <FailurePage error={error} reset={reset} />
    ),
  scrollRestoration: true,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
