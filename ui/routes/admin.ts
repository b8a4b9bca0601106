/** The administrator’s pages. Pages are loaded when first opened. */
import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { allow, common } from './common.tsx'

const admin = { ...common, beforeLoad: allow('administrator') }

const desksRoute = createRoute({
  ...admin,
  path: '/admin/desks',
  component: lazyRouteComponent(() => import('../pages/admin/desks-page.tsx'), 'DesksPage'),
})
const peopleRoute = createRoute({
  ...admin,
  path: '/admin/people',
  component: lazyRouteComponent(() => import('../pages/admin/people-page.tsx'), 'PeoplePage'),
})
const groupsRoute = createRoute({
  ...admin,
  path: '/admin/groups',
  component: lazyRouteComponent(() => import('../pages/admin/groups-page.tsx'), 'GroupsPage'),
})
const apiKeysRoute = createRoute({
  ...admin,
  path: '/admin/api-keys',
  component: lazyRouteComponent(() => import('../pages/admin/api-keys-page.tsx'), 'ApiKeysPage'),
})
const jobsRoute = createRoute({
  ...common,
  beforeLoad: allow('administrator', 'processOwner'),
  path: '/admin/jobs',
  component: lazyRouteComponent(() => import('../pages/admin/jobs-page.tsx'), 'JobsPage'),
})
const mailRoute = createRoute({
  ...admin,
  path: '/mail',
  component: lazyRouteComponent(() => import('../pages/admin/mail-page.tsx'), 'MailPage'),
})
const rejectedMailRoute = createRoute({
  ...admin,
  path: '/mail/rejected',
  component: lazyRouteComponent(() => import('../pages/admin/rejected-mail-page.tsx'), 'RejectedMailPage'),
})

export const adminRoutes = [desksRoute, peopleRoute, groupsRoute, apiKeysRoute, jobsRoute, mailRoute, rejectedMailRoute] as const
