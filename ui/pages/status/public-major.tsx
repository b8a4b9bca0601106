import { Badge, Button, Group, Textarea } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { PublicMajor, UpdateLevel } from '#schema/major'
import { useAffected } from '../../client/incident.ts'
import { useSession } from '../../client/session.ts'
import { useText } from '../../i18n/index.ts'
import { notifyDone, notifyProblem } from '../../templates/notify.tsx'

const colors: Record<UpdateLevel, string> = {
  investigating: 'coral',
  identified: 'amber',
  monitoring: 'petrol',
  restored: 'moss',
  downgrade: 'gray',
}

export function LevelBadge({ level }: { level: UpdateLevel }) {
  const { t } = useText()
  return (
    <Badge color={colors[level]} variant="light">
      {t(`status.level.${level}`)}
    </Badge>
  )
}

/** "This affects me too": a report of one's own, under the major incident. Signed-in people only. */
export function AffectsMe({ major }: { major: PublicMajor }) {
  const { t } = useText()
  const isSignedIn = Boolean(useSession().data)
  const affected = useAffected()
  const [isAsking, setAsking] = useState(false)
  const [text, setText] = useState('')
  if (!isSignedIn) return null
  if (major.ownNumber)
    return (
      <Link to="/portal/tickets/$id" params={{ id: major.ownNumber }} className="status-own">
        {t('status.own', { number: major.ownNumber })}
      </Link>
    )
  const send = (): void =>
    affected.mutate(
      { number: major.number, text: text.trim() },
      {
        onSuccess: ({ number }) => {
          setAsking(false)
          notifyDone(t('status.affected.done', { number }))
        },
        onError: (error) => notifyProblem(error, t),
      },
    )
  if (!isAsking)
    return (
      <Button size="xs" variant="default" onClick={() => setAsking(true)}>
        {t('status.affected')}
      </Button>
    )
  return (
    <div className="status-ask">
      <Textarea
        autosize
        autoFocus
        minRows={2}
        maxLength={5_000}
        label={t('status.affected.what')}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <Group gap="xs" mt="xs">
        <Button size="xs" loading={affected.isPending} onClick={send}>
          {t('status.affected.send')}
        </Button>
        <Button size="xs" variant="subtle" color="gray" onClick={() => setAsking(false)}>
          {t('common.back')}
        </Button>
      </Group>
    </div>
  )
}

/** One major incident as the public knows it: what is noticed, where it stands, what was said when. */
export function PublicMajorCard({ major, service }: { major: PublicMajor; service: string | null }) {
  const { t, locale, dateTime } = useText()
  const isOver = major.endedAt !== null
  return (
    <article className="status-card" data-severity={isOver ? 'over' : major.severity}>
      <header>
        <div>
          <h3>{major.title[locale]}</h3>
          <p>
            <span className="mono">{major.number}</span>
            {service ? ` · ${service}` : ''} · {t(`status.severity.${major.severity}`)} ·{' '}
            {major.endedAt
              ? t('status.span', { from: dateTime(major.startedAt), to: dateTime(major.endedAt) })
              : t('status.since', { date: dateTime(major.startedAt) })}
          </p>
        </div>
        <LevelBadge level={major.level} />
      </header>
      {major.updates.length === 0 ? <p className="status-none">{t('status.noUpdate')}</p> : null}
      <ol>
        {major.updates.map((update) => (
          <li key={update.at}>
            <time dateTime={update.at} className="num">
              {dateTime(update.at)}
            </time>
            <strong>{t(`status.level.${update.level}`)}</strong>
            <p className="prose">{update.text[locale]}</p>
          </li>
        ))}
      </ol>
      {isOver ? null : <AffectsMe major={major} />}
    </article>
  )
}
