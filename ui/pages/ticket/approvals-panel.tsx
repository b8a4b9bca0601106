import { Group, Text } from '@mantine/core'
import type { ApprovalView } from '#schema/approval-view'
import { useTicketApprovals } from '../../client/approvals.ts'
import { useText } from '../../i18n/index.ts'
import { Panel } from '../../templates/page.tsx'
import { ApprovalStateBadge } from '../approvals/approval-question.tsx'
import '../approvals/approvals.css'

function Evidence({ one }: { one: ApprovalView }) {
  const { t, tOr, ago, dateTime } = useText()
  const asked = one.approver?.name ?? one.groups.map(({ name }) => name).join(', ')
  return (
    <li>
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <Text size="sm" fw={600}>
          {asked}
        </Text>
        <ApprovalStateBadge state={one.state} />
      </Group>
      <Text size="xs" c="dimmed">
        {tOr(`approval.subject.${one.subject}`, one.subject)} ·{' '}
        {one.endedAt === null ? t('approval.pendingSince', { when: ago(one.openedAt) }) : dateTime(one.endedAt)}
        {one.via ? ` · ${t(`approval.via.${one.via}`)}` : ''}
      </Text>
      {one.decidedFor ? (
        <Text size="sm">{t('approval.inPlaceOf', { by: one.decidedBy?.name ?? '', name: one.decidedFor.name })}</Text>
      ) : null}
      {one.moves.map((move) => (
        <Text key={move.at} size="xs" c="dimmed">
          {t('approval.moved', {
            from: move.from?.name ?? '',
            to: move.to?.name ?? '',
            reason: tOr(`approval.reason.${move.reason}`, move.reason),
          })}
        </Text>
      ))}
      {one.isStuck ? (
        <Text size="sm" c="coral">
          {t('approval.stuck')}
        </Text>
      ) : null}
      {one.comment ? <div className="prose">{one.comment}</div> : null}
    </li>
  )
}

/** Who was asked, when, what they said and for whom; nothing where nobody was asked. */
export function ApprovalsPanel({ ticketId }: { ticketId: string }) {
  const { t } = useText()
  const { data } = useTicketApprovals(ticketId)
  if (!data || data.items.length === 0) return null
  return (
    <Panel title={t('approval.card')}>
      <ul className="plain-list approval-evidence">
        {data.items.map((one) => (
          <Evidence key={one.waitId} one={one} />
        ))}
      </ul>
    </Panel>
  )
}
