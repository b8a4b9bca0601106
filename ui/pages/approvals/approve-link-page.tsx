import { Text, Title } from '@mantine/core'
import { IconCircleCheck, IconClockOff, IconLinkOff } from '@tabler/icons-react'
import { useParams } from '@tanstack/react-router'
import type { ApprovalInvitation } from '#schema/approval-view'
import { useApprovalLink, useDecideByLink } from '../../client/approvals.ts'
import { isProblem } from '../../client/http.ts'
import { useText } from '../../i18n/index.ts'
import { EmptyState, ErrorState, ListSkeleton } from '../../templates/states.tsx'
import { ApprovalQuestion } from './approval-question.tsx'
import { DecisionForm } from './decision-form.tsx'
import './approvals.css'
import { FrontPage } from '../../templates/front-page.tsx'

function Over({ state, approval }: ApprovalInvitation) {
  const { t, dateTime } = useText()
  if (state === 'decided' && approval)
    return (
      <EmptyState
        icon={<IconCircleCheck size={26} stroke={1.5} />}
        title={t('approvalLink.decided', { decision: t(`approval.state.${approval.state}`) })}
        hint={t('approval.decidedBy', { by: approval.decidedBy?.name ?? '', date: dateTime(approval.endedAt ?? '') })}
      />
    )
  const over = state === 'decided' || state === 'open' ? 'withdrawn' : state
  return (
    <EmptyState icon={<IconClockOff size={26} stroke={1.5} />} title={t(`approvalLink.${over}`)} hint={t(`approvalLink.${over}.hint`)} />
  )
}

function LinkBody({ token }: { token: string }) {
  const { t } = useText()
  const { data, error, isPending, refetch } = useApprovalLink(token)
  const decide = useDecideByLink(token)
  if (isPending) return <ListSkeleton rows={3} />
  if (error) {
    if (isProblem(error) && (error.status === 404 || error.status === 422))
      return (
        <EmptyState icon={<IconLinkOff size={26} stroke={1.5} />} title={t('approvalLink.invalid')} hint={t('approvalLink.invalid.hint')} />
      )
    return <ErrorState error={error} onRetry={() => void refetch()} />
  }
  if (data.state !== 'open' || !data.approval) return <Over {...data} />
  return (
    <>
      <Title order={1} mb={4}>
        {t('approvalLink.title')}
      </Title>
      <Text c="dimmed" mb="lg">
        {t('approvalLink.lead', { name: data.personName })}
      </Text>
      <ApprovalQuestion row={data.approval} />
      <div style={{ height: 16 }} />
      <DecisionForm draft={`link.${data.approval.waitId}`} onDecide={(given) => decide.mutateAsync(given)} />
    </>
  )
}

/** Opened from the link in a mail: no sign-in, and nothing is decided by looking at it. */
export function ApproveLinkPage() {
  const { t } = useText()
  const { token } = useParams({ from: '/approve/$token' })
  return (
    <FrontPage title={t('approvalLink.title')}>
      <LinkBody token={token} />
    </FrontPage>
  )
}
