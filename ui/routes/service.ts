/** Changes, problems, major incidents and access rights. Pages are loaded when first opened. */
import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { allow, common, staff } from './common.tsx'
import { text } from './searches.ts'

const recurrenceRulesRoute = createRoute({
  ...common,
  path: '/problems/rules',
  beforeLoad: allow(...staff),
  component: lazyRouteComponent(() => import('../pages/problems/rules-page.tsx'), 'RulesPage'),
})
const newProblemRoute = createRoute({
  ...common,
  path: '/problems/new',
  beforeLoad: allow('agent', 'processOwner', 'administrator'),
  validateSearch: (search: Record<string, unknown>): { from?: string } => {
    const from = text(search.from)
    return from === undefined ? {} : { from }
  },
  component: lazyRouteComponent(() => import('../pages/problems/new-problem-page.tsx'), 'NewProblemPage'),
})
const problemsRoute = createRoute({
  ...common,
  path: '/problems',
  beforeLoad: allow(...staff),
  component: lazyRouteComponent(() => import('../pages/problems/problems-page.tsx'), 'ProblemsPage'),
})
const knownErrorsRoute = createRoute({
  ...common,
  path: '/known-errors',
  beforeLoad: allow(...staff),
  component: lazyRouteComponent(() => import('../pages/problems/known-errors-page.tsx'), 'KnownErrorsPage'),
})
const knownErrorRoute = createRoute({
  ...common,
  path: '/known-errors/$id',
  beforeLoad: allow(...staff),
  component: lazyRouteComponent(() => import('../pages/problems/known-error-page.tsx'), 'KnownErrorPage'),
})
const rightsRoute = createRoute({
  ...common,
  path: '/access/rights',
  beforeLoad: allow(...staff),
  component: lazyRouteComponent(() => import('../pages/access/rights-page.tsx'), 'RightsPage'),
})
const campaignsRoute = createRoute({
  ...common,
  path: '/access/campaigns',
  beforeLoad: allow(...staff),
  component: lazyRouteComponent(() => import('../pages/access/campaigns-page.tsx'), 'CampaignsPage'),
})
const campaignRoute = createRoute({
  ...common,
  path: '/access/campaigns/$id',
  beforeLoad: allow(...staff),
  component: lazyRouteComponent(() => import('../pages/access/campaign-page.tsx'), 'CampaignPage'),
})
const majorsRoute = createRoute({
  ...common,
  path: '/majors',
  beforeLoad: allow(...staff),
  component: lazyRouteComponent(() => import('../pages/majors/majors-page.tsx'), 'MajorsPage'),
})
const changesRoute = createRoute({
  ...common,
  path: '/changes',
  beforeLoad: allow(...staff),
  component: lazyRouteComponent(() => import('../pages/changes/change-list-page.tsx'), 'ChangeListPage'),
})
const newChangeRoute = createRoute({
  ...common,
  path: '/changes/new',
  validateSearch: (search: Record<string, unknown>): { template?: string } => {
    const template = text(search.template)
    return template === undefined ? {} : { template }
  },
  component: lazyRouteComponent(() => import('../pages/changes/new-change-page.tsx'), 'NewChangePage'),
})
const changeCalendarRoute = createRoute({
  ...common,
  path: '/changes/calendar',
  beforeLoad: allow(...staff),
  component: lazyRouteComponent(() => import('../pages/changes/calendar-page.tsx'), 'ChangeCalendarPage'),
})
const changeTemplatesRoute = createRoute({
  ...common,
  path: '/changes/templates',
  beforeLoad: allow(...staff),
  component: lazyRouteComponent(() => import('../pages/changes/templates-page.tsx'), 'TemplatesPage'),
})
const changeWindowsRoute = createRoute({
  ...common,
  path: '/changes/windows',
  beforeLoad: allow(...staff),
  component: lazyRouteComponent(() => import('../pages/changes/windows-page.tsx'), 'WindowsPage'),
})
const cabRoute = createRoute({
  ...common,
  path: '/cab',
  beforeLoad: allow(...staff),
  component: lazyRouteComponent(() => import('../pages/changes/cab-page.tsx'), 'CabPage'),
})
const meetingRoute = createRoute({
  ...common,
  path: '/cab/$id',
  beforeLoad: allow(...staff),
  component: lazyRouteComponent(() => import('../pages/changes/meeting-page.tsx'), 'MeetingPage'),
})

export const serviceRoutes = [
  recurrenceRulesRoute,
  newProblemRoute,
  problemsRoute,
  knownErrorsRoute,
  knownErrorRoute,
  rightsRoute,
  campaignsRoute,
  campaignRoute,
  majorsRoute,
  changesRoute,
  newChangeRoute,
  changeCalendarRoute,
  changeTemplatesRoute,
  changeWindowsRoute,
  cabRoute,
  meetingRoute,
] as const
