import { Anchor, Badge, Button, Group, Modal, Stack, Text, Textarea } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { ClockOutcome } from '#schema/fact'
import { nextRecomputationState, type SlaRecomputationTicket, type SlaRecomputationView } from '#schema/sla-recomputation'
import { useRecomputationAction, useRecomputationTickets } from '../../client/service-levels.ts'
import { useText } from '../../i18n/index.ts'
import { ErrorState, ListSkeleton, notifyProblem } from '../../templates/index.ts'

const colors = { checking: 'blue', checked: 'petrol', applying: 'blue', done: 'moss', aborted: 'gray' } as const
const isWorse = (transition: string) => /:(overdue|missed)$/.test(transition)

/** One comparison: how many tickets change how, which, and what may be done about it. */
export function ComparisonCard({ operation, mayAct }: { operation: SlaRecomputationView; mayAct: boolean }) {
  const { t, ago, number } = useText()
  const [shown, setShown] = useState<string | null>(null)
  const [isApplying, dialog] = useDisclosure(false)
  const act = useRecomputationAction()
  const { id, state, open, past, scope } = operation
  const may = (action: 'apply' | 'abort') => mayAct && nextRecomputationState[action][state] !== undefined
  const waiting = open.waiting + past.waiting
  const counted = [
    ...(waiting > 0 ? [t('levels.count.waiting', { count: waiting })] : []),
    t('levels.count.changed', { count: open.changed + open.applied }),
    t('levels.count.unchanged', { count: open.unchanged }),
    ...(open.current > 0 ? [t('levels.count.current', { count: open.current })] : []),
    ...(open.applied > 0 ? [t('levels.count.applied', { count: open.applied })] : []),
    ...(open.refused + open.gone > 0 ? [t('levels.count.refused', { count: open.refused + open.gone })] : []),
    ...(operation.since === null ? [] : [t('levels.count.past', { count: past.changed, of: past.changed + past.unchanged })]),
  ]
  return (
    <Stack gap={8} component="article">
      <Group justify="space-between">
        <Group gap="xs">
          <Badge color={colors[state]}>{t(`levels.state.${state}`)}</Badge>
          <Text size="sm" fw={600}>
            {t(`studio.kind.${scope.kind}`)} {scope.id} · v{operation.targetVersion ?? '?'}
            {operation.isDraft ? ` (${t('levels.draft')})` : ''}
          </Text>
          <Text size="sm" c="dimmed">
            {operation.startedBy.name} · {ago(operation.createdAt)}
          </Text>
        </Group>
        <Group gap="xs">
          {may('apply') && (
            <Button size="xs" onClick={dialog.open} disabled={open.changed + open.unchanged === 0}>
              {t('levels.apply')}
            </Button>
          )}
          {may('abort') && (
            <Button
              size="xs"
              variant="default"
              onClick={() => act.mutate({ id, action: 'abort', reason: '' }, { onError: (error) => notifyProblem(error, t) })}
            >
              {t('levels.leave')}
            </Button>
          )}
        </Group>
      </Group>
      <Text size="xs" c="dimmed" aria-live="polite">
        {counted.join(' · ')}
      </Text>
      {operation.reason !== '' && <Text size="sm">{t('levels.reasonGiven', { reason: operation.reason })}</Text>}
      <Group gap={6}>
        {operation.transitions.map((one) => (
          <Button
            key={one.transition}
            size="compact-xs"
            variant={shown === one.transition ? 'filled' : 'light'}
            color={isWorse(one.transition) ? 'coral' : 'petrol'}
            onClick={() => setShown(shown === one.transition ? null : one.transition)}
            aria-expanded={shown === one.transition}
          >
            <Transition name={one.transition} /> · {number(one.open + one.past)}
          </Button>
        ))}
      </Group>
      {shown !== null && <ChangedTickets id={id} transition={shown} />}
      <ApplyDialog operation={operation} isOpen={isApplying} onClose={dialog.close} />
    </Stack>
  )
}

function Transition({ name }: { name: string }) {
  const { t, tOr } = useText()
  const [from, to] = name.split(':')
  if (to === undefined) return <>{tOr(`levels.moved.${name}`, name)}</>
  return (
    <>
      {tOr(`levels.standing.${from}`, from ?? '')} {t('levels.arrow')} {tOr(`levels.standing.${to}`, to)}
    </>
  )
}

function ApplyDialog({ operation, isOpen, onClose }: { operation: SlaRecomputationView; isOpen: boolean; onClose: () => void }) {
  const { t } = useText()
  const [reason, setReason] = useState('')
  const act = useRecomputationAction()
  const submit = () =>
    act.mutate(
      { id: operation.id, action: 'apply', reason: reason.trim() },
      { onError: (error) => notifyProblem(error, t), onSuccess: onClose },
    )
  return (
    <Modal opened={isOpen} onClose={onClose} title={t('levels.apply.title')}>
      <Stack>
        <Text size="sm">{t('levels.apply.text', { count: operation.open.changed + operation.open.unchanged })}</Text>
        <Textarea
          label={t('levels.apply.reason')}
          description={t('levels.apply.reason.hint')}
          autosize
          minRows={2}
          maxLength={1000}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          data-autofocus
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('common.cancel')}
          </Button>
          <Button onClick={submit} loading={act.isPending} disabled={reason.trim() === ''}>
            {t('levels.apply')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}

function ChangedTickets({ id, transition }: { id: string; transition: string }) {
  const { t } = useText()
  const tickets = useRecomputationTickets(id, transition)
  if (tickets.isPending) return <ListSkeleton rows={2} />
  if (tickets.isError) return <ErrorState error={tickets.error} onRetry={() => void tickets.refetch()} />
  return (
    <Stack gap={6}>
      {tickets.data.pages
        .flatMap(({ items }) => items)
        .map((ticket) => (
          <ChangedTicket key={ticket.ticketId} ticket={ticket} transition={transition} />
        ))}
      {tickets.hasNextPage && (
        <Button size="xs" variant="subtle" onClick={() => void tickets.fetchNextPage()} loading={tickets.isFetchingNextPage}>
          {t('common.loadMore')}
        </Button>
      )}
    </Stack>
  )
}

function ChangedTicket({ ticket, transition }: { ticket: SlaRecomputationTicket; transition: string }) {
  const { t, tOr, dateTime, locale } = useText()
  const words = (outcome: ClockOutcome | null) =>
    outcome === null
      ? t('levels.standing.none')
      : outcome.stoppedAt === null && outcome.dueAt !== null
        ? t('clock.due', { date: dateTime(outcome.dueAt) })
        : tOr(`clock.state.${outcome.state}`, outcome.state)
  return (
    <div className="levels-change">
      <Anchor component={Link} to="/tickets/$id" params={{ id: ticket.number } as never} size="sm" fw={600} className="num">
        {ticket.number}
      </Anchor>
      <Text size="sm" lineClamp={1} maw={320}>
        {ticket.title}
      </Text>
      {ticket.isPast && (
        <Badge size="xs" color="gray">
          {t('levels.past')}
        </Badge>
      )}
      {ticket.changes
        .filter((change) => change.transition === transition)
        .map((change) => (
          <Text key={change.clockId} size="sm" c="dimmed" className="num">
            {(change.to ?? change.from)?.name?.[locale] ?? tOr(`clock.${change.metric}`, change.metric)} : {words(change.from)}{' '}
            {t('levels.arrow')} {words(change.to)}
          </Text>
        ))}
    </div>
  )
}
