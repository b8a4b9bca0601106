import { Text, Title } from '@mantine/core'
import { IconUsersGroup } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useGroups } from '../../client/administration.ts'
import { PersonTag } from '../../components/person.tsx'
import { useText } from '../../i18n/index.ts'
import { ListPage } from '../../templates/list-page.tsx'
import { EmptyState, ErrorState, ListSkeleton } from '../../templates/states.tsx'

export function GroupsPage() {
  const { t } = useText()
  const { data, error, isPending, refetch } = useGroups()
  return (
    <ListPage title={t('groups.title')}>
      {isPending ? <ListSkeleton /> : null}
      {error ? <ErrorState error={error} onRetry={() => void refetch()} /> : null}
      {data?.length === 0 ? <EmptyState icon={<IconUsersGroup size={26} stroke={1.5} />} title={t('groups.empty')} /> : null}
      <div className="cards">
        {(data ?? []).map((group) => (
          <section key={group.id} className="panel">
            <div className="panel-head">
              <div>
                <Title order={2} size="h4">
                  <Link to="/register/$path/$id" params={{ path: 'groups', id: group.id }} search={{}} className="record-link">
                    {group.name}
                  </Link>
                </Title>
                <Text size="xs" c="dimmed" className="mono">
                  {group.id}
                </Text>
              </div>
              <Text size="xs" c="dimmed">
                {t('groups.members', { count: group.members.length })}
              </Text>
            </div>
            <ul className="members">
              {group.members.map((member) => (
                <li key={member.id}>
                  <PersonTag person={member} />
                </li>
              ))}
            </ul>
          </section>
        ))}
      </div>
    </ListPage>
  )
}
