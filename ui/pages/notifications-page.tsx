import { Autocomplete, Badge, Group, Select, Stack, Text, TextInput } from '@mantine/core'
import { IconLock } from '@tabler/icons-react'
import { NotificationMode } from '#schema/notification'
import { type NotificationChange, type NotificationEventView, useChangeNotifications, useMyNotifications } from '../client/notifications.ts'
import { useText } from '../i18n/index.ts'
import { ListPage } from '../templates/list-page.tsx'
import { notifyDone, notifyProblem } from '../templates/notify.tsx'
import { Panel } from '../templates/page.tsx'
import { ErrorState, ListSkeleton } from '../templates/states.tsx'
import '../styles/notifications.css'

interface EventsProps {
  title: string
  events: NotificationEventView[]
  change: (change: NotificationChange) => void
}

function Events({ title, events, change }: EventsProps) {
  const { t } = useText()
  if (events.length === 0) return null
  const modes = NotificationMode.options.map((mode) => ({ value: mode, label: t(`notifications.mode.${mode}`) }))
  return (
    <Panel title={title}>
      <ul className="wish-list">
        {events.map((event) => (
          <li key={event.id} className="wish">
            <div>
              <Text size="sm" fw={600}>
                {event.name}
              </Text>
              {event.isMandatory ? (
                <Text size="xs" c="dimmed">
                  {t('notifications.mandatory.hint')}
                </Text>
              ) : null}
            </div>
            {event.isMandatory ? (
              <Badge color="gray" variant="light" leftSection={<IconLock size={12} />}>
                {t('notifications.mandatory')}
              </Badge>
            ) : (
              <Select
                className="wish-mode"
                aria-label={`${event.name} : ${t('notifications.when')}`}
                allowDeselect={false}
                value={event.mode}
                data={modes}
                onChange={(mode) => change({ modes: { [event.id]: NotificationMode.parse(mode) } })}
              />
            )}
          </li>
        ))}
      </ul>
    </Panel>
  )
}

/** When the daily summary comes: sent when the field is left, so that no half-typed time is refused. */
function Daily({ timeZone, dailyAt, change }: { timeZone: string; dailyAt: string; change: (change: NotificationChange) => void }) {
  const { t } = useText()
  const zones = Intl.supportedValuesOf('timeZone')
  return (
    <Panel title={t('notifications.daily')}>
      <Group align="flex-end" gap="md">
        <TextInput
          key={dailyAt}
          type="time"
          label={t('notifications.dailyAt')}
          defaultValue={dailyAt}
          onBlur={(event) =>
            event.currentTarget.value && event.currentTarget.value !== dailyAt && change({ dailyAt: event.currentTarget.value })
          }
        />
        <Autocomplete
          key={timeZone}
          label={t('notifications.timeZone')}
          defaultValue={timeZone}
          data={zones}
          limit={30}
          onOptionSubmit={(zone) => change({ timeZone: zone })}
        />
      </Group>
    </Panel>
  )
}

export function NotificationsPage() {
  const { t } = useText()
  const { data, error, isPending, refetch } = useMyNotifications()
  const changing = useChangeNotifications()
  const change = (wanted: NotificationChange): void =>
    changing.mutate(wanted, { onSuccess: () => notifyDone(t('notifications.saved')), onError: (problem) => notifyProblem(problem, t) })
  return (
    <ListPage title={t('notifications.title')} lead={data ? t('notifications.lead', { address: data.address }) : undefined} width="reading">
      {isPending ? <ListSkeleton /> : null}
      {error ? <ErrorState error={error} onRetry={() => void refetch()} /> : null}
      {data ? (
        <Stack gap="md">
          <Events title={t('notifications.requester')} events={data.events.filter(({ to }) => to === 'requester')} change={change} />
          <Events title={t('notifications.staff')} events={data.events.filter(({ to }) => to === 'staff')} change={change} />
          <Daily timeZone={data.timeZone} dailyAt={data.dailyAt} change={change} />
        </Stack>
      ) : null}
    </ListPage>
  )
}
