/** Pages that open without a sign-in. Pages are loaded when first opened. */
import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { rootRoute } from './common.tsx'

const signInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sign-in',
  validateSearch: (search: Record<string, unknown>): { next?: string } =>
    typeof search.next === 'string' && search.next.startsWith('/') && !search.next.startsWith('//') ? { next: search.next } : {},
  component: lazyRouteComponent(() => import('../pages/sign-in-page.tsx'), 'SignInPage'),
})
const surveyRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/survey/$token',
  component: lazyRouteComponent(() => import('../pages/survey-page.tsx'), 'SurveyPage'),
})
const approveLinkRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/approve/$token',
  component: lazyRouteComponent(() => import('../pages/approvals/approve-link-page.tsx'), 'ApproveLinkPage'),
})
const kioskRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/kiosk/$token',
  component: lazyRouteComponent(() => import('../pages/kiosk-page.tsx'), 'KioskPage'),
})
const unsubscribeRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/unsubscribe/$token',
  component: lazyRouteComponent(() => import('../pages/unsubscribe-page.tsx'), 'UnsubscribePage'),
})
const statusRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/status',
  component: lazyRouteComponent(() => import('../pages/status/status-page.tsx'), 'StatusPage'),
})

export const publicRoutes = [signInRoute, surveyRoute, approveLinkRoute, kioskRoute, unsubscribeRoute, statusRoute] as const
