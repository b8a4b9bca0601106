import { Button, Group, Select, SimpleGrid, Stack, Text, TextInput } from '@mantine/core'
import { IconCalendarPlus, IconCalendarSearch } from '@tabler/icons-react'
import { useState } from 'react'
import type { ChangeView } from '#schema/change-view'
import type { TaskView, TicketView } from '#schema/view'
import { usePeople } from '../../../client/administration.ts'
import { findSlot, type PlanDraft, useConflicts, useReschedule } from '../../../client/changes.ts'
import { useTaskAction } from '../../../client/tickets.ts'
import { useText } from '../../../i18n/index.ts'
import { notifyDone, notifyProblem } from '../../../templates/notify.tsx'
import { Panel } from '../../../templates/page.tsx'
import { ConflictList, fromLocalInput, Span, toLocalInput } from '../../changes/change-marks.tsx'
import { PlanScope } from './plan-scope.tsx'

const hourMs = 3_600_000

interface Draft {
  start: string
  end: string
  implementerId: string | null
}
const draftOf = (change: ChangeView): Draft => ({
  start: change.plannedStart ? toLocalInput(change.plannedStart) : '',
  end: change.plannedEnd ? toLocalInput(change.plannedEnd) : '',
  implementerId: change.implementer?.id ?? null,
})
const spanOf = ({ start, end }: Draft): { from: string; to: string } | null => {
  const [from, to] = [fromLocalInput(start), fromLocalInput(end)]
  return from !== null && to !== null && to > from ? { from, to } : null
}

/** Conflicts as the window is edited; the next free slot; and, while the change is to be planned, the plan itself. */
function Trial({ change, task, ticketId }: { change: ChangeView; task: TaskView | undefined; ticketId: string }) {
  const { t } = useText()
  const [draft, setDraft] = useState<Draft>(() => draftOf(change))
  const [isSearching, setSearching] = useState(false)
  const agents = (usePeople('').data ?? []).filter(({ roles }) => roles.includes('agent'))
  const act = useTaskAction(ticketId)
  const plan: PlanDraft = {
    ticketId: change.id,
    ciIds: change.cis.map(({ id }) => id),
    service: change.service,
    implementerId: draft.implementerId,
    dependsOn: change.dependsOn.map(({ id }) => id),
  }
  const span = spanOf(draft)
  const { data } = useConflicts(plan, span)
  const change_ = (part: Partial<Draft>): void => setDraft({ ...draft, ...part })
  const search = async (): Promise<void> => {
    setSearching(true)
    try {
      const minutes = span ? (Date.parse(span.to) - Date.parse(span.from)) / 60_000 : (change.durationMinutes ?? 60)
      const { slot } = await findSlot(plan, Math.round(minutes), span?.from)
      if (slot === null) notifyProblem(new Error(t('change.plan.noSlot.hint')), t)
      else change_({ start: toLocalInput(slot.from), end: toLocalInput(slot.to) })
    } catch (error) {
      notifyProblem(error, t)
    } finally {
      setSearching(false)
    }
  }
  const use = (): void => {
    if (!task || !span) return
    const values = { plannedStart: span.from, plannedEnd: span.to, implementerId: draft.implementerId, conflictsAccepted: false }
    act.mutate(
      { waitId: task.waitId, name: 'complete', values },
      { onSuccess: () => notifyDone(t('change.plan.used')), onError: (error) => notifyProblem(error, t) },
    )
  }
  const isBackwards = draft.start !== '' && draft.end !== '' && span === null
  const setStart = (start: string): void => {
    const from = fromLocalInput(start)
    const length = span ? Date.parse(span.to) - Date.parse(span.from) : (change.durationMinutes ?? 60) * 60_000 || hourMs
    change_({ start, ...(from ? { end: toLocalInput(new Date(Date.parse(from) + length).toISOString()) } : {}) })
  }
  return (
    <Stack gap="sm">
      <SimpleGrid cols={{ base: 1, sm: 3 }}>
        <TextInput
          type="datetime-local"
          label={t('change.plan.start')}
          value={draft.start}
          onChange={(event) => setStart(event.currentTarget.value)}
        />
        <TextInput
          type="datetime-local"
          label={t('change.plan.end')}
          value={draft.end}
          error={isBackwards ? t('change.plan.invalid') : null}
          onChange={(event) => change_({ end: event.currentTarget.value })}
        />
        <Select
          label={t('change.implementer')}
          searchable
          clearable
          data={agents.map(({ id, name }) => ({ value: id, label: name }))}
          value={draft.implementerId}
          onChange={(implementerId) => change_({ implementerId })}
        />
      </SimpleGrid>
      {span && data ? <ConflictList conflicts={data.conflicts} /> : null}
      {task?.mayComplete && span && data && data.conflicts.length > 0 ? (
        <Text size="sm" c="dimmed">
          {t('change.plan.accept')}
        </Text>
      ) : null}
      <Group gap="xs">
        <Button
          size="xs"
          variant="default"
          leftSection={<IconCalendarSearch size={15} />}
          loading={isSearching}
          onClick={() => void search()}
        >
          {t('change.plan.next')}
        </Button>
        {task?.mayComplete ? (
          <Button
            size="xs"
            leftSection={<IconCalendarPlus size={15} />}
            disabled={span === null || draft.implementerId === null || (data?.conflicts.length ?? 1) > 0}
            loading={act.isPending}
            onClick={use}
          >
            {t('change.plan.use')}
          </Button>
        ) : null}
      </Group>
    </Stack>
  )
}

export function PlanPanel({ change, ticket }: { change: ChangeView; ticket: TicketView }) {
  const { t } = useText()
  const reschedule = useReschedule(change.number)
  const task = ticket.tasks.find(({ elementId }) => elementId === 'schedule')
  const isTrying = task !== undefined || (change.plannedStart === null && change.mayEditPlan)
  return (
    <Panel
      title={t('change.plan')}
      aside={
        change.mayReschedule ? (
          <Button
            size="xs"
            variant="default"
            loading={reschedule.isPending}
            onClick={() =>
              reschedule.mutate(undefined, {
                onSuccess: () => notifyDone(t('change.plan.rescheduled')),
                onError: (error) => notifyProblem(error, t),
              })
            }
          >
            {t('change.plan.reschedule')}
          </Button>
        ) : undefined
      }
    >
      <Stack gap="sm">
        {isTrying ? (
          <Trial key={change.plannedStart ?? ''} change={change} task={task} ticketId={ticket.number} />
        ) : (
          <>
            <Text fw={600}>
              <Span from={change.plannedStart} to={change.plannedEnd} />
              {change.implementer ? <span className="change-dim"> · {change.implementer.name}</span> : null}
            </Text>
            {change.plannedStart && !change.outcome ? <ConflictList conflicts={change.conflicts} /> : null}
          </>
        )}
        <PlanScope change={change} />
      </Stack>
    </Panel>
  )
}
