import { Button, Text } from '@mantine/core'
import { IconMailOff } from '@tabler/icons-react'
import { useRejectedMail } from '../../client/administration.ts'
import { useText } from '../../i18n/index.ts'
import { ListPage } from '../../templates/list-page.tsx'
import { EmptyState, ErrorState, ListSkeleton } from '../../templates/states.tsx'
import { TableScroll } from '../../templates/table-scroll.tsx'

export function RejectedMailPage() {
  const { t, dateTime } = useText()
  const { data, error, isPending, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useRejectedMail()
  const mails = data?.pages.flatMap((page) => page.items) ?? []
  return (
    <ListPage title={t('rejected.title')} lead={t('rejected.lead')}>
      <div className="panel panel-flush">
        {isPending ? <ListSkeleton rows={4} /> : null}
        {error ? <ErrorState error={error} onRetry={() => void refetch()} /> : null}
        {!isPending && !error && mails.length === 0 ? (
          <EmptyState icon={<IconMailOff size={26} stroke={1.5} />} title={t('rejected.empty')} hint={t('rejected.empty.hint')} />
        ) : null}
        {mails.length > 0 ? (
          <TableScroll label={t('rejected.title')}>
            <table className="g-table">
              <thead>
                <tr>
                  <th scope="col">{t('mail.at')}</th>
                  <th scope="col">{t('rejected.from')}</th>
                  <th scope="col">{t('mail.subject')}</th>
                  <th scope="col">{t('rejected.reason')}</th>
                </tr>
              </thead>
              <tbody>
                {mails.map((mail) => (
                  <tr key={mail.id}>
                    <td className="num">{dateTime(mail.at)}</td>
                    <td>{mail.from ?? ''}</td>
                    <td>{mail.subject ?? ''}</td>
                    <td>
                      <Text size="sm" fw={600}>
                        {mail.reason}
                      </Text>
                      <Text size="xs" c="dimmed">
                        {[mail.detail, mail.remedy].filter(Boolean).join(' · ')}
                      </Text>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </TableScroll>
        ) : null}
      </div>
      {hasNextPage ? (
        <Button variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t('common.loadMore')}
        </Button>
      ) : null}
    </ListPage>
  )
}
