import { Badge, Text } from '@mantine/core'
import type { ApprovalRow, ApprovalState } from '#schema/approval-view'
import { useNow } from '../../components/now.ts'
import { useText } from '../../i18n/index.ts'

const colors: Record<ApprovalState, string> = {
  pending: 'amber',
  approved: 'petrol',
  rejected: 'coral',
  abstained: 'gray',
  withdrawn: 'gray',
}

export function ApprovalStateBadge({ state }: { state: ApprovalState }) {
  const { t } = useText()
  return (
    <Badge color={colors[state]} variant="light">
      {t(`approval.state.${state}`)}
    </Badge>
  )
}

/** What somebody needs to know to decide. */
export function ApprovalQuestion({ row, isShort = false }: { row: ApprovalRow; isShort?: boolean }) {
  const { t, tOr, dateTime, ago } = useText()
  const now = useNow()
  const isLate = row.dueAt !== null && Date.parse(row.dueAt) < now
  return (
    <div className="approval-question">
      <Text size="xs" c="dimmed">
        <span className="mono">{row.number}</span> · {t(`kind.${row.kind}`)} · {tOr(`approval.subject.${row.subject}`, row.subject)}
      </Text>
      <Text fw={650} size="md">
        {row.title}
      </Text>
      <Text size="sm" c="dimmed">
        {t('approval.askedBy', { name: row.requester.name, when: ago(row.openedAt) })}
      </Text>
      {row.state === 'pending' && row.dueAt !== null ? (
        <Text size="sm" c={isLate ? 'coral' : 'dimmed'} fw={isLate ? 650 : 400}>
          {t('approval.before', { date: dateTime(row.dueAt) })}
        </Text>
      ) : null}
      {row.forPerson ? (
        <Text size="sm" fw={600}>
          {t('approval.forPerson', { name: row.forPerson.name })}
        </Text>
      ) : null}
      {row.description && !isShort ? <div className="prose approval-description">{row.description}</div> : null}
    </div>
  )
}
