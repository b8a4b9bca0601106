import { ActionIcon, Anchor, Badge, Button, Group, Text } from '@mantine/core'
import { IconAlertTriangle, IconCheck, IconChevronLeft, IconChevronRight, IconPhoneCall, IconPlus } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { OnCallView } from '#schema/on-call-view'
import { nouns } from '#schema/nouns'
import { useOnCall } from '../../client/records.ts'
import { hasRole, usePerson } from '../../client/session.ts'
import { PersonTag } from '../../components/person.tsx'
import { useText } from '../../i18n/index.ts'
import { PageHeader, Panel } from '../../templates/page.tsx'
import { EmptyState, ErrorState, ListSkeleton } from '../../templates/states.tsx'
import './register.css'

const dayMs = 86_400_000
/** Gaps are told for so many days from the week shown. */
const lookedAhead = 28
const weekDays = 7

const mondayOf = (now: number): Date => {
  const day = new Date(now)
  day.setHours(0, 0, 0, 0)
  day.setDate(day.getDate() - ((day.getDay() + 6) % weekDays))
  return day
}
const palette = ['petrol', 'amber', 'moss', 'grape', 'coral', 'indigo']
const colorOf = (id: string, ids: string[]): string => palette[ids.indexOf(id) % palette.length] ?? 'petrol'

interface Bar {
  key: string
  from: number
  to: number
  label: string
  color: string
  isOverride?: boolean
}

function Bars({ bars, week, className = '' }: { bars: Bar[]; week: { from: number; to: number }; className?: string }) {
  const { dateTime } = useText()
  const share = (instant: number): number => ((Math.min(Math.max(instant, week.from), week.to) - week.from) / (week.to - week.from)) * 100
  return (
    <div className={`on-call-lane ${className}`}>
      {bars
        .filter((bar) => bar.to > week.from && bar.from < week.to)
        .map((bar) => (
          <span
            key={bar.key}
            className="on-call-bar"
            data-override={bar.isOverride || undefined}
            title={`${bar.label} · ${dateTime(bar.from)} – ${dateTime(bar.to)}`}
            style={{
              left: `${share(bar.from)}%`,
              width: `${share(bar.to) - share(bar.from)}%`,
              background: `var(--mantine-color-${bar.color}-light)`,
              color: `var(--mantine-color-${bar.color}-light-color)`,
            }}
          >
            {bar.label}
          </span>
        ))}
    </div>
  )
}

const at = (instant: string): number => Date.parse(instant)

function Week({ plan, start }: { plan: OnCallView; start: Date }) {
  const { t, locale } = useText()
  const days = Array.from({ length: weekDays }, (_, index) => {
    const day = new Date(start)
    day.setDate(day.getDate() + index)
    return day
  })
  const end = new Date(start)
  end.setDate(end.getDate() + weekDays)
  const week = { from: start.getTime(), to: end.getTime() }
  const people = [...new Set(plan.shifts.map(({ person }) => person.id))]
  const groups = [...new Map(plan.rotations.map(({ group }) => [group.id, group])).values()]
  const dayName = new Intl.DateTimeFormat(locale === 'fr' ? 'fr-FR' : 'en-GB', { weekday: 'short', day: 'numeric' })
  return (
    <div className="on-call-scroll">
      <div className="on-call-week">
        <div className="on-call-row on-call-days">
          <span />
          <div className="on-call-lane">
            {days.map((day) => (
              <span key={day.toISOString()} className="on-call-day">
                {dayName.format(day)}
              </span>
            ))}
          </div>
        </div>
        {plan.rotations.map((rotation) => (
          <div key={rotation.id} className="on-call-row">
            <Anchor component={Link} to="/register/$path/$id" params={{ path: 'on-call-rotations', id: rotation.id } as never} size="sm">
              {rotation.name}
            </Anchor>
            <Bars
              week={week}
              bars={plan.shifts
                .filter((shift) => shift.rotationId === rotation.id)
                .map((shift) => ({
                  key: shift.from,
                  from: at(shift.from),
                  to: at(shift.to),
                  label: shift.person.name,
                  color: colorOf(shift.person.id, people),
                  isOverride: shift.isOverride,
                }))}
            />
          </div>
        ))}
        {groups.map((group) => {
          const gaps = plan.gaps.filter((gap) => gap.group.id === group.id)
          return gaps.some((gap) => at(gap.to) > week.from && at(gap.from) < week.to) ? (
            <div key={group.id} className="on-call-row">
              <Text size="sm" c="coral">
                {t('onCall.gap', { group: group.name })}
              </Text>
              <Bars
                week={week}
                className="on-call-gaps"
                bars={gaps.map((gap) => ({
                  key: gap.from,
                  from: at(gap.from),
                  to: at(gap.to),
                  label: gap.absent ? t('onCall.away', { name: gap.absent.name }) : t('onCall.nobody'),
                  color: 'coral',
                }))}
              />
            </div>
          ) : null
        })}
      </div>
    </div>
  )
}

