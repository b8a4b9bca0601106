import { Badge, Text } from '@mantine/core'
import { IconFlame } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { MajorState, MajorView } from '#schema/major'
import { useOptions } from '../../client/desk.ts'
import { useMajors } from '../../client/incident.ts'
import { PriorityMark } from '../../components/badges.tsx'
import { useNow } from '../../components/now.ts'
import { PersonAvatar } from '../../components/person.tsx'
import { useText } from '../../i18n/index.ts'
import { BoardPage } from '../../templates/board-page.tsx'
import { EmptyState, ErrorState, ListSkeleton } from '../../templates/states.tsx'

const columns: { id: 'candidate' | 'running' | 'review' | 'ended'; color: string; states: MajorState[] }[] = [
  { id: 'candidate', color: 'amber', states: ['candidate'] },
  { id: 'running', color: 'coral', states: ['running'] },
  { id: 'review', color: 'petrol', states: ['review'] },
  { id: 'ended', color: 'gray', states: ['closed', 'downgraded', 'refused'] },
]

function NextStep({ major }: { major: MajorView }) {
  const { t, ago, dateTime } = useText()
  const now = useNow()
  if (major.state === 'running' && major.nextUpdateAt) {
    const isDue = Date.parse(major.nextUpdateAt) <= now
    return (
      <Badge color={isDue ? 'coral' : 'gray'} variant={isDue ? 'filled' : 'light'} className="num">
        {isDue ? t('major.updateDue') : t('major.next', { date: ago(major.nextUpdateAt) })}
      </Badge>
    )
  }
  if (major.state === 'review' && major.reviewDueAt) {
    const isLate = Date.parse(major.reviewDueAt) < now
    return (
      <Badge color={isLate ? 'coral' : 'gray'} variant={isLate ? 'filled' : 'light'} className="num">
        {t('major.reviewDue', { date: dateTime(major.reviewDueAt) })}
      </Badge>
    )
  }
  return major.state === 'refused' || major.state === 'downgraded' ? <Badge color="gray">{t(`major.state.${major.state}`)}</Badge> : null
}

function Card({ major, service }: { major: MajorView; service: string | null }) {
  const { t, ago } = useText()
  return (
    <Link to="/tickets/$id" params={{ id: major.number }} className="board-card">
      <span className="board-card-head">
        <span className="mono">{major.number}</span>
        <PriorityMark priority={major.priority} withWord={false} />
      </span>
      <span className="board-card-title">{major.title}</span>
      <Text span size="xs" c="dimmed">
        {[
          service,
          t('major.children', { count: major.childCount, open: major.openChildCount }),
          t('major.updates', { count: major.updateCount }),
        ]
          .filter(Boolean)
          .join(' · ')}
      </Text>
      <NextStep major={major} />
      <span className="board-card-foot">
        {major.commander ? <PersonAvatar name={major.commander.name} size={22} /> : null}
        <span className="truncate">{major.commander?.name ?? t('major.noCommander')}</span>
        <span className="num" style={{ marginLeft: 'auto' }}>
          {ago(major.openedAt)}
        </span>
      </span>
    </Link>
  )
}

/** Candidates, running major incidents, those that wait for their review, and the last month. */
export function MajorsPage() {
  const { t, number } = useText()
  const { data, error, isPending, refetch } = useMajors()
  const services = useOptions().data?.services ?? []
  if (isPending) return <ListSkeleton rows={6} />
  if (error)
    return (
      <div className="page">
        <ErrorState error={error} onRetry={() => void refetch()} />
      </div>
    )
  return (
    <BoardPage
      title={t('major.page')}
      lead={t('major.page.lead')}
      columns={columns.map(({ id, color, states }) => {
        const majors = data.filter(({ state }) => states.includes(state))
        return {
          id,
          color,
          title: t(`major.column.${id}`),
          count: number(majors.length),
          children:
            majors.length === 0 ? (
              <EmptyState isSmall icon={<IconFlame size={20} stroke={1.5} />} title={t(`major.empty.${id}`)} />
            ) : (
              majors.map((major) => (
                <Card
                  key={major.id}
                  major={major}
                  service={services.find(({ value }) => value === major.service)?.label ?? major.service}
                />
              ))
            ),
        }
      })}
    />
  )
}
