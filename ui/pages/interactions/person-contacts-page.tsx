import { Button, Group } from '@mantine/core'
import { IconMessages } from '@tabler/icons-react'
import { useParams } from '@tanstack/react-router'
import { useContacts } from '../../client/desks.ts'
import { useText } from '../../i18n/index.ts'
import { ListPage } from '../../templates/list-page.tsx'
import { EmptyState, ErrorState, ListSkeleton } from '../../templates/states.tsx'
import { ContactTable } from './contact-table.tsx'
import '../../styles/interactions.css'

/** One thread per person, across every channel. */
export function PersonContactsPage() {
  const { t } = useText()
  const { id } = useParams({ strict: false }) as { id: string }
  const { data, error, isPending, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useContacts({ personId: id })
  const contacts = data?.pages.flatMap((page) => page.items) ?? []
  const name = contacts[0]?.person?.name
  return (
    <ListPage title={name ?? t('person.contacts')} lead={t('person.contacts.lead')}>
      <div className="panel panel-flush">
        {isPending ? <ListSkeleton /> : null}
        {error ? <ErrorState error={error} onRetry={() => void refetch()} /> : null}
        {!isPending && !error && contacts.length === 0 ? (
          <EmptyState icon={<IconMessages size={26} stroke={1.5} />} title={t('person.contacts.none')} />
        ) : null}
        {contacts.length > 0 ? <ContactTable contacts={contacts} label={t('person.contacts')} /> : null}
        {hasNextPage ? (
          <Group justify="center" p="sm">
            <Button variant="subtle" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
              {t('common.loadMore')}
            </Button>
          </Group>
        ) : null}
      </div>
    </ListPage>
  )
}
