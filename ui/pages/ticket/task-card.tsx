import { Badge, Button, Group, Select, Text } from '@mantine/core'
import { IconChecklist, IconHandGrab, IconHandStop } from '@tabler/icons-react'
import type { TaskView } from '#schema/view'
import { usePeople } from '../../client/administration.ts'
import { useDecide } from '../../client/approvals.ts'
import { usePerson } from '../../client/session.ts'
import { useTaskAction } from '../../client/tickets.ts'
import { PersonTag } from '../../components/person.tsx'
import { FormRenderer } from '../../form/form-renderer.tsx'
import { useText } from '../../i18n/index.ts'
import { DecisionForm } from '../approvals/decision-form.tsx'
import { notifyDone, notifyProblem } from '../../templates/notify.tsx'

interface TaskCardProps {
  task: TaskView
  /** The ticket's address as the page knows it (id or number), so that its cached copy is renewed. */
  ticketId: string
  /** Only the first task opens its form by itself. */
  isFirst: boolean
}

function TaskHead({ task }: { task: TaskView }) {
  const { t, dateTime, ago } = useText()
  return (
    <div className="task-head">
      <span className="task-icon" aria-hidden>
        <IconChecklist size={18} stroke={1.7} />
      </span>
      <div style={{ minWidth: 0, flex: 1 }}>
        <Text fw={650} size="md">
          {task.name}
        </Text>
        <Text size="xs" c="dimmed">
          {task.candidateGroups.length > 0
            ? `${t('task.forGroups', { groups: task.candidateGroups.map((group) => group.name).join(', ') })} · `
            : ''}
          {task.dueAt === null ? t('task.opened', { date: ago(task.openedAt) }) : t('task.due', { date: dateTime(task.dueAt) })}
        </Text>
      </div>
    </div>
  )
}

/** The next step: who has it, who may act and why not, its form. */
export function TaskCard(props: TaskCardProps) {
  return props.task.approval === null ? <WorkCard {...props} /> : <ApprovalCard {...props} />
}

/** A decision that is asked of somebody: nobody claims or releases it. */
function ApprovalCard({ task }: TaskCardProps) {
  const { t } = useText()
  const decide = useDecide()
  return (
    <section className="task-card" aria-label={task.name}>
      <TaskHead task={task} />
      <div className="task-owner">
        {task.assignee ? <PersonTag person={task.assignee} /> : <Badge color="coral">{t('task.unassigned')}</Badge>}
      </div>
      {task.mayComplete ? (
        <DecisionForm
          draft={`${task.ticketId}.${task.waitId}`}
          onDecide={(given) => decide.mutateAsync({ ticketId: task.ticketId, waitId: task.waitId, ...given })}
        />
      ) : (
        <Text size="sm" c="dimmed">
          {task.whyNot}
        </Text>
      )}
    </section>
  )
}

function WorkCard({ task, ticketId, isFirst }: TaskCardProps) {
  const { t } = useText()
  const me = usePerson()
  const act = useTaskAction(ticketId)
  const isMine = task.assignee?.id === me.id
  const isAgent = me.roles.includes('agent') || me.roles.includes('administrator')
  const run = (name: 'claim' | 'release', done: string, assigneeId?: string): void =>
    act.mutate(
      { waitId: task.waitId, name, ...(assigneeId === undefined ? {} : { assigneeId }) },
      { onSuccess: () => notifyDone(done), onError: (error) => notifyProblem(error, t) },
    )
  const complete = async (values: Parameters<typeof act.mutateAsync>[0]['values']): Promise<void> => {
    await act.mutateAsync({ waitId: task.waitId, name: 'complete', ...(values === undefined ? {} : { values }) })
    notifyDone(t('task.completed'), task.name)
  }
  return (
    <section className="task-card" aria-label={task.name}>
      <TaskHead task={task} />
      <Group gap="sm" justify="space-between" className="task-owner">
        {task.assignee ? <PersonTag person={task.assignee} /> : <Badge color="coral">{t('task.unassigned')}</Badge>}
        <Group gap={6}>
          {task.mayClaim && !isMine ? (
            <Button
              size="xs"
              leftSection={<IconHandGrab size={15} />}
              loading={act.isPending}
              onClick={() => run('claim', t('task.claimed'))}
            >
              {t('task.claim')}
            </Button>
          ) : null}
          {isMine ? (
            <Button
              size="xs"
              variant="default"
              leftSection={<IconHandStop size={15} />}
              loading={act.isPending}
              onClick={() => run('release', t('task.released'))}
            >
              {t('task.release')}
            </Button>
          ) : null}
          {isAgent && (task.mayClaim || isMine) ? (
            <AssignSelect onPick={(id) => run('claim', t('task.claimed'), id)} groups={task.candidateGroups.map((group) => group.id)} />
          ) : null}
        </Group>
      </Group>
      {task.mayComplete && (isFirst || isMine) ? (
        task.form ? (
          <FormRenderer
            key={task.waitId}
            form={task.form}
            values={task.values}
            draft={`task.${task.ticketId}.${task.waitId}`}
            submitLabel={t('task.complete')}
            onSubmit={complete}
          />
        ) : (
          <Button loading={act.isPending} onClick={() => void complete({}).catch((error: unknown) => notifyProblem(error, t))}>
            {t('task.complete')}
          </Button>
        )
      ) : (
        <Text size="sm" c="dimmed">
          {task.whyNot ?? t('task.mustClaim')}
        </Text>
      )}
    </section>
  )
}

/** Hands the task to a colleague of the groups that may do it. */
function AssignSelect({ onPick, groups }: { onPick: (id: string) => void; groups: string[] }) {
  const { t } = useText()
  const people = (usePeople('').data ?? []).filter(
    (person) => person.roles.includes('agent') && (groups.length === 0 || person.groups.some((group) => groups.includes(group))),
  )
  return (
    <Select
      size="xs"
      w={140}
      searchable
      placeholder={t('task.assign')}
      aria-label={t('task.assign')}
      data={people.map((person) => ({ value: person.id, label: person.name }))}
      value={null}
      onChange={(id) => (id ? onPick(id) : undefined)}
      comboboxProps={{ width: 220, position: 'bottom-end', shadow: 'md' }}
    />
  )
}