/** Gaps one after the other of the same cause, told as one. */
function gapsTold(gaps: OnCallView['gaps']): (OnCallView['gaps'][number] & { count: number; hoursMs: number })[] {
  const told: (OnCallView['gaps'][number] & { count: number; hoursMs: number })[] = []
  for (const gap of gaps) {
    const last = told.findLast((each) => each.group.id === gap.group.id)
    const hoursMs = at(gap.to) - at(gap.from)
    if (last && last.absent?.id === gap.absent?.id && at(gap.from) - at(last.to) < dayMs) {
      last.to = gap.to
      last.count += 1
      last.hoursMs += hoursMs
    } else told.push({ ...gap, count: 1, hoursMs })
  }
  return told
}

function Warnings({ plan }: { plan: OnCallView }) {
  const { t, dateTime, span } = useText()
  const gaps = gapsTold(plan.gaps)
  if (gaps.length === 0 && plan.doubleBookings.length === 0)
    return <EmptyState isSmall icon={<IconCheck size={20} />} title={t('onCall.covered', { days: lookedAhead })} />
  const names = new Map(plan.rotations.map(({ id, name }) => [id, name]))
  return (
    <ul className="linked">
      {gaps.map((gap) => (
        <li key={`${gap.group.id}${gap.from}`}>
          <IconAlertTriangle size={17} className="on-call-warning" aria-hidden />
          <span>
            <strong>{gap.group.name}</strong> {gap.absent ? t('onCall.away', { name: gap.absent.name }) : t('onCall.nobody')} ·{' '}
            <span className="num">
              {dateTime(gap.from)} – {dateTime(gap.to)}
            </span>{' '}
            <Text span size="xs" c="dimmed">
              ({span(gap.hoursMs)})
            </Text>
            <br />
            {gap.absent ? (
              <Link to="/register/$path/$id" params={{ path: 'on-call-overrides', id: 'new' } as never}>
                {t('onCall.remedy.override')}
              </Link>
            ) : (
              <Link to="/register/$path" params={{ path: 'on-call-rotations' } as never}>
                {t('onCall.remedy.rotation')}
              </Link>
            )}
          </span>
          <Badge variant="light" color="coral" className="linked-status">
            {t('onCall.gap.badge')}
          </Badge>
        </li>
      ))}
      {plan.doubleBookings.map((each) => (
        <li key={`${each.person.id}${each.from}`}>
          <IconAlertTriangle size={17} className="on-call-warning" aria-hidden />
          <span>
            <strong>{each.person.name}</strong> {each.rotations.map((id) => names.get(id) ?? id).join(' + ')} ·{' '}
            <span className="num">
              {dateTime(each.from)} – {dateTime(each.to)}
            </span>
            <br />
            <Link to="/register/$path/$id" params={{ path: 'on-call-overrides', id: 'new' } as never}>
              {t('onCall.remedy.double')}
            </Link>
          </span>
          <Badge variant="light" color="amber" className="linked-status">
            {t('onCall.double')}
          </Badge>
        </li>
      ))}
    </ul>
  )
}

