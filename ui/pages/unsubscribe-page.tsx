import { Button, Group, Text, Title } from '@mantine/core'
import { IconBellOff, IconLinkOff, IconLock } from '@tabler/icons-react'
import { Link, useParams } from '@tanstack/react-router'
import { isProblem } from '../client/http.ts'
import { useChangeSubscription, useUnsubscribe } from '../client/notifications.ts'
import { useText } from '../i18n/index.ts'
import { notifyProblem } from '../templates/notify.tsx'
import { EmptyState, ErrorState, ListSkeleton } from '../templates/states.tsx'
import { FrontPage } from '../templates/front-page.tsx'

/** Nothing changes until the button is pressed: programs that look at links in mails open this page too. */
function UnsubscribeBody({ token }: { token: string }) {
  const { t } = useText()
  const { data, error, isPending, refetch } = useUnsubscribe(token)
  const changing = useChangeSubscription(token)
  const change = (isSubscribed: boolean): void => changing.mutate(isSubscribed, { onError: (problem) => notifyProblem(problem, t) })
  if (isPending) return <ListSkeleton rows={3} />
  if (error) {
    if (isProblem(error) && error.status < 500 && error.status !== 0)
      return (
        <EmptyState icon={<IconLinkOff size={26} stroke={1.5} />} title={t('unsubscribe.invalid')} hint={t('unsubscribe.invalid.hint')} />
      )
    return <ErrorState error={error} onRetry={() => void refetch()} />
  }
  const settings = (
    <Button component={Link} to="/notifications" variant="subtle">
      {t('unsubscribe.settings')}
    </Button>
  )
  if (data.isMandatory)
    return (
      <EmptyState
        icon={<IconLock size={26} stroke={1.5} />}
        title={t('unsubscribe.mandatory')}
        hint={t('unsubscribe.mandatory.hint', { name: data.name })}
        action={settings}
      />
    )
  if (!data.isSubscribed)
    return (
      <EmptyState
        icon={<IconBellOff size={26} stroke={1.5} />}
        title={t('unsubscribe.done')}
        hint={t('unsubscribe.done.hint', { name: data.name })}
        action={
          <Group justify="center">
            <Button variant="default" loading={changing.isPending} onClick={() => change(true)}>
              {t('unsubscribe.undo')}
            </Button>
            {settings}
          </Group>
        }
      />
    )
  return (
    <>
      <Title order={1} mb={4}>
        {t('unsubscribe.title')}
      </Title>
      <Text c="dimmed" mb="lg">
        {t('unsubscribe.lead', { name: data.name })}
      </Text>
      <Group>
        <Button loading={changing.isPending} onClick={() => change(false)}>
          {t('unsubscribe.do')}
        </Button>
        {settings}
      </Group>
    </>
  )
}

/** Opened from the link in a mail: no sign-in. */
export function UnsubscribePage() {
  const { t } = useText()
  const { token } = useParams({ from: '/unsubscribe/$token' })
  return (
    <FrontPage title={t('unsubscribe.title')}>
      <UnsubscribeBody token={token} />
    </FrontPage>
  )
}
