/** Every address of the UI, and who may open it. Pages are loaded when first opened. */
import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Outlet, redirect } from '@tanstack/react-router'
import type { Role } from '#schema/role'
import type { PersonView } from '#schema/view'
import { isProblem } from './client/http.ts'
import { queryClient } from './client/query-client.ts'
import { hasRole, sessionQuery } from './client/session.ts'
import { ForbiddenPage, FailurePage, NotFoundPage } from './shell/failure-pages.tsx'
import { homeOf } from './shell/home.ts'
import { Shell } from './shell/shell.tsx'
import { PageSkeleton } from './templates/states.tsx'

class Forbidden extends Error {
  override readonly name = 'Forbidden'
}

const rootRoute = createRootRoute({ component: Outlet, notFoundComponent: NotFoundPage, errorComponent: FailurePage })

const signInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sign-in',
  validateSearch: (search: Record<string, unknown>): { next?: string } =>
    typeof search.next === 'string' && search.next.startsWith('/') && !search.next.startsWith('//') ? { next: search.next } : {},
  component: lazyRouteComponent(() => import('./pages/sign-in-page.tsx'), 'SignInPage'),
})
const surveyRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/survey/$token',
  component: lazyRouteComponent(() => import('./pages/survey-page.tsx'), 'SurveyPage'),
})
const approveLinkRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/approve/$token',
  component: lazyRouteComponent(() => import('./pages/approvals/approve-link-page.tsx'), 'ApproveLinkPage'),
})
const kioskRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/kiosk/$token',
  component: lazyRouteComponent(() => import('./pages/kiosk-page.tsx'), 'KioskPage'),
})
const unsubscribeRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/unsubscribe/$token',
  component: lazyRouteComponent(() => import('./pages/unsubscribe-page.tsx'), 'UnsubscribePage'),
})

const statusRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/status',
  component: lazyRouteComponent(() => import('./pages/status/status-page.tsx'), 'StatusPage'),
})

const appRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'app',
  component: Shell,
  beforeLoad: async ({ location }) => {
    const person = await queryClient.ensureQueryData(sessionQuery)
    if (!person) throw redirect({ to: '/sign-in', search: location.href === '/' ? {} : { next: location.href } })
    return { person }
  },
})

const allow =
  (...roles: Role[]) =>
  ({ context }: { context: { person: PersonView } }): void => {
    if (!hasRole(context.person, ...roles)) throw new Forbidden()
  }
const common = { getParentRoute: () => appRoute, pendingComponent: PageSkeleton }
const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : undefined

export interface QueueSearch {
  view?: string
  status?: string
  priority?: string
  group?: string
  /** Id of a configuration item. */
  ci?: string
  desk?: string
  q?: string
  sort?: string
  /** From a figure: the list it counts. */
  from?: string
  to?: string
  metric?: string
  source?: string
  vip?: string
}
const queueSearch = (search: Record<string, unknown>): QueueSearch => {
  const found: QueueSearch = {}
  for (const name of ['view', 'status', 'priority', 'group', 'ci', 'desk', 'q', 'sort', 'from', 'to', 'metric', 'source', 'vip'] as const) {
    const value = text(search[name])
    if (value !== undefined) found[name] = value
  }
  return found
}

/** Search, order and filters of a register list: the noun says which names count. On a new record: what it begins with. */
export type RegisterSearch = Record<string, string | undefined>
const registerSearch = (search: Record<string, unknown>): RegisterSearch =>
  Object.fromEntries(Object.entries(search).flatMap(([name, value]) => (text(value) === undefined ? [] : [[name, text(value)]])))

export interface InteractionSearch {
  q?: string | undefined
  desk?: string | undefined
  channel?: string | undefined
  state?: string | undefined
  /** From a figure: the list it counts. */
  metric?: string | undefined
  from?: string | undefined
}
const interactionSearch = (search: Record<string, unknown>): InteractionSearch => {
  const found: InteractionSearch = {}
  for (const name of ['q', 'desk', 'channel', 'state', 'metric', 'from'] as const) {
    const value = text(search[name])
    if (value !== undefined) found[name] = value
  }
  return found
}

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
  component: lazyRouteComponent(() => import('./pages/portal/portal-page.tsx'), 'PortalPage'),
})
const reportRoute = createRoute({
  ...common,
  path: '/portal/new',
  component: lazyRouteComponent(() => import('./pages/portal/report-page.tsx'), 'ReportPage'),
})
const knownProblemsRoute = createRoute({
  ...common,
  path: '/portal/known-errors',
  component: lazyRouteComponent(() => import('./pages/portal/known-problems.tsx'), 'KnownProblemsPage'),
})
const requestRoute = createRoute({
  ...common,
  path: '/portal/tickets/$id',
  component: lazyRouteComponent(() => import('./pages/portal/request-page.tsx'), 'RequestPage'),
})
const notificationsRoute = createRoute({
  ...common,
  path: '/notifications',
  component: lazyRouteComponent(() => import('./pages/notifications-page.tsx'), 'NotificationsPage'),
})