/** Who is on call this week, who is called now, and where nobody can be. */
export function OnCallPage() {
  const { t, date } = useText()
  const person = usePerson()
  const [start, setStart] = useState(() => mondayOf(Date.now()))
  const { data: plan, error, isPending, refetch } = useOnCall(start.toISOString(), lookedAhead)
  const move = (weeks: number): void => {
    const next = new Date(start)
    next.setDate(next.getDate() + weeks * weekDays)
    setStart(next)
  }
  const mayWrite = hasRole(person, ...nouns['on-call-rotation'].writers)
  return (
    <div className="page page-full">
      <PageHeader
        title={t('onCall.title')}
        lead={t('onCall.lead')}
        actions={
          <>
            <Button component={Link} to="/register/$path" params={{ path: 'on-call-rotations' } as never} variant="default">
              {t('onCall.rotations')}
            </Button>
            {hasRole(person, ...nouns['on-call-override'].writers) ? (
              <Button
                component={Link}
                to="/register/$path/$id"
                params={{ path: 'on-call-overrides', id: 'new' } as never}
                variant="default"
              >
                {t('onCall.override')}
              </Button>
            ) : null}
            {mayWrite ? (
              <Button
                component={Link}
                to="/register/$path/$id"
                params={{ path: 'on-call-rotations', id: 'new' } as never}
                leftSection={<IconPlus size={16} />}
              >
                {t('onCall.add')}
              </Button>
            ) : null}
          </>
        }
      />
      {isPending ? <ListSkeleton rows={4} /> : null}
      {error ? <ErrorState error={error} onRetry={() => void refetch()} /> : null}
      {plan && plan.rotations.length === 0 ? (
        <Panel>
          <EmptyState icon={<IconPhoneCall size={26} stroke={1.5} />} title={t('onCall.empty')} hint={t('onCall.empty.hint')} />
        </Panel>
      ) : null}
      {plan && plan.rotations.length > 0 ? (
        <>
          <Panel title={t('onCall.now')}>
            <div className="on-call-now">
              {plan.now.map(({ group, people }) => (
                <div key={group.id}>
                  <Text size="xs" c="dimmed" mb={4}>
                    {group.name}
                  </Text>
                  {people.length === 0 ? (
                    <Text size="sm">{t('onCall.nobody')}</Text>
                  ) : (
                    people.map((each) => (
                      <Group key={`${each.id}${each.level}`} gap={8} wrap="nowrap">
                        <PersonTag person={each} />
                        <Text size="xs" c="dimmed">
                          {t('onCall.level', { level: each.level })}
                        </Text>
                      </Group>
                    ))
                  )}
                </div>
              ))}
            </div>
          </Panel>
          <Panel
            title={t('onCall.week', { date: date(start.getTime()) })}
            aside={
              <Group gap={6} wrap="nowrap">
                <ActionIcon variant="default" onClick={() => move(-1)} aria-label={t('onCall.before')}>
                  <IconChevronLeft size={16} />
                </ActionIcon>
                <Button size="compact-sm" variant="default" onClick={() => setStart(mondayOf(Date.now()))}>
                  {t('onCall.today')}
                </Button>
                <ActionIcon variant="default" onClick={() => move(1)} aria-label={t('onCall.after')}>
                  <IconChevronRight size={16} />
                </ActionIcon>
              </Group>
            }
          >
            <Week plan={plan} start={start} />
          </Panel>
          <Panel title={t('onCall.warnings', { days: lookedAhead })}>
            <Warnings plan={plan} />
          </Panel>
        </>
      ) : null}
    </div>
  )
}
