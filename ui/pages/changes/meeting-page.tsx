import { Alert, Button, Checkbox, Group, Modal, Stack, Text, Textarea } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconClipboardCheck, IconPencil } from '@tabler/icons-react'
import { Link, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import type { MeetingDraft } from '#schema/change'
import type { MeetingDetailView } from '#schema/change-view'
import { useConclude, useMeeting, useSaveMeeting } from '../../client/changes.ts'
import { PersonTag } from '../../components/person.tsx'
import { useText } from '../../i18n/index.ts'
import { notifyDone, notifyProblem } from '../../templates/notify.tsx'
import { PageHeader, Panel } from '../../templates/page.tsx'
import { RecordPage } from '../../templates/record-page.tsx'
import { EmptyState, PageFailure, RecordSkeleton } from '../../templates/states.tsx'
import { AgendaItem } from './agenda-item.tsx'
import { MeetingBadge } from './cab-page.tsx'
import { Span } from './change-marks.tsx'
import { MeetingForm } from './meeting-form.tsx'
import './changes.css'

const draftOf = ({ title, startsAt, endsAt, location, chair, members, quorum }: MeetingDetailView): MeetingDraft => ({
  title,
  startsAt,
  endsAt,
  location,
  chairId: chair.id,
  memberIds: members.map(({ id }) => id),
  quorum,
})
const swapped = (ids: readonly string[], from: number, to: number): string[] =>
  ids.map((id, index) => (index === from ? (ids[to] ?? id) : index === to ? (ids[from] ?? id) : id))

function Conclude({ meeting, present }: { meeting: MeetingDetailView; present: string[] }) {
  const { t } = useText()
  const conclude = useConclude(meeting.id)
  const save = useSaveMeeting()
  const [notes, setNotes] = useState(meeting.notes)
  const keep = (): void =>
    save.mutate(
      { id: meeting.id, version: meeting.version, draft: { ...draftOf(meeting), notes } },
      { onSuccess: () => notifyDone(t('cab.minutes.saved')), onError: (error) => notifyProblem(error, t) },
    )
  const end = (state: 'held' | 'canceled'): void =>
    conclude.mutate(
      { state, attendeeIds: state === 'held' ? present : [], notes },
      { onSuccess: () => notifyDone(t('cab.concluded')), onError: (error) => notifyProblem(error, t) },
    )
  return (
    <Stack gap="xs" mt="md">
      <Textarea label={t('cab.notes')} autosize minRows={2} value={notes} onChange={(event) => setNotes(event.currentTarget.value)} />
      <Group gap="xs">
        <Button size="xs" variant="default" disabled={notes === meeting.notes} loading={save.isPending} onClick={keep}>
          {t('cab.notes.save')}
        </Button>
        <Button size="xs" loading={conclude.isPending} onClick={() => end('held')}>
          {t('cab.conclude')}
        </Button>
        <Button size="xs" variant="subtle" color="gray" loading={conclude.isPending} onClick={() => end('canceled')}>
          {t('cab.cancel')}
        </Button>
      </Group>
    </Stack>
  )
}

function Meeting({ meeting }: { meeting: MeetingDetailView }) {
  const { t } = useText()
  const isPlanned = meeting.state === 'planned'
  const [present, setPresent] = useState<string[]>(meeting.attendees.map(({ id }) => id))
  const [isEditing, editing] = useDisclosure(false)
  const order = useSaveMeeting()
  const waiting = meeting.agenda.filter(({ decision }) => decision === null).map(({ ticketId }) => ticketId)
  const moveTo = (from: number, to: number): (() => void) | null => {
    if (order.isPending || to < 0 || to >= waiting.length) return null
    return () =>
      order.mutate(
        { id: meeting.id, version: meeting.version, draft: { ...draftOf(meeting), agendaOrder: swapped(waiting, from, to) } },
        { onError: (error) => notifyProblem(error, t) },
      )
  }
  const moveOf = (ticketId: string) => {
    const from = waiting.indexOf(ticketId)
    return meeting.mayEdit && from >= 0 && waiting.length > 1 ? { up: moveTo(from, from - 1), down: moveTo(from, from + 1) } : null
  }
  const aside = (
    <Panel title={t('cab.present')}>
      {isPlanned && meeting.mayDecide ? (
        <Checkbox.Group value={present} onChange={setPresent} description={t('cab.present.hint')}>
          <Stack gap={6} mt="xs">
            {meeting.members.map(({ id, name }) => (
              <Checkbox key={id} value={id} label={name} />
            ))}
          </Stack>
        </Checkbox.Group>
      ) : (
        <Stack gap={6}>
          {(isPlanned ? meeting.members : meeting.attendees).map((person) => (
            <PersonTag key={person.id} person={person} />
          ))}
        </Stack>
      )}
      <Text size="xs" c="dimmed" mt="sm">
        {t('cab.quorum', { quorum: meeting.quorum, count: meeting.members.length })}
      </Text>
      {isPlanned && meeting.mayDecide ? <Conclude meeting={meeting} present={present} /> : null}
    </Panel>
  )
  return (
    <RecordPage
      header={
        <PageHeader
          title={meeting.title}
          lead={
            <Group gap="xs">
              <MeetingBadge state={meeting.state} />
              <Span from={meeting.startsAt} to={meeting.endsAt} />
              {meeting.location ? <span>· {meeting.location}</span> : null}
              <span>· {t('cab.chair', { name: meeting.chair.name })}</span>
            </Group>
          }
          actions={
            meeting.mayEdit ? (
              <Button variant="default" leftSection={<IconPencil size={16} />} onClick={editing.open}>
                {t('cab.edit')}
              </Button>
            ) : undefined
          }
          crumbs={
            <Link to="/cab" className="plain">
              {t('cab.back')}
            </Link>
          }
        />
      }
      aside={aside}
    >
      {isPlanned && !meeting.mayDecide ? <Alert color="petrol">{t('cab.chairOnly', { name: meeting.chair.name })}</Alert> : null}
      {meeting.notes && !(isPlanned && meeting.mayDecide) ? (
        <Panel title={t('cab.notes')}>
          <div className="prose">{meeting.notes}</div>
        </Panel>
      ) : null}
      <h2 className="calendar-heading">{t('cab.agenda')}</h2>
      {meeting.agenda.length === 0 ? (
        <Panel>
          <EmptyState isSmall icon={<IconClipboardCheck size={20} stroke={1.5} />} title={t('cab.agenda.empty')} />
        </Panel>
      ) : null}
      {meeting.agenda.map((item) => (
        <AgendaItem key={item.ticketId} item={item} meeting={meeting} present={present} onMove={moveOf(item.ticketId)} />
      ))}
      <Modal
        size="lg"
        opened={isEditing}
        onClose={editing.close}
        title={t('cab.edit')}
        closeButtonProps={{ 'aria-label': t('common.close') }}
      >
        <MeetingForm meeting={meeting} onSaved={editing.close} />
      </Modal>
    </RecordPage>
  )
}

/** One meeting: its agenda, its minutes, and the chair's hand. */
export function MeetingPage() {
  const { id } = useParams({ from: '/app/cab/$id' })
  const { data, error, isPending, refetch } = useMeeting(id)
  if (isPending) return <RecordSkeleton />
  if (error) return <PageFailure error={error} onRetry={() => void refetch()} />
  return <Meeting meeting={data} />
}
