import { Anchor, Badge, Table, Text } from '@mantine/core'
import { IconMoodSmile } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { ClockChip, PriorityMark, StatusBadge } from '../../components/badges.tsx'
import { usePredicted } from '../../client/service-levels.ts'
import { useText } from '../../i18n/index.ts'
import { EmptyState, ErrorState, ListSkeleton, TableScroll } from '../../templates/index.ts'
import { useClockName } from '../ticket/clocks.tsx'

/** Open promises that will probably be missed, the most pressing first; follows what happens. */
export function PredictedList({ withinMinutes, groupId }: { withinMinutes: number; groupId: string | null }) {
  const { t, span } = useText()
  const nameOf = useClockName()
  const predicted = usePredicted({ withinMinutes, ...(groupId === null ? {} : { groupId }) })
  if (predicted.isPending) return <ListSkeleton rows={4} />
  if (predicted.isError) return <ErrorState error={predicted.error} onRetry={() => void predicted.refetch()} />
  const { items, total } = predicted.data
  if (items.length === 0)
    return (
      <EmptyState
        icon={<IconMoodSmile size={24} stroke={1.5} />}
        title={t('levels.predicted.none')}
        hint={t('levels.predicted.none.hint')}
      />
    )
  return (
    <>
      <TableScroll label={t('levels.predicted')}>
        <Table verticalSpacing={6} miw={760}>
          <Table.Thead>
            <Table.Tr>
              {(['ticket', 'clock', 'left', 'usual', 'why', 'who'] as const).map((column) => (
                <Table.Th key={column}>{t(`levels.column.${column}`)}</Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {items.map(({ ticket, clock, group, assignee, reason, typicalLeftMs }) => (
              <Table.Tr key={`${ticket.id} ${clock.clockId}`}>
                <Table.Td>
                  <Anchor component={Link} to="/tickets/$id" params={{ id: ticket.number } as never} size="sm" fw={600} className="num">
                    {ticket.number}
                  </Anchor>{' '}
                  <PriorityMark priority={ticket.priority} withWord={false} />
                  <Text size="sm" lineClamp={1}>
                    {ticket.title}
                  </Text>
                </Table.Td>
                <Table.Td>
                  <Text size="sm">{nameOf(clock)}</Text>
                  {clock.kind !== 'sla' && <Badge size="xs">{t(`clock.kind.${clock.kind}`)}</Badge>}
                </Table.Td>
                <Table.Td>
                  <ClockChip clock={clock} />
                </Table.Td>
                <Table.Td className="num">{typicalLeftMs === null || typicalLeftMs < 60_000 ? '—' : span(typicalLeftMs)}</Table.Td>
                <Table.Td>
                  <Text size="sm">{t(`levels.reason.${reason}`)}</Text>
                  <StatusBadge status={ticket.status} size="sm" />
                </Table.Td>
                <Table.Td>
                  <Text size="sm">{assignee?.name ?? t('levels.nobody')}</Text>
                  <Text size="xs" c="dimmed">
                    {group?.name ?? ''}
                  </Text>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </TableScroll>
      {total > items.length && (
        <Text size="xs" c="dimmed" mt="xs">
          {t('levels.predicted.more', { shown: items.length, total })}
        </Text>
      )}
    </>
  )
}
