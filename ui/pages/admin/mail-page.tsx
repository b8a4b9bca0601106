import { Badge, Button, Group, Text, Title } from '@mantine/core'
import { IconMail } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { MailView } from '#schema/view'
import { useMail } from '../../client/administration.ts'
import { useText } from '../../i18n/index.ts'
import { ListPage } from '../../templates/list-page.tsx'
import { EmptyState, ErrorState, ListSkeleton } from '../../templates/states.tsx'

const colors: Record<MailView['state'], string> = { pending: 'amber', sent: 'moss', failed: 'coral', suppressed: 'gray' }

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
          {t('mail.to')} {mail.to} · {dateTime(mail.at)} · {t('mail.template')} <span className="mono">{mail.template}</span>
        </Text>
        {mail.reason ? (
          <Text size="sm" c="coral">
            {mail.reason}
          </Text>
        ) : null}
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

export function MailPage() {
  const { t, ago } = useText()
  const { data, error, isPending, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useMail()
  const [chosenId, setChosenId] = useState<string | null>(null)
  const mails = data?.pages.flatMap((page) => page.items) ?? []
  const chosen = mails.find((mail) => mail.id === chosenId) ?? null
  return (
    <ListPage title={t('mail.title')} lead={t('mail.lead')} isFilling>
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
                <span className="truncate">{mail.to}</span>
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
