import { Alert, Button, Tabs, Text } from '@mantine/core'
import { useHotkeys } from '@mantine/hooks'
import { IconAlertTriangle, IconArchive, IconCircleCheck } from '@tabler/icons-react'
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { lazy, Suspense, useRef } from 'react'
import type { TicketView } from '#schema/view'
import { hasRole, usePerson } from '../../client/session.ts'
import { useTaskAction, useTicket } from '../../client/tickets.ts'
import { useText } from '../../i18n/index.ts'
import { notifyDone, notifyProblem } from '../../templates/notify.tsx'
import { Panel } from '../../templates/page.tsx'
import { RecordPage } from '../../templates/record-page.tsx'
import { EmptyState, PageFailure, PageSkeleton, RecordSkeleton } from '../../templates/states.tsx'
import { ChangeTab } from './change/change-tab.tsx'
import { RequestPanel } from '../catalogue/request-panel.tsx'
import { ApprovalsPanel } from './approvals-panel.tsx'
import { Clocks, SupplierContract } from './clocks.tsx'
import { Composer, type ComposerHandle } from './composer.tsx'
import { Conversation } from './conversation.tsx'
import { Decisions } from './decisions.tsx'
import { EscalateMenu } from './escalation.tsx'
import { KnownErrorsCard } from './known-errors-card.tsx'
import { LinksCard } from './links-card.tsx'
import { MajorBanner } from './major-banner.tsx'
import { Properties } from './properties.tsx'
import { TaskCard } from './task-card.tsx'
import { ActionButton, ReasonButton } from './ticket-actions.tsx'
import { TicketHeader } from './ticket-header.tsx'
import { Timeline } from './timeline.tsx'
import { WatchersCard } from './watchers-card.tsx'

const TicketDiagram = lazy(() => import('../../diagram/ticket-diagram.tsx').then((module) => ({ default: module.TicketDiagram })))

const tabs = ['conversation', 'change', 'timeline', 'diagram', 'decisions'] as const
type Tab = (typeof tabs)[number]

export function TicketPage() {
  const { id } = useParams({ from: '/app/tickets/$id' })
  const { data: ticket, error, isPending, refetch } = useTicket(id)
  if (isPending) return <RecordSkeleton />
  if (error) return <PageFailure error={error} onRetry={() => void refetch()} />
  return <Ticket ticket={ticket} ticketId={id} />
}

function NextStep({ ticket, ticketId }: { ticket: TicketView; ticketId: string }) {
  const { t } = useText()
  if (ticket.tasks.length > 0)
    return (
      <>
        {ticket.tasks.map((task, index) => (
          <TaskCard key={task.waitId} task={task} ticketId={ticketId} isFirst={index === 0} />
        ))}
      </>
    )
  const reason =
    ticket.status === 'pending' || ticket.status === 'resolved'
      ? ticket.kind === 'change' && ticket.status === 'pending'
        ? 'change'
        : ticket.status
      : ticket.status === 'closed' || ticket.status === 'canceled'
        ? 'closed'
        : 'other'
  return (
    <Panel>
      <EmptyState
        isSmall
        icon={<IconCircleCheck size={20} stroke={1.5} />}
        title={t('ticket.noTask')}
        hint={ticket.isImported ? t('ticket.import') : t(`ticket.noTask.hint.${reason}`)}
      />
    </Panel>
  )
}

function Stalls({ ticket, ticketId }: { ticket: TicketView; ticketId: string }) {
  const { t } = useText()
  return ticket.stalls.map((stall) => (
    <Alert
      key={stall.key}
      color="coral"
      icon={<IconAlertTriangle size={18} />}
      title={t('ticket.stall', { element: stall.elementId })}
      role="alert"
    >
      <Text size="sm" mb="xs">
        {stall.message}
      </Text>
      {ticket.actions.includes('retry') ? <ActionButton name="retry" ticketId={ticketId} body={{ key: stall.key, variables: {} }} /> : null}
    </Alert>
  ))
}

function ConversationTab({ ticket, ticketId, composer }: { ticket: TicketView; ticketId: string; composer: React.Ref<ComposerHandle> }) {
  const { t } = useText()
  const mayReply = ticket.actions.includes('reply')
  const mayNote = ticket.actions.includes('note')
  return (
    <div className="ticket-conversation">
      <Conversation ticketId={ticketId} ownDirection="out" description={ticket.description} />
      {ticket.resolution ? (
        <Panel title={t('ticket.resolution')} className="panel-good">
          <div className="prose">{ticket.resolution}</div>
        </Panel>
      ) : null}
      {mayReply || mayNote ? (
        <Composer ticketId={ticketId} mayReply={mayReply} mayNote={mayNote} reader={ticket.requester.name} handle={composer} />
      ) : null}
    </div>
  )
}