const catalogueRoute = createRoute({
  ...common,
  path: '/portal/catalogue',
  component: lazyRouteComponent(() => import('./pages/catalogue/catalogue-page.tsx'), 'CataloguePage'),
})
const catalogueItemRoute = createRoute({
  ...common,
  path: '/portal/catalogue/$id',
  component: lazyRouteComponent(() => import('./pages/catalogue/item-page.tsx'), 'ItemPage'),
})
const cartRoute = createRoute({
  ...common,
  path: '/portal/cart',
  component: lazyRouteComponent(() => import('./pages/catalogue/cart-page.tsx'), 'CartPage'),
})
const ordersRoute = createRoute({
  ...common,
  path: '/portal/orders',
  component: lazyRouteComponent(() => import('./pages/catalogue/orders-page.tsx'), 'OrdersPage'),
})
const myAccessRoute = createRoute({
  ...common,
  path: '/portal/access',
  component: lazyRouteComponent(() => import('./pages/access/my-access-page.tsx'), 'MyAccessPage'),
})
const reviewsRoute = createRoute({
  ...common,
  path: '/access/reviews',
  component: lazyRouteComponent(() => import('./pages/access/reviews-page.tsx'), 'ReviewsPage'),
})

const staff: Role[] = ['agent', 'processOwner', 'auditor', 'administrator']
const queueRoute = createRoute({
  ...common,
  path: '/queue',
  validateSearch: queueSearch,
  beforeLoad: allow(...staff),
  component: lazyRouteComponent(() => import('./pages/queue/queue-page.tsx'), 'QueuePage'),
})
const ticketRoute = createRoute({
  ...common,
  path: '/tickets/$id',
  validateSearch: (search: Record<string, unknown>): { tab?: string } => {
    const tab = text(search.tab)
    return tab === undefined ? {} : { tab }
  },
  beforeLoad: ({ context, params }) => {
    if (!hasRole(context.person, ...staff)) throw redirect({ to: '/portal/tickets/$id', params })
  },
  component: lazyRouteComponent(() => import('./pages/ticket/ticket-page.tsx'), 'TicketPage'),
})
const approvalsRoute = createRoute({
  ...common,
  path: '/approvals',
  component: lazyRouteComponent(() => import('./pages/approvals/approvals-page.tsx'), 'ApprovalsPage'),
})
const recurrenceRulesRoute = createRoute({
  ...common,
  path: '/problems/rules',
  beforeLoad: allow(...staff),
  component: lazyRouteComponent(() => import('./pages/problems/rules-page.tsx'), 'RulesPage'),
})
const newProblemRoute = createRoute({
  ...common,
  path: '/problems/new',
  beforeLoad: allow('agent', 'processOwner', 'administrator'),
  validateSearch: (search: Record<string, unknown>): { from?: string } => {
    const from = text(search.from)
    return from === undefined ? {} : { from }
  },
  component: lazyRouteComponent(() => import('./pages/problems/new-problem-page.tsx'), 'NewProblemPage'),
})
const problemsRoute = createRoute({
  ...common,
  path: '/problems',
  beforeLoad: allow(...staff),
  component: lazyRouteComponent(() => import('./pages/problems/problems-page.tsx'), 'ProblemsPage'),
})
const knownErrorsRoute = createRoute({
  ...common,
  path: '/known-errors',
  beforeLoad: allow(...staff),
  component: lazyRouteComponent(() => import('./pages/problems/known-errors-page.tsx'), 'KnownErrorsPage'),
})
const knownErrorRoute = createRoute({
  ...common,
  path: '/known-errors/$id',
  beforeLoad: allow(...staff),
  component: lazyRouteComponent(() => import('./pages/problems/known-error-page.tsx'), 'KnownErrorPage'),
})
const delegationsRoute = createRoute({
  ...common,
  path: '/delegations',
  component: lazyRouteComponent(() => import('./pages/approvals/delegations-page.tsx'), 'DelegationsPage'),
})
const interactionsRoute = createRoute({
  ...common,
  path: '/interactions',
  validateSearch: interactionSearch,
  beforeLoad: allow('agent', 'administrator', 'auditor'),
  component: lazyRouteComponent(() => import('./pages/interactions/interactions-page.tsx'), 'InteractionsPage'),
})
const personContactsRoute = createRoute({
  ...common,
  path: '/people/$id/contacts',
  beforeLoad: allow('agent', 'administrator', 'auditor'),
  component: lazyRouteComponent(() => import('./pages/interactions/person-contacts-page.tsx'), 'PersonContactsPage'),
})
const tasksRoute = createRoute({
  ...common,
  path: '/tasks',
  beforeLoad: allow('agent', 'administrator'),
  component: lazyRouteComponent(() => import('./pages/tasks-page.tsx'), 'TasksPage'),
})
const boardRoute = createRoute({
  ...common,
  path: '/board',
  beforeLoad: allow(...staff),
  component: lazyRouteComponent(() => import('./pages/board-page.tsx'), 'TicketBoardPage'),
})

