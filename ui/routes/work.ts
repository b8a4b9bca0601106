/** The agent’s day: queue, tasks, tickets, contacts. Pages are loaded when first opened. */
import { createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router'
import { hasRole } from '../client/session.ts'
import { allow, common, staff } from './common.tsx'
import { interactionSearch, queueSearch, text } from './searches.ts'

const queueRoute = createRoute({
  ...common,
  path: '/queue',
  validateSearch: queueSearch,
  beforeLoad: allow(...staff),
  component: lazyRouteComponent(() => import('../pages/queue/queue-page.tsx'), 'QueuePage'),
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
  component: lazyRouteComponent(() => import('../pages/ticket/ticket-page.tsx'), 'TicketPage'),
})
const interactionsRoute = createRoute({
  ...common,
  path: '/interactions',
  validateSearch: interactionSearch,
  beforeLoad: allow('agent', 'administrator', 'auditor'),
  component: lazyRouteComponent(() => import('../pages/interactions/interactions-page.tsx'), 'InteractionsPage'),
})
const personContactsRoute = createRoute({
  ...common,
  path: '/people/$id/contacts',
  beforeLoad: allow('agent', 'administrator', 'auditor'),
  component: lazyRouteComponent(() => import('../pages/interactions/person-contacts-page.tsx'), 'PersonContactsPage'),
})
const tasksRoute = createRoute({
  ...common,
  path: '/tasks',
  beforeLoad: allow('agent', 'administrator'),
  component: lazyRouteComponent(() => import('../pages/tasks-page.tsx'), 'TasksPage'),
})
const boardRoute = createRoute({
  ...common,
  path: '/board',
  beforeLoad: allow(...staff),
  component: lazyRouteComponent(() => import('../pages/board-page.tsx'), 'TicketBoardPage'),
})

export const workRoutes = [queueRoute, ticketRoute, interactionsRoute, personContactsRoute, tasksRoute, boardRoute] as const
