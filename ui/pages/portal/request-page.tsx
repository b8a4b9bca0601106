import { Group, Text, Title } from '@mantine/core'
import { useDocumentTitle } from '@mantine/hooks'
import { IconCheck } from '@tabler/icons-react'
import { Link, useParams } from '@tanstack/react-router'
import type { TicketStatus } from '#schema/ticket'
import type { TicketView } from '#schema/view'
import { usePerson } from '../../client/session.ts'
import { useTaskAction, useTicket, useTicketSurvey } from '../../client/tickets.ts'
import { StatusBadge } from '../../components/badges.tsx'
import { FormRenderer } from '../../form/form-renderer.tsx'
import { useText } from '../../i18n/index.ts'
import { notifyDone } from '../../templates/notify.tsx'
import { RecordPage } from '../../templates/record-page.tsx'
import { PageFailure, RecordSkeleton } from '../../templates/states.tsx'
import { RequestFollowUp } from '../catalogue/request-panel.tsx'
import { Composer } from '../ticket/composer.tsx'
import { Conversation } from '../ticket/conversation.tsx'
import { ActionButton, ReasonButton, SurveyForm } from '../ticket/ticket-actions.tsx'

const steps = ['received', 'handled', 'solved', 'closed'] as const
const reached: Record<TicketStatus, number> = { new: 0, assigned: 1, inProgress: 1, pending: 1, resolved: 2, closed: 3, canceled: 3 }

/** Four steps in plain words; the diagram is for those who work on it. */
function Progress({ status }: { status: TicketStatus }) {
  const { t } = useText()
  const at = reached[status]
  return (
    <ol className="progress" aria-label={t('portal.steps')}>
      {steps.map((step, index) => (
        <li
          key={step}
          data-state={index < at || status === 'closed' ? 'done' : index === at ? 'now' : 'next'}
          aria-current={index === at ? 'step' : undefined}
        >
          <span className="progress-dot" aria-hidden>
            {index < at || status === 'closed' ? <IconCheck size={13} stroke={3} /> : null}
          </span>
          {t(`portal.step.${step}`)}
        </li>
      ))}
    </ol>
  )
}

function Ask({ ticket, ticketId }: { ticket: TicketView; ticketId: string }) {
  const { t } = useText()
  const survey = useTicketSurvey(ticketId)
  if (ticket.actions.includes('confirm'))
    return (
      <section className="ask">
        {ticket.resolution ? (
          <>
            <Text size="xs" fw={600} c="dimmed">
              {t('ticket.resolution')}
            </Text>
            <div className="prose ask-resolution">{ticket.resolution}</div>
          </>
        ) : null}
        <Title order={2} size="h3">
          {t('action.confirm.question')}
        </Title>
        <Group gap="sm" mt="sm">
          <ActionButton name="confirm" ticketId={ticketId} />
          {ticket.actions.includes('reopen') ? <ReasonButton name="reopen" ticketId={ticketId} /> : null}
        </Group>
      </section>
    )
  if (ticket.actions.includes('answerSurvey') && ticket.survey === null)
    return (
      <section className="ask">
        <Title order={2} size="h3" mb={4}>
          {t('survey.title')}
        </Title>
        <Text size="sm" c="dimmed" mb="md">
          {t('survey.lead', { number: ticket.number })}
        </Text>
        <SurveyForm
          draft={ticket.id}
          onSend={async (answer) => {
            await survey.mutateAsync(answer)
            notifyDone(t('survey.thanks'))
          }}
        />
      </section>
    )
  if (ticket.survey)
    return (
      <Text size="sm" c="dimmed">
        {t('survey.answered', { score: ticket.survey.score })}
      </Text>
    )
  return null
}

/** What the process asks of the requester himself: its form, in plain sight. */
function OwnTasks({ ticket, ticketId }: { ticket: TicketView; ticketId: string }) {
  const { t } = useText()
  const me = usePerson()
  const act = useTaskAction(ticketId)
  const own = ticket.tasks.filter(({ assignee, mayComplete, approval }) => mayComplete && approval === null && assignee?.id === me.id)
  return own.map((task) => (
    <section className="ask" key={task.waitId} aria-label={task.name}>
      <Text size="xs" fw={600} c="dimmed">
        {t('portal.asksYou')}
      </Text>
      <Title order={2} size="h3" mb="sm">
        {task.name}
      </Title>
      {task.form ? (
        <FormRenderer
          form={task.form}
          values={task.values}
          draft={`task.${task.ticketId}.${task.waitId}`}
          submitLabel={t('task.complete')}
          onSubmit={async (values) => {
            await act.mutateAsync({ waitId: task.waitId, name: 'complete', values })
            notifyDone(t('task.completed'), task.name)
          }}
        />
      ) : null}
    </section>
  ))
}

/** A requester's ticket: where it is, what is expected of me, the conversation. */
export function RequestPage() {
  const { t, date, ago } = useText()
  const { id } = useParams({ from: '/app/portal/tickets/$id' })
  const { data: ticket, error, isPending, refetch } = useTicket(id)
  useDocumentTitle(`${ticket?.number ?? ''} ${ticket?.title ?? t('nav.requests')} · Guichet`)
  if (isPending) return <RecordSkeleton />
  if (error) return <PageFailure error={error} onRetry={() => void refetch()} />
  const mayWrite = ticket.actions.includes('reply')
  return (
    <RecordPage
      width="reading"
      header={
        <header className="request-header">
          <Group gap={8}>
            <Link to="/portal" className="plain page-crumbs">
              {t('nav.requests')}
            </Link>
            <span className="mono ticket-number">{ticket.number}</span>
          </Group>
          <Group justify="space-between" align="flex-start" gap="sm">
            <Title order={1}>{ticket.title}</Title>
            <StatusBadge status={ticket.status} size="lg" />
          </Group>
          <Text size="md" mt={2}>
            {t(`status.plain.${ticket.status}`)}
          </Text>
          <Text size="xs" c="dimmed" mt={4}>
            {t('portal.openedOn', { date: date(ticket.openedAt) })} · {t('portal.lastNews', { date: ago(ticket.updatedAt) })}
            {ticket.assignee
              ? ` · ${t('portal.handledBy', { name: ticket.assignee.name })}`
              : ticket.group
                ? ` · ${t('portal.handledBy', { name: ticket.group.name })}`
                : ''}
          </Text>
        </header>
      }
    >
      {ticket.kind === 'request' ? (
        <RequestFollowUp ticketId={id} fallback={<Progress status={ticket.status} />} />
      ) : ticket.status === 'canceled' ? null : (
        <Progress status={ticket.status} />
      )}
      <Ask ticket={ticket} ticketId={id} />
      <OwnTasks ticket={ticket} ticketId={id} />
      <Conversation ticketId={id} ownDirection="in" description={ticket.description} />
      {mayWrite ? <Composer ticketId={id} mayReply mayNote={false} /> : null}
      <div className="ticket-endings">
        {ticket.actions.includes('reopen') && !ticket.actions.includes('confirm') ? <ReasonButton name="reopen" ticketId={id} /> : null}
        {ticket.actions.includes('cancel') ? <ReasonButton name="cancel" ticketId={id} variant="subtle" /> : null}
      </div>
    </RecordPage>
  )
}
