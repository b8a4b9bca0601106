import type { Route } from '../route.ts'
import { accessProfileRoutes } from './access-profiles.ts'
import { accessRightRoutes } from './access-rights.ts'
import { connectorRoutes } from './connectors.ts'
import { apiKeyRoutes } from './api-keys.ts'
import { cabRoutes } from './cab.ts'
import { changeCalendarRoutes } from './change-calendar.ts'
import { changeTemplateRoutes } from './change-templates.ts'
import { changeRoutes } from './changes.ts'
import { approvalRoutes } from './approvals.ts'
import { campaignRoutes } from './campaigns.ts'
import { catalogueRoutes } from './catalogue.ts'
import { correlationRoutes } from './correlation.ts'
import { callRoutes } from './calls.ts'
import { deskRoutes } from './desks.ts'
import { definitionRoutes } from './definitions.ts'
import { delegationRoutes } from './delegations.ts'
import { docsRoutes } from './docs.ts'
import { eventRoutes } from './events.ts'
import { healthRoutes } from './health.ts'
import { historyRoutes } from './history.ts'
import { interactionRoutes } from './interactions.ts'
import { jobRoutes } from './jobs.ts'
import { knownErrorRoutes } from './known-errors.ts'
import { ledgerRoutes } from './ledger.ts'
import { mailRoutes } from './mail.ts'
import { majorRoutes } from './majors.ts'
import { messageRoutes } from './messages.ts'
import { notificationRoutes } from './notifications.ts'
import { peopleRoutes } from './people.ts'
import { problemRoutes } from './problems.ts'
import { recurrenceRuleRoutes } from './recurrence-rules.ts'
import { processMigrationRoutes } from './process-migrations.ts'
import { configurationItemRoutes } from './configuration-items.ts'
import { licenceRoutes } from './licences.ts'
import { onCallRoutes } from './on-call.ts'
import { recordRoutes } from './records.ts'
import { serviceLevelRoutes } from './service-levels.ts'
import { sessionRoutes } from './session.ts'
import { slaRecomputationRoutes } from './sla-recomputations.ts'
import { surveyRoutes } from './survey.ts'
import { taskRoutes } from './tasks.ts'
import { walkInRoutes } from './walk-in.ts'
import { templateRoutes } from './templates.ts'
import { ticketActionRoutes } from './ticket-actions.ts'
import { ticketLinkRoutes } from './ticket-links.ts'
import { ticketRoutes } from './tickets.ts'
import { unauthorisedChangeRoutes } from './unauthorised-changes.ts'

/** Every route of the API, each with who may call it. A route that is not here is not served. */
export const routes: readonly Route[] = [
  ...sessionRoutes,
  ...callRoutes,
  ...interactionRoutes,
  ...deskRoutes,
  ...walkInRoutes,
  ...ticketRoutes,
  ...messageRoutes,
  ...historyRoutes,
  ...taskRoutes,
  ...ticketActionRoutes,
  ...approvalRoutes,
  ...delegationRoutes,
  ...jobRoutes,
  ...knownErrorRoutes,
  ...problemRoutes,
  ...recurrenceRuleRoutes,
  ...ticketLinkRoutes,
  ...majorRoutes,
  ...surveyRoutes,
  ...unauthorisedChangeRoutes,
  ...changeRoutes,
  ...changeCalendarRoutes,
  ...changeTemplateRoutes,
  ...cabRoutes,
  ...definitionRoutes,
  ...catalogueRoutes,
  ...accessRightRoutes,
  ...accessProfileRoutes,
  ...connectorRoutes,
  ...campaignRoutes,
  ...correlationRoutes,
  ...processMigrationRoutes,
  ...serviceLevelRoutes,
  ...slaRecomputationRoutes,
  ...peopleRoutes,
  ...recordRoutes,
  ...onCallRoutes,
  ...configurationItemRoutes,
  ...licenceRoutes,
  ...apiKeyRoutes,
  ...ledgerRoutes,
  ...mailRoutes,
  ...notificationRoutes,
  ...templateRoutes,
  ...healthRoutes,
  ...eventRoutes,
  ...docsRoutes(() => routes),
]
