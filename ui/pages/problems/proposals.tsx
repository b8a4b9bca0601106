import { Badge, Button, Group, Text } from '@mantine/core'
import { IconRefresh } from '@tabler/icons-react'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { ProposalView } from '#schema/recurrence'
import { useProposalAction, useProposals } from '../../client/problems.ts'
import { useText } from '../../i18n/index.ts'
import { notifyDone, notifyProblem } from '../../templates/notify.tsx'
import { Panel } from '../../templates/page.tsx'
import { EmptyState, ErrorState, ListSkeleton } from '../../templates/states.tsx'
import { useValueName } from './rule-form.tsx'
import { ReasonDialog } from '../access/reason-dialog.tsx'

function Proposal({ one }: { one: ProposalView }) {
  const { t, locale, ago, dateTime } = useText()
  const navigate = useNavigate()
  const act = useProposalAction()
  const [isLeaving, setLeaving] = useState(false)
  const label = useValueName()(one.rule.field, one.value, one.label)
  const accept = (): void =>
    act.mutate(
      {
        path: `/${one.id}/accept`,
        body: {
          title: t('proposal.problemTitle', { label }),
          description: one.incidents.map((each) => `${each.number} ${each.title}`).join('\n'),
        },
      },
      {
        onSuccess: ({ number }) => {
          notifyDone(t('proposal.accepted'))
          if (number) void navigate({ to: '/tickets/$id', params: { id: number } })
        },
        onError: (problem) => notifyProblem(problem, t),
      },
    )
  return (
    <li>
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <Text fw={600}>{t('proposal.words', { count: one.count, label })}</Text>
        <Badge variant="light" color={one.state === 'open' ? 'amber' : 'gray'}>
          {t(`proposal.state.${one.state}`)}
        </Badge>
      </Group>
      <Text size="xs" c="dimmed">
        {one.rule.name[locale]} · {t('proposal.last', { when: ago(one.lastAt) })}
      </Text>
      <Text size="sm">
        {one.incidents.slice(0, 8).map((each) => (
          <Link
            key={each.id}
            to="/tickets/$id"
            params={{ id: each.number }}
            className="mono"
            style={{ marginRight: 10 }}
            title={each.title}
          >
            {each.number}
          </Link>
        ))}
      </Text>
      {one.state === 'open' ? (
        <Group gap="xs">
          <Button size="xs" loading={act.isPending} onClick={accept}>
            {t('proposal.accept')}
          </Button>
          <Button size="xs" variant="subtle" onClick={() => setLeaving(true)}>
            {t('proposal.dismiss')}
          </Button>
        </Group>
      ) : (
        <Text size="sm" c="dimmed">
          {one.decidedBy?.name} · {one.decidedAt ? dateTime(one.decidedAt) : ''}{' '}
          {one.problem ? `· ${one.problem.number}` : `· ${one.reason}`}
        </Text>
      )}
      {isLeaving ? (
        <ReasonDialog
          title={t('proposal.dismiss')}
          label={t('proposal.reason')}
          submitLabel={t('proposal.dismiss')}
          onClose={() => setLeaving(false)}
          onSend={(reason) => act.mutateAsync({ path: `/${one.id}/dismiss`, body: { reason } })}
        />
      ) : null}
    </li>
  )
}

/** What recurring incidents propose. */
export function Proposals() {
  const { t } = useText()
  const { data, error, isPending, refetch } = useProposals()
  const act = useProposalAction()
  const look = (): void =>
    act.mutate(
      { path: '', body: {} },
      { onSuccess: () => notifyDone(t('proposal.looked')), onError: (problem) => notifyProblem(problem, t) },
    )
  return (
    <Panel
      isFlush
      title={t('proposal.title')}
      aside={
        <Button size="xs" variant="default" leftSection={<IconRefresh size={14} />} loading={act.isPending} onClick={look}>
          {t('proposal.look')}
        </Button>
      }
    >
      {isPending ? <ListSkeleton rows={3} /> : null}
      {error ? <ErrorState error={error} onRetry={() => void refetch()} /> : null}
      {data && data.items.length === 0 ? <EmptyState isSmall title={t('proposal.none')} hint={t('proposal.none.hint')} /> : null}
      <ul className="plain-list proposal-list">
        {(data?.items ?? []).map((one) => (
          <Proposal key={one.id} one={one} />
        ))}
      </ul>
    </Panel>
  )
}
