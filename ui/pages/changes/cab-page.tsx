import { Badge, Title } from '@mantine/core'
import { IconUsersGroup } from '@tabler/icons-react'
import { Link, useNavigate } from '@tanstack/react-router'
import type { MeetingView } from '#schema/change-view'
import { useMeetings } from '../../client/changes.ts'
import { hasRole, usePerson } from '../../client/session.ts'
import { useText } from '../../i18n/index.ts'
import { DialogListPage } from '../../templates/dialog-list-page.tsx'
import { Span } from './change-marks.tsx'
import { MeetingForm } from './meeting-form.tsx'
import './changes.css'

const stateColors = { planned: 'petrol', held: 'moss', canceled: 'gray' } as const

export function MeetingBadge({ state }: { state: MeetingView['state'] }) {
  const { t } = useText()
  return (
    <Badge className="change-badge" color={stateColors[state]}>
      {t(`cab.state.${state}`)}
    </Badge>
  )
}

function MeetingCard({ meeting }: { meeting: MeetingView }) {
  const { t } = useText()
  return (
    <Link to="/cab/$id" params={{ id: meeting.id }} className="panel cab-card">
      <div className="panel-head">
        <Title order={3} size="h4">
          {meeting.title}
        </Title>
        <MeetingBadge state={meeting.state} />
      </div>
      <Span from={meeting.startsAt} to={meeting.endsAt} />
      <div className="change-dim">{meeting.location}</div>
      <div className="change-dim">
        {t('cab.chair', { name: meeting.chair.name })} · {t('cab.quorum', { quorum: meeting.quorum, count: meeting.members.length })}
      </div>
    </Link>
  )
}

function Meetings({ title, meetings }: { title: string; meetings: readonly MeetingView[] }) {
  if (meetings.length === 0) return null
  return (
    <section aria-label={title}>
      <Title order={2} size="h4" mb="sm">
        {title}
      </Title>
      <div className="cards">
        {meetings.map((meeting) => (
          <MeetingCard key={meeting.id} meeting={meeting} />
        ))}
      </div>
    </section>
  )
}

/** Meetings of the change advisory board. */
export function CabPage() {
  const { t } = useText()
  const navigate = useNavigate()
  const list = useMeetings()
  const mayCall = hasRole(usePerson(), 'processOwner', 'administrator')
  return (
    <DialogListPage
      title={t('cab.title')}
      lead={t('cab.lead')}
      list={list}
      empty={{ icon: <IconUsersGroup size={26} stroke={1.5} />, title: t('cab.empty'), hint: t('cab.empty.hint') }}
      add={mayCall ? { label: t('cab.add'), dialog: 'add' as const } : null}
      dialogOf={() => ({
        title: t('cab.add'),
        body: <MeetingForm meeting={null} onSaved={(id) => void navigate({ to: '/cab/$id', params: { id } })} />,
      })}
    >
      {(meetings) => (
        <>
          <Meetings title={t('cab.upcoming')} meetings={meetings.filter(({ state }) => state === 'planned').reverse()} />
          <Meetings title={t('cab.past')} meetings={meetings.filter(({ state }) => state !== 'planned')} />
        </>
      )}
    </DialogListPage>
  )
}
