import { Badge, Button, Group, Select, Stack, Text, TextInput, Title } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconMail, IconSearch, IconSend } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { MailView } from '#schema/view'
import { type MailFilter, useRetryMail, useSendLog } from '../../client/notifications.ts'
import { type T, useText } from '../../i18n/index.ts'
import { ListPage } from '../../templates/list-page.tsx'
import { notifyDone, notifyProblem } from '../../templates/notify.tsx'
import { EmptyState, ErrorState, ListSkeleton } from '../../templates/states.tsx'
import { BlockedAddresses } from './blocked-addresses.tsx'

const colors: Record<MailView['state'], string> = {
  pending: 'amber',
  collected: 'petrol',
  sent: 'moss',
  failed: 'coral',
  suppressed: 'gray',
}
const states = ['sent', 'pending', 'collected', 'failed', 'suppressed'] as const

/** Why it did not go out, what other servers said, and what can be done. */
function Fate({ mail }: { mail: MailView }) {
  const { t, tOr, dateTime } = useText()
  const retry = useRetryMail()
  const isRetryable = ['failed', 'suppressed', 'collected'].includes(mail.state) && mail.to !== '' && mail.text !== ''
  const why = mail.reasonCode ? tOr(`mail.reason.${mail.reasonCode}`, mail.reasonCode) : null
  const said = mail.reason ?? mail.deliveryDetail
  return (
    <Stack gap={4} mt={4} align="flex-start">
      {why ? (
        <Text size="sm" c={mail.state === 'failed' ? 'coral' : 'dimmed'}>
          {why}
        </Text>
      ) : null}
      {said ? (
        <Text size="xs" className="mono" style={{ overflowWrap: 'anywhere' }}>
          {said}
        </Text>
      ) : null}
      {mail.state === 'collected' && mail.digestDueAt ? (
        <Text size="sm">{t('mail.digestDue', { at: dateTime(mail.digestDueAt) })}</Text>
      ) : null}
      <Group gap="xs">
        {mail.delivery ? (
          <Badge color={mail.delivery === 'bounced' ? 'coral' : mail.delivery === 'delayed' ? 'amber' : 'moss'} variant="light">
            {t(`mail.delivery.${mail.delivery}`)}
          </Badge>
        ) : null}
        {mail.attempts > 1 ? (
          <Text size="xs" c="dimmed">
            {t('mail.attempts', { count: mail.attempts })}
          </Text>
        ) : null}
        {isRetryable ? (
          <Button
            size="compact-xs"
            variant="default"
            leftSection={<IconSend size={14} />}
            loading={retry.isPending}
            onClick={() =>
              retry.mutate(mail.id, {
                onSuccess: () => notifyDone(t('mail.retried')),
                onError: (problem) => notifyProblem(problem, t),
              })
            }
          >
            {t('mail.retry')}
          </Button>
        ) : null}
      </Group>
    </Stack>
  )
}

const addressee = (mail: MailView, t: T): string => (mail.to === '' ? t('mail.nobody', { audience: mail.subject }) : mail.to)

/** The mail as its reader sees it: HTML in a frame without scripts, forms or the page's origin; its links open beside. */
function Reading({ mail }: { mail: MailView }) {
  const { t, dateTime } = useText()
  return (
    <article className="mail-reading">
      <header>
        <Group justify="space-between" gap="sm" align="flex-start">
          <Title order={2} size="h3">
            {mail.subject}
          </Title>
          <Badge color={colors[mail.state]}>{t(`mail.state.${mail.state}`)}</Badge>
        </Group>
        <Text size="sm" c="dimmed">
          {t('mail.to')} {addressee(mail, t)} · {dateTime(mail.at)} · {t('mail.template')} <span className="mono">{mail.template}</span>
        </Text>
        <Fate mail={mail} />
        {mail.ticketId ? (
          <Button component={Link} to={`/tickets/${encodeURIComponent(mail.ticketId)}`} size="compact-xs" variant="light" mt={8}>
            {t('mail.ticket')}
          </Button>
        ) : null}
      </header>
      {mail.html ? (
        <iframe
          title={mail.subject}
          sandbox="allow-popups allow-popups-to-escape-sandbox"
          srcDoc={`<base target="_blank">${mail.html}`}
          className="mail-frame"
        />
      ) : (
        <pre className="mail-text prose">{mail.text}</pre>
      )}
    </article>
  )
}

function Filters({ filter, change }: { filter: MailFilter; change: (filter: MailFilter) => void }) {
  const { t } = useText()
  return (
    <>
      <TextInput
        className="filter-search"
        type="search"
        aria-label={t('mail.filter.search')}
        placeholder={t('mail.filter.search')}
        leftSection={<IconSearch size={16} />}
        value={filter.q ?? ''}
        onChange={(event) => change({ ...filter, q: event.currentTarget.value })}
      />
      <Select
        className="filter"
        clearable
        aria-label={t('mail.filter.state')}
        placeholder={t('mail.filter.state')}
        value={filter.state ?? null}
        data={states.map((state) => ({ value: state, label: t(`mail.state.${state}`) }))}
        onChange={(state) => {
          const { state: _, ...rest } = filter
          change(state ? { ...rest, state } : rest)
        }}
      />
    </>
  )
}

export function MailPage() {
  const { t, ago } = useText()
  const [filter, setFilter] = useState<MailFilter>({})
  const [q] = useDebouncedValue(filter.q, 250)
  const { data, error, isPending, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useSendLog({ ...filter, ...(q ? { q } : {}) })
  const [chosenId, setChosenId] = useState<string | null>(null)
  const mails = data?.pages.flatMap((page) => page.items) ?? []
  const chosen = mails.find((mail) => mail.id === chosenId) ?? null
  return (
    <ListPage title={t('mail.title')} lead={t('mail.lead')} isFilling filters={<Filters filter={filter} change={setFilter} />}>
      <BlockedAddresses />
      <div className={`panel panel-flush mail ${chosen ? 'mail-open' : ''}`}>
        <div className="mail-list">
          {isPending ? <ListSkeleton /> : null}
          {error ? <ErrorState error={error} onRetry={() => void refetch()} /> : null}
          {!isPending && !error && mails.length === 0 ? (
            <EmptyState icon={<IconMail size={26} stroke={1.5} />} title={t('mail.empty')} hint={t('mail.empty.hint')} />
          ) : null}
          {mails.map((mail) => (
            <button
              key={mail.id}
              type="button"
              className="mail-row"
              aria-pressed={mail.id === chosenId}
              onClick={() => setChosenId(mail.id)}
            >
              <span className="mail-row-head">
                <span className="truncate">{addressee(mail, t)}</span>
                <Text span size="xs" c="dimmed" className="num">
                  {ago(mail.at)}
                </Text>
              </span>
              <span className="mail-row-subject truncate">{mail.subject}</span>
              {mail.state === 'sent' ? null : (
                <Badge size="sm" color={colors[mail.state]}>
                  {t(`mail.state.${mail.state}`)}
                </Badge>
              )}
            </button>
          ))}
          {hasNextPage ? (
            <Button variant="subtle" m="sm" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
              {t('common.loadMore')}
            </Button>
          ) : null}
        </div>
        <div className="mail-pane">
          {chosen ? (
            <>
              <Button className="mail-back" variant="subtle" size="xs" onClick={() => setChosenId(null)}>
                {t('common.back')}
              </Button>
              <Reading mail={chosen} />
            </>
          ) : (
            <EmptyState icon={<IconMail size={26} stroke={1.5} />} title={t('mail.pick')} />
          )}
        </div>
      </div>
    </ListPage>
  )
}
