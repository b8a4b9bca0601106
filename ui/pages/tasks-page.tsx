import { Badge, Button, SegmentedControl, Text } from '@mantine/core'
import { IconChecklist } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { type TaskRow, useTasks } from '../client/desk.ts'
import { PersonTag } from '../components/person.tsx'
import { useNow } from '../components/now.ts'
import { useText } from '../i18n/index.ts'
import { ListPage } from '../templates/list-page.tsx'
import { EmptyState, ErrorState, ListSkeleton } from '../templates/states.tsx'

function Task({ task }: { task: TaskRow }) {
  const { t, ago, dateTime } = useText()
  const now = useNow()
  const number = task.number ?? task.ticketNumber ?? ''
  const title = task.title ?? task.ticketTitle ?? ''
  const isLate = task.dueAt !== null && Date.parse(task.dueAt) < now
  return (
    <li className="task-row">
      <Link to="/tickets/$id" params={{ id: number || task.ticketId }} className="task-link">
        <span className="task-icon" aria-hidden>
          <IconChecklist size={18} stroke={1.7} />
        </span>
        <span className="queue-words">
          <span className="queue-title truncate">{task.name}</span>
          <span className="queue-sub truncate">
            <span className="mono">{number}</span> {title === '' ? '' : `· ${title}`}
          </span>
        </span>
        <span className="task-groups truncate">{task.candidateGroups.map((group) => group.name).join(', ')}</span>
        <span className="task-assignee">
          {task.assignee ? <PersonTag person={task.assignee} size={22} /> : <Badge color="coral">{t('task.unassigned')}</Badge>}
        </span>
        <Text span size="xs" c={isLate ? 'coral' : 'dimmed'} fw={isLate ? 650 : 400} className="num task-when">
          {task.dueAt === null ? t('task.opened', { date: ago(task.openedAt) }) : t('task.due', { date: dateTime(task.dueAt) })}
        </Text>
      </Link>
    </li>
  )
}

/** Every open step that waits for me or my groups. */
export function TasksPage() {
  const { t } = useText()
  const [view, setView] = useState<'mine' | 'group'>('group')
  const { data, error, isPending, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useTasks(view)
  const tasks = data?.pages.flatMap((page) => page.items) ?? []
  return (
    <ListPage
      title={t('tasks.title')}
      filters={
        <SegmentedControl
          aria-label={t('tasks.title')}
          value={view}
          onChange={(next) => setView(next as 'mine' | 'group')}
          data={[
            { value: 'group', label: t('tasks.group') },
            { value: 'mine', label: t('tasks.mine') },
          ]}
        />
      }
    >
      <div className="panel panel-flush">
        {isPending ? <ListSkeleton /> : null}
        {error ? <ErrorState error={error} onRetry={() => void refetch()} /> : null}
        {!isPending && !error && tasks.length === 0 ? (
          <EmptyState icon={<IconChecklist size={26} stroke={1.5} />} title={t('tasks.empty')} hint={t('tasks.empty.hint')} />
        ) : null}
        <ol className="plain-list">
          {tasks.map((task) => (
            <Task key={`${task.ticketId}${task.waitId}`} task={task} />
          ))}
        </ol>
      </div>
      {hasNextPage ? (
        <Button variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t('common.loadMore')}
        </Button>
      ) : null}
    </ListPage>
  )
}
