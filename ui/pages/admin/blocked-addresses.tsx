import { Button, Group, Text } from '@mantine/core'
import { useBlockedAddresses, useUnblockAddress } from '../../client/notifications.ts'
import { useText } from '../../i18n/index.ts'
import { notifyDone, notifyProblem } from '../../templates/notify.tsx'
import { Panel } from '../../templates/page.tsx'

/** Addresses that get no more mail; nothing to see when there are none. */
export function BlockedAddresses() {
  const { t, dateTime } = useText()
  const { data } = useBlockedAddresses()
  const unblock = useUnblockAddress()
  if (!data || data.length === 0) return null
  return (
    <Panel title={t('mail.blocked')}>
      <Text size="sm" c="dimmed" mb="xs">
        {t('mail.blocked.lead')}
      </Text>
      {data.map(({ address, lastReason, blockedAt }) => (
        <Group key={address} justify="space-between" gap="xs" py={4}>
          <div style={{ minWidth: 0 }}>
            <Text size="sm" fw={600}>
              {address}
            </Text>
            <Text size="xs" c="dimmed">
              {dateTime(blockedAt)} · {lastReason}
            </Text>
          </div>
          <Button
            size="compact-sm"
            variant="default"
            onClick={() =>
              unblock.mutate(address, {
                onSuccess: () => notifyDone(t('mail.blocked.unblocked', { address })),
                onError: (problem) => notifyProblem(problem, t),
              })
            }
          >
            {t('mail.blocked.unblock')}
          </Button>
        </Group>
      ))}
    </Panel>
  )
}