function Ticket({ ticket, ticketId }: { ticket: TicketView; ticketId: string }) {
  const { t } = useText()
  const navigate = useNavigate()
  const { tab: wanted } = useSearch({ from: '/app/tickets/$id' })
  const shownTabs = tabs.filter((each) => each !== 'change' || ticket.kind === 'change')
  const tab: Tab = shownTabs.find((each) => each === wanted) ?? 'conversation'
  const composer = useRef<ComposerHandle>(null)
  const act = useTaskAction(ticketId)
  const person = usePerson()
  const mayLink = hasRole(person, 'agent', 'administrator')
  const mayRaiseProblem = hasRole(person, 'agent', 'processOwner', 'administrator')
  const show = (next: Tab): void =>
    void navigate({ to: '/tickets/$id', params: { id: ticketId }, search: next === 'conversation' ? {} : { tab: next }, replace: true })
  const write = (visibility: 'public' | 'internal'): void => {
    show('conversation')
    requestAnimationFrame(() => composer.current?.open(visibility))
  }
  const claim = (): void => {
    const task = ticket.tasks.find((each) => each.mayClaim)
    if (task)
      act.mutate(
        { waitId: task.waitId, name: 'claim' },
        { onSuccess: () => notifyDone(t('task.claimed'), task.name), onError: (error) => notifyProblem(error, t) },
      )
  }
  useHotkeys([
    ['r', () => write('public')],
    ['n', () => write('internal')],
    ['c', claim],
  ])
  const aside = (
    <>
      <NextStep ticket={ticket} ticketId={ticketId} />
      <ApprovalsPanel ticketId={ticketId} />
      {ticket.kind === 'incident' && ticket.closedAt === null ? (
        <KnownErrorsCard ticketId={ticketId} mayApply={ticket.actions.includes('edit')} />
      ) : null}
      {ticket.kind === 'request' && ticket.processId === 'request' ? <RequestPanel ticketId={ticketId} /> : null}
      <Panel title={t('clock.title')}>
        <Clocks clocks={ticket.clocks} />
        <SupplierContract variables={ticket.variables} />
      </Panel>
      <LinksCard ticketId={ticketId} mayLink={mayLink} />
      <Panel title={t('ticket.properties')}>
        <Properties ticket={ticket} ticketId={ticketId} />
      </Panel>
      <WatchersCard ticketId={ticketId} mayEdit={mayLink} />
      <div className="ticket-endings">
        <EscalateMenu ticket={ticket} ticketId={ticketId} />
        {ticket.kind === 'incident' && ticket.processId !== null && mayRaiseProblem ? (
          <Button component={Link} to="/problems/new" search={{ from: ticket.number } as never} variant="default">
            {t('problems.new.fromIncident')}
          </Button>
        ) : null}
        {ticket.actions.includes('confirm') ? <ActionButton name="confirm" ticketId={ticketId} /> : null}
        {ticket.actions.includes('reopen') ? <ReasonButton name="reopen" ticketId={ticketId} /> : null}
        {ticket.actions.includes('cancel') ? <ReasonButton name="cancel" ticketId={ticketId} variant="subtle" /> : null}
      </div>
    </>
  )
  return (
    <RecordPage header={<TicketHeader ticket={ticket} />} aside={tab === 'diagram' ? undefined : aside} isAsideFirst>
      <MajorBanner ticket={ticket} ticketId={ticketId} />
      <Stalls ticket={ticket} ticketId={ticketId} />
      <Tabs value={tab} onChange={(next) => show((next ?? 'conversation') as Tab)} keepMounted={false} className="ticket-tabs">
        <Tabs.List aria-label={t('ticket.tabs')} mb="md" className="tabs-row">
          {shownTabs.map((each) => (
            <Tabs.Tab key={each} value={each}>
              {t(`ticket.tab.${each}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="conversation">
          <ConversationTab ticket={ticket} ticketId={ticketId} composer={composer} />
        </Tabs.Panel>
        <Tabs.Panel value="change">
          <ChangeTab ticket={ticket} />
        </Tabs.Panel>
        <Tabs.Panel value="timeline">
          <Panel>
            <Timeline ticketId={ticketId} number={ticket.number} />
          </Panel>
        </Tabs.Panel>
        <Tabs.Panel value="diagram">
          {ticket.processId === null ? (
            <EmptyState icon={<IconArchive size={24} stroke={1.5} />} title={t('ticket.import')} />
          ) : (
            <Suspense fallback={<PageSkeleton />}>
              <TicketDiagram ticketId={ticket.id} />
            </Suspense>
          )}
        </Tabs.Panel>
        <Tabs.Panel value="decisions">
          <Decisions ticket={ticket} />
        </Tabs.Panel>
      </Tabs>
    </RecordPage>
  )
}
