import { Anchor, Badge, Button, Group, Select, Text, UnstyledButton } from '@mantine/core'
import { IconPlugConnected } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { JobState, type JobView } from '#schema/job'
import { type JobFilter, type JobType, useJobs, useJobTypes } from '../../client/jobs.ts'
import { useText } from '../../i18n/index.ts'
import { ListPage } from '../../templates/list-page.tsx'
import { ListStates } from '../../templates/list-states.tsx'
import { TableScroll } from '../../templates/table-scroll.tsx'

const colors: Record<JobState, string> = { waiting: 'amber', locked: 'petrol', completed: 'moss', failed: 'coral', canceled: 'gray' }

function Types({ types, chosen, choose }: { types: JobType[]; chosen: string | undefined; choose: (type: string | undefined) => void }) {
  const { t, ago } = useText()
  if (types.length === 0) return null
  return (
    <Group gap="sm">
      {types.map(({ type, waiting, locked, oldestAt }) => (
        <UnstyledButton
          key={type}
          className="panel"
          p="sm"
          aria-pressed={type === chosen}
          onClick={() => choose(type === chosen ? undefined : type)}
        >
          <Text fw={600} className="mono">
            {type}
          </Text>
          <Text size="sm" c="dimmed">
            {[
              t('jobs.count.waiting', { count: waiting }),
              t('jobs.count.locked', { count: locked }),
              t('jobs.oldest', { ago: ago(oldestAt) }),
            ].join(' · ')}
          </Text>
        </UnstyledButton>
      ))}
    </Group>
  )
}

function JobRow({ job }: { job: JobView }) {
  const { t, ago, dateTime } = useText()
  return (
    <tr>
      <td>
        <span className="mono">{job.type}</span>
        {job.message ? (
          <Text size="xs" c="dimmed">
            {job.message}
          </Text>
        ) : null}
      </td>
      <td>
        <Badge color={colors[job.state]} variant="light">
          {t(`jobs.state.${job.state}`)}
        </Badge>
      </td>
      <td>
        {job.processId}
        <Text size="xs" c="dimmed" className="mono">
          {job.elementId}
        </Text>
      </td>
      <td className="num">
        {job.ticketNumber ? (
          <Anchor component={Link} to={`/tickets/${encodeURIComponent(job.ticketNumber)}`} size="sm">
            {job.ticketNumber}
          </Anchor>
        ) : null}
      </td>
      <td>{job.worker ?? ''}</td>
      <td className="num">{job.retries}</td>
      <td className="num" title={dateTime(job.createdAt)}>
        {ago(job.createdAt)}
      </td>
    </tr>
  )
}

const columns = ['type', 'state', 'process', 'ticket', 'worker', 'retries', 'since'] as const

/** What waits for the customer's own workers, and what became of it. */
export function JobsPage() {
  const { t } = useText()
  const [filter, setFilter] = useState<JobFilter>({})
  const types = useJobTypes().data ?? []
  const { data, error, isPending, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useJobs(filter)
  const jobs = data?.pages.flatMap((page) => page.items) ?? []
  const isFiltered = filter.state !== undefined || filter.type !== undefined
  const stateFilter = (
    <Select
      className="filter"
      clearable
      aria-label={t('jobs.state')}
      placeholder={t('jobs.state')}
      value={filter.state ?? null}
      data={JobState.options.map((state) => ({ value: state, label: t(`jobs.state.${state}`) }))}
      onChange={(state) => {
        const { state: _, ...rest } = filter
        setFilter(state ? { ...rest, state } : rest)
      }}
    />
  )
  const choose = (type: string | undefined): void => {
    const { type: _, ...rest } = filter
    setFilter(type === undefined ? rest : { ...rest, type })
  }
  return (
    <ListPage title={t('jobs.title')} lead={t('jobs.lead')} filters={stateFilter}>
      <Types types={types} chosen={filter.type} choose={choose} />
      <div className="panel panel-flush">
        <ListStates
          list={{ data: data && jobs, error, isPending, refetch }}
          skeletonRows={4}
          empty={{
            icon: <IconPlugConnected size={26} stroke={1.5} />,
            title: t(isFiltered ? 'jobs.empty.filtered' : 'jobs.empty'),
            ...(isFiltered ? {} : { hint: t('jobs.empty.hint') }),
            action: (
              <Button component="a" href="/api/v1/docs" target="_blank" variant="default" size="xs">
                {t('jobs.documentation')}
              </Button>
            ),
          }}
        >
          {(shown) => (
            <TableScroll label={t('jobs.title')}>
              <table className="g-table">
                <thead>
                  <tr>
                    {columns.map((column) => (
                      <th key={column} scope="col">
                        {t(`jobs.${column}`)}
                      </th>
                    ))}
                  </tr>
                </thead>
                <tbody>
                  {shown.map((job) => (
                    <JobRow key={job.id} job={job} />
                  ))}
                </tbody>
              </table>
            </TableScroll>
          )}
        </ListStates>
      </div>
      {hasNextPage ? (
        <Button variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t('common.loadMore')}
        </Button>
      ) : null}
    </ListPage>
  )
}