const rightsRoute = createRoute({
  ...common,
  path: '/access/rights',
  beforeLoad: allow(...staff),
  component: lazyRouteComponent(() => import('./pages/access/rights-page.tsx'), 'RightsPage'),
})
const campaignsRoute = createRoute({
  ...common,
  path: '/access/campaigns',
  beforeLoad: allow(...staff),
  component: lazyRouteComponent(() => import('./pages/access/campaigns-page.tsx'), 'CampaignsPage'),
})
const campaignRoute = createRoute({
  ...common,
  path: '/access/campaigns/$id',
  beforeLoad: allow(...staff),
  component: lazyRouteComponent(() => import('./pages/access/campaign-page.tsx'), 'CampaignPage'),
})
const majorsRoute = createRoute({
  ...common,
  path: '/majors',
  beforeLoad: allow(...staff),
  component: lazyRouteComponent(() => import('./pages/majors/majors-page.tsx'), 'MajorsPage'),
})

const figuresRoute = createRoute({
  ...common,
  path: '/figures',
  beforeLoad: allow(...staff),
  component: lazyRouteComponent(() => import('./pages/reports/figures-page.tsx'), 'FiguresPage'),
})
const serviceLevelsRoute = createRoute({
  ...common,
  path: '/service-levels',
  beforeLoad: allow(...staff),
  component: lazyRouteComponent(() => import('./pages/service-levels/service-levels-page.tsx'), 'ServiceLevelsPage'),
})
const studioRoute = createRoute({
  ...common,
  path: '/studio',
  beforeLoad: allow('processOwner', 'administrator', 'agent', 'auditor'),
  component: lazyRouteComponent(() => import('./pages/studio/studio-list-page.tsx'), 'StudioListPage'),
})
const definitionRoute = createRoute({
  ...common,
  path: '/studio/$kind/$id',
  beforeLoad: allow('processOwner', 'administrator', 'agent', 'auditor'),
  component: lazyRouteComponent(() => import('./pages/studio/studio-page.tsx'), 'StudioPage'),
})
const moveTicketsRoute = createRoute({
  ...common,
  path: '/studio/process/$id/move',
  beforeLoad: allow('processOwner', 'administrator'),
  component: lazyRouteComponent(() => import('./pages/studio/move-tickets-page.tsx'), 'MoveTicketsPage'),
})
const auditRoute = createRoute({
  ...common,
  path: '/audit',
  beforeLoad: allow('auditor'),
  component: lazyRouteComponent(() => import('./pages/audit/ledger-page.tsx'), 'LedgerPage'),
})
const historyRoute = createRoute({
  ...common,
  path: '/audit/tickets/$id',
  beforeLoad: allow(...staff),
  component: lazyRouteComponent(() => import('./pages/audit/history-page.tsx'), 'HistoryPage'),
})

const nounRoute = createRoute({
  ...common,
  path: '/register/$path',
  validateSearch: registerSearch,
  beforeLoad: allow(...staff),
  component: lazyRouteComponent(() => import('./pages/register/noun-list-page.tsx'), 'NounListPage'),
})
const registerRecordRoute = createRoute({
  ...common,
  path: '/register/$path/$id',
  validateSearch: registerSearch,
  beforeLoad: allow(...staff),
  component: lazyRouteComponent(() => import('./pages/register/record-page.tsx'), 'RegisterRecordPage'),
})
const registerImportRoute = createRoute({
  ...common,
  path: '/register/$path/import',
  beforeLoad: allow('agent', 'processOwner', 'administrator'),
  component: lazyRouteComponent(() => import('./pages/register/import-page.tsx'), 'RegisterImportPage'),
})
const onCallRoute = createRoute({
  ...common,
  path: '/on-call',
  beforeLoad: allow(...staff),
  component: lazyRouteComponent(() => import('./pages/register/on-call-page.tsx'), 'OnCallPage'),
})

