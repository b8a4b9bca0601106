/** What everybody has: the portal, what one is asked to decide, what one is told. Pages are loaded when first opened. */
import { createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router'
import { homeOf } from '../shell/home.ts'
import { common } from './common.tsx'

const homeRoute = createRoute({
  ...common,
  path: '/',
  beforeLoad: ({ context }) => {
    throw redirect({ to: homeOf(context.person) })
  },
})
const portalRoute = createRoute({
  ...common,
  path: '/portal',
  component: lazyRouteComponent(() => import('../pages/portal/portal-page.tsx'), 'PortalPage'),
})
const reportRoute = createRoute({
  ...common,
  path: '/portal/new',
  component: lazyRouteComponent(() => import('../pages/portal/report-page.tsx'), 'ReportPage'),
})
const knownProblemsRoute = createRoute({
  ...common,
  path: '/portal/known-errors',
  component: lazyRouteComponent(() => import('../pages/portal/known-problems.tsx'), 'KnownProblemsPage'),
})
const requestRoute = createRoute({
  ...common,
  path: '/portal/tickets/$id',
  component: lazyRouteComponent(() => import('../pages/portal/request-page.tsx'), 'RequestPage'),
})
const notificationsRoute = createRoute({
  ...common,
  path: '/notifications',
  component: lazyRouteComponent(() => import('../pages/notifications-page.tsx'), 'NotificationsPage'),
})
const catalogueRoute = createRoute({
  ...common,
  path: '/portal/catalogue',
  component: lazyRouteComponent(() => import('../pages/catalogue/catalogue-page.tsx'), 'CataloguePage'),
})
const catalogueItemRoute = createRoute({
  ...common,
  path: '/portal/catalogue/$id',
  component: lazyRouteComponent(() => import('../pages/catalogue/item-page.tsx'), 'ItemPage'),
})
const cartRoute = createRoute({
  ...common,
  path: '/portal/cart',
  component: lazyRouteComponent(() => import('../pages/catalogue/cart-page.tsx'), 'CartPage'),
})
const ordersRoute = createRoute({
  ...common,
  path: '/portal/orders',
  component: lazyRouteComponent(() => import('../pages/catalogue/orders-page.tsx'), 'OrdersPage'),
})
const myAccessRoute = createRoute({
  ...common,
  path: '/portal/access',
  component: lazyRouteComponent(() => import('../pages/access/my-access-page.tsx'), 'MyAccessPage'),
})
const reviewsRoute = createRoute({
  ...common,
  path: '/access/reviews',
  component: lazyRouteComponent(() => import('../pages/access/reviews-page.tsx'), 'ReviewsPage'),
})
const approvalsRoute = createRoute({
  ...common,
  path: '/approvals',
  component: lazyRouteComponent(() => import('../pages/approvals/approvals-page.tsx'), 'ApprovalsPage'),
})
const delegationsRoute = createRoute({
  ...common,
  path: '/delegations',
  component: lazyRouteComponent(() => import('../pages/approvals/delegations-page.tsx'), 'DelegationsPage'),
})

export const portalRoutes = [
  homeRoute,
  portalRoute,
  reportRoute,
  knownProblemsRoute,
  requestRoute,
  notificationsRoute,
  catalogueRoute,
  catalogueItemRoute,
  cartRoute,
  ordersRoute,
  myAccessRoute,
  reviewsRoute,
  approvalsRoute,
  delegationsRoute,
] as const
