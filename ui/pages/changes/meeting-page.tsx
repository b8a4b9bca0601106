import { Alert, Badge, Button, Checkbox, Group, Stack, Text, Textarea } from '@mantine/core'
import { IconClipboardCheck } from '@tabler/icons-react'
import { Link, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { CabDecision } from '#schema/change'
import type { AgendaItemView, MeetingDetailView } from '#schema/change-view'
import { useConclude, useDecide, useMeeting } from '../../client/changes.ts'
import { isProblem } from '../../client/http.ts'
import { PersonTag } from '../../components/person.tsx'
import { useText } from '../../i18n/index.ts'
import { notifyDone, notifyProblem } from '../../templates/notify.tsx'
import { PageHeader, Panel } from '../../templates/page.tsx'
import { RecordPage } from '../../templates/record-page.tsx'
import { EmptyState, PageFailure, RecordSkeleton } from '../../templates/states.tsx'
import { MeetingBadge } from './cab-page.tsx'
import { RiskBadge, Span } from './change-marks.tsx'
import './changes.css'

const decisionColors = { approved: 'moss', rejected: 'coral', deferred: 'amber' } as const

function DecideForm({ item, meeting, present }: { item: AgendaItemView; meeting: MeetingDetailView; present: string[] }) {
  const { t } = useText()
  const decide = useDecide(meeting.id)
  const [minutes, setMinutes] = useState('')
  const [error, setError] = useState<string | null>(null)
  const say = (decision: CabDecision): void => {
    if (minutes.trim().length < 3) {
      setError(t('common.required'))
      return
    }
    decide.mutate(
      { ticketId: item.ticketId, decision, minutes, attendeeIds: present },
      {
        onSuccess: () => notifyDone(t('cab.decided'), item.number),
        onError: (refused) => {
          if (isProblem(refused)) setError(refused.fieldErrors().attendeeIds ?? refused.fieldErrors().minutes ?? null)
          notifyProblem(refused, t)
        },
      },
    )
  }
  return (
    <Stack gap="xs" mt="sm">
      <Textarea
        label={t('cab.minutes')}
        description={t('cab.minutes.hint')}
        required
        autosize
        minRows={2}
        error={error}
        value={minutes}
        onChange={(event) => {
          setMinutes(event.currentTarget.value)
          setError(null)
        }}
      />
      <Group gap="xs">
        {CabDecision.options.map((decision) => (
          <Button
            key={decision}
            size="xs"
            variant={decision === 'approved' ? 'filled' : 'light'}
            color={decisionColors[decision]}
            loading={decide.isPending}
            onClick={() => say(decision)}
          >
            {t(`cab.decide.${decision}`)}
          </Button>
        ))}
      </Group>
    </Stack>
  )
}

function Item({ item, meeting, present }: { item: AgendaItemView; meeting: MeetingDetailView; present: string[] }) {
  const { t, tOr } = useText()
  return (
    <Panel>
      <Group justify="space-between" gap="xs">
        <Link to="/tickets/$id" params={{ id: item.number }} search={{ tab: 'change' }} className="cab-item">
          <span className="num">{item.number}</span> {item.title}
        </Link>
        <Group gap="xs">
          <RiskBadge risk={item.risk} />
          {item.decision ? <Badge color={decisionColors[item.decision]}>{t(`cab.decision.${item.decision}`)}</Badge> : null}
        </Group>
      </Group>
      <Text size="sm" c="dimmed">
        {item.requester.name}
        {item.implementer ? ` → ${item.implementer.name}` : ''} · <Span from={item.plannedStart} to={item.plannedEnd} />
      </Text>
      {item.votes.length > 0 ? (
        <Group gap={6} mt={6}>
          {item.votes.map(({ approver, decision }) => (
            <Badge key={approver.id} variant="light" color={decision === 'approved' ? 'moss' : decision === 'rejected' ? 'coral' : 'gray'}>
              {approver.name} : {tOr(`change.vote.${decision}`, decision)}
            </Badge>
          ))}
        </Group>
      ) : null}
      {item.minutes ? (
        <Text size="sm" mt="xs" className="prose">
          {item.minutes}
        </Text>
      ) : null}
      {item.isWaiting && meeting.mayDecide ? <DecideForm item={item} meeting={meeting} present={present} /> : null}
    </Panel>
  )
}

function Conclude({ meeting, present }: { meeting: MeetingDetailView; present: string[] }) {
  const { t } = useText()
  const conclude = useConclude(meeting.id)
  const [notes, setNotes] = useState('')
  const end = (state: 'held' | 'canceled'): void =>
    conclude.mutate(
      { state, attendeeIds: state === 'held' ? present : [], notes },
      { onSuccess: () => notifyDone(t('cab.concluded')), onError: (error) => notifyProblem(error, t) },
    )
  return (
    <Stack gap="xs" mt="md">
      <Textarea label={t('cab.notes')} autosize minRows={2} value={notes} onChange={(event) => setNotes(event.currentTarget.value)} />
      <Group gap="xs">
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
      {meeting.notes ? (
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
        <Item key={item.ticketId} item={item} meeting={meeting} present={present} />
      ))}
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