const changesRoute = createRoute({
  ...common,
  path: '/changes',
  beforeLoad: allow(...staff),
  component: lazyRouteComponent(() => import('./pages/changes/change-list-page.tsx'), 'ChangeListPage'),
})
const newChangeRoute = createRoute({
  ...common,
  path: '/changes/new',
  validateSearch: (search: Record<string, unknown>): { template?: string } => {
    const template = text(search.template)
    return template === undefined ? {} : { template }
  },
  component: lazyRouteComponent(() => import('./pages/changes/new-change-page.tsx'), 'NewChangePage'),
})
const changeCalendarRoute = createRoute({
  ...common,
  path: '/changes/calendar',
  beforeLoad: allow(...staff),
  component: lazyRouteComponent(() => import('./pages/changes/calendar-page.tsx'), 'ChangeCalendarPage'),
})
const changeTemplatesRoute = createRoute({
  ...common,
  path: '/changes/templates',
  beforeLoad: allow(...staff),
  component: lazyRouteComponent(() => import('./pages/changes/templates-page.tsx'), 'TemplatesPage'),
})
const changeWindowsRoute = createRoute({
  ...common,
  path: '/changes/windows',
  beforeLoad: allow(...staff),
  component: lazyRouteComponent(() => import('./pages/changes/windows-page.tsx'), 'WindowsPage'),
})
const cabRoute = createRoute({
  ...common,
  path: '/cab',
  beforeLoad: allow(...staff),
  component: lazyRouteComponent(() => import('./pages/changes/cab-page.tsx'), 'CabPage'),
})
const meetingRoute = createRoute({
  ...common,
  path: '/cab/$id',
  beforeLoad: allow(...staff),
  component: lazyRouteComponent(() => import('./pages/changes/meeting-page.tsx'), 'MeetingPage'),
})

const admin = { ...common, beforeLoad: allow('administrator') }
const desksRoute = createRoute({
  ...admin,
  path: '/admin/desks',
  component: lazyRouteComponent(() => import('./pages/admin/desks-page.tsx'), 'DesksPage'),
})
const peopleRoute = createRoute({
  ...admin,
  path: '/admin/people',
  component: lazyRouteComponent(() => import('./pages/admin/people-page.tsx'), 'PeoplePage'),
})
const groupsRoute = createRoute({
  ...admin,
  path: '/admin/groups',
  component: lazyRouteComponent(() => import('./pages/admin/groups-page.tsx'), 'GroupsPage'),
})
const apiKeysRoute = createRoute({
  ...admin,
  path: '/admin/api-keys',
  component: lazyRouteComponent(() => import('./pages/admin/api-keys-page.tsx'), 'ApiKeysPage'),
})
const jobsRoute = createRoute({
  ...common,
  beforeLoad: allow('administrator', 'processOwner'),
  path: '/admin/jobs',
  component: lazyRouteComponent(() => import('./pages/admin/jobs-page.tsx'), 'JobsPage'),
})
const mailRoute = createRoute({
  ...admin,
  path: '/mail',
  component: lazyRouteComponent(() => import('./pages/admin/mail-page.tsx'), 'MailPage'),
})
const rejectedMailRoute = createRoute({
  ...admin,
  path: '/mail/rejected',
  component: lazyRouteComponent(() => import('./pages/admin/rejected-mail-page.tsx'), 'RejectedMailPage'),
})

const routeTree = rootRoute.addChildren([
  signInRoute,
  surveyRoute,
  unsubscribeRoute,
  approveLinkRoute,
  kioskRoute,
  statusRoute,
  appRoute.addChildren([
    homeRoute,
    portalRoute,
    reportRoute,
    knownProblemsRoute,
    requestRoute,
    catalogueRoute,
    catalogueItemRoute,
    cartRoute,
    ordersRoute,
    myAccessRoute,
    reviewsRoute,
    rightsRoute,
    campaignsRoute,
    campaignRoute,
    notificationsRoute,
    interactionsRoute,
    personContactsRoute,
    desksRoute,
    queueRoute,
    ticketRoute,
    tasksRoute,
    approvalsRoute,
    delegationsRoute,
    problemsRoute,
    newProblemRoute,
    recurrenceRulesRoute,
    knownErrorsRoute,
    knownErrorRoute,
    boardRoute,
    majorsRoute,
    figuresRoute,
    serviceLevelsRoute,
    studioRoute,
    definitionRoute,
    moveTicketsRoute,
    auditRoute,
    historyRoute,
    nounRoute,
    registerRecordRoute,
    registerImportRoute,
    onCallRoute,
    changesRoute,
    newChangeRoute,
    changeCalendarRoute,
    changeTemplatesRoute,
    changeWindowsRoute,
    cabRoute,
    meetingRoute,
    peopleRoute,
    groupsRoute,
    apiKeysRoute,
    mailRoute,
    rejectedMailRoute,
    jobsRoute,
  ]),
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
