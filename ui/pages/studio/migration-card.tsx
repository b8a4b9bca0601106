import { Anchor, Badge, Button, Group, Progress, Stack, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { nextState, type ProcessMigrationAction, type ProcessMigrationView, processMigrationActions } from '#schema/process-migration'
import { useMigrationAction } from '../../client/process-migrations.ts'
import { useText } from '../../i18n/index.ts'
import { notifyProblem } from '../../templates/index.ts'

const colors = { checking: 'blue', checked: 'petrol', running: 'blue', paused: 'amber', done: 'petrol', aborted: 'gray' } as const
const shares = [
  { name: 'moved', color: 'petrol' },
  { name: 'ready', color: 'blue' },
  { name: 'refused', color: 'coral' },
  { name: 'gone', color: 'gray' },
] as const

/** One operation: how far it is, what may be done with it, and what stays behind for which reason. */
export function MigrationCard({ migration }: { migration: ProcessMigrationView }) {
  const { t, tOr, ago, number } = useText()
  const act = useMigrationAction(migration.processId)
  const { counts, state, id } = migration
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0)
  const possible = processMigrationActions.filter(
    (action) => nextState[action][state] !== undefined && (action !== 'start' || counts.ready > 0),
  )
  const run = (action: ProcessMigrationAction) => act.mutate({ id, action }, { onError: (error) => notifyProblem(error, t) })
  const words = [...shares.map(({ name }) => name), 'waiting' as const].filter((name) => counts[name] > 0)
  return (
    <Stack gap={8} component="article">
      <Group justify="space-between">
        <Group gap="xs">
          <Badge color={colors[state]}>{t(`migration.state.${state}`)}</Badge>
          <Text size="sm">
            {t('migration.operation', {
              from: migration.fromVersion,
              to: migration.toVersion,
              name: migration.startedBy.name,
              date: ago(migration.createdAt),
            })}
          </Text>
        </Group>
        <Group gap="xs">
          {possible.map((action) => (
            <Button
              key={action}
              size="xs"
              variant={action === 'start' || action === 'resume' ? 'filled' : 'default'}
              onClick={() => run(action)}
              loading={act.isPending}
            >
              {t(`migration.action.${action}`, { count: counts.ready })}
            </Button>
          ))}
        </Group>
      </Group>
      <Progress.Root size="md" aria-label={t(`migration.state.${state}`)}>
        {shares.map(({ name, color }) => (
          <Progress.Section key={name} value={total === 0 ? 0 : (counts[name] / total) * 100} color={color} />
        ))}
      </Progress.Root>
      <Text size="xs" c="dimmed" aria-live="polite">
        {words.map((name) => `${number(counts[name])} ${t(`migration.count.${name}`)}`).join(' · ')}
      </Text>
      {migration.reasons.length > 0 && (
        <Stack gap={4}>
          <Text size="sm" fw={600}>
            {t('migration.why')}
          </Text>
          {migration.reasons.map((reason) => (
            <Group key={`${reason.code} ${reason.elementId}`} gap={8} wrap="nowrap" align="baseline">
              <Badge size="sm" color="gray" className="num">
                {number(reason.count)}
              </Badge>
              <Text size="sm" title={reason.message}>
                {tOr(`migration.code.${reason.code}`, reason.message)}
                {reason.elementId ? ' · ' : ''}
                <code>{reason.elementId}</code>{' '}
                {reason.tickets.slice(0, 5).map((ticket) => (
                  <Anchor key={ticket.id} component={Link} to="/tickets/$id" params={{ id: ticket.number } as never} size="sm" mr={6}>
                    {ticket.number}
                  </Anchor>
                ))}
              </Text>
            </Group>
          ))}
        </Stack>
      )}
    </Stack>
  )
}
