/** Studio, figures, audit, and the register. Pages are loaded when first opened. */
import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { allow, common, staff } from './common.tsx'
import { registerSearch } from './searches.ts'

const figuresRoute = createRoute({
  ...common,
  path: '/figures',
  beforeLoad: allow(...staff),
  component: lazyRouteComponent(() => import('../pages/reports/figures-page.tsx'), 'FiguresPage'),
})
const serviceLevelsRoute = createRoute({
  ...common,
  path: '/service-levels',
  beforeLoad: allow(...staff),
  component: lazyRouteComponent(() => import('../pages/service-levels/service-levels-page.tsx'), 'ServiceLevelsPage'),
})
const studioRoute = createRoute({
  ...common,
  path: '/studio',
  beforeLoad: allow('processOwner', 'administrator', 'agent', 'auditor'),
  component: lazyRouteComponent(() => import('../pages/studio/studio-list-page.tsx'), 'StudioListPage'),
})
const definitionRoute = createRoute({
  ...common,
  path: '/studio/$kind/$id',
  beforeLoad: allow('processOwner', 'administrator', 'agent', 'auditor'),
  component: lazyRouteComponent(() => import('../pages/studio/studio-page.tsx'), 'StudioPage'),
})
const moveTicketsRoute = createRoute({
  ...common,
  path: '/studio/process/$id/move',
  beforeLoad: allow('processOwner', 'administrator'),
  component: lazyRouteComponent(() => import('../pages/studio/move-tickets-page.tsx'), 'MoveTicketsPage'),
})
const auditRoute = createRoute({
  ...common,
  path: '/audit',
  beforeLoad: allow('auditor'),
  component: lazyRouteComponent(() => import('../pages/audit/ledger-page.tsx'), 'LedgerPage'),
})
const historyRoute = createRoute({
  ...common,
  path: '/audit/tickets/$id',
  beforeLoad: allow(...staff),
  component: lazyRouteComponent(() => import('../pages/audit/history-page.tsx'), 'HistoryPage'),
})
const nounRoute = createRoute({
  ...common,
  path: '/register/$path',
  validateSearch: registerSearch,
  beforeLoad: allow(...staff),
  component: lazyRouteComponent(() => import('../pages/register/noun-list-page.tsx'), 'NounListPage'),
})
const registerRecordRoute = createRoute({
  ...common,
  path: '/register/$path/$id',
  validateSearch: registerSearch,
  beforeLoad: allow(...staff),
  component: lazyRouteComponent(() => import('../pages/register/record-page.tsx'), 'RegisterRecordPage'),
})
const registerImportRoute = createRoute({
  ...common,
  path: '/register/$path/import',
  beforeLoad: allow('agent', 'processOwner', 'administrator'),
  component: lazyRouteComponent(() => import('../pages/register/import-page.tsx'), 'RegisterImportPage'),
})
const onCallRoute = createRoute({
  ...common,
  path: '/on-call',
  beforeLoad: allow(...staff),
  component: lazyRouteComponent(() => import('../pages/register/on-call-page.tsx'), 'OnCallPage'),
})

export const steerRoutes = [
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
] as const
