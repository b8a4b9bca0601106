import { Anchor, Badge, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { ReclaimedSeatView, RecordQuestionView } from '#schema/licence-view'
import { useLicenceSeats, useRecordQuestions } from '../../client/licences.ts'
import { StatusBadge } from '../../components/badges.tsx'
import { useText } from '../../i18n/index.ts'
import { Panel } from '../../templates/page.tsx'
import { ErrorState, ListSkeleton } from '../../templates/states.tsx'

const stateColor: Record<ReclaimedSeatView['state'], string> = { waiting: 'amber', kept: 'gray', reclaimed: 'moss' }
const noon = (day: string): string => `${day}T12:00:00`

function TicketLink({ number }: { number: string }) {
  return (
    <Anchor component={Link} to="/tickets/$id" params={{ id: number } as never} size="sm" className="mono">
      {number}
    </Anchor>
  )
}

function Question({ question: { ticket, openedAt, isOpen, assignee, answer } }: { question: RecordQuestionView }) {
  const { t, date } = useText()
  return (
    <li className="question">
      <div className="question-head">
        <TicketLink number={ticket.number} />
        <Text span size="sm" fw={600}>
          {ticket.title}
        </Text>
        <StatusBadge status={ticket.status} />
      </div>
      <Text size="xs" c="dimmed">
        {t('register.questions.asked', { date: date(openedAt) })}
        {assignee ? ` · ${isOpen ? t('register.questions.waitsFor', { name: assignee.name }) : assignee.name}` : ''}
      </Text>
      {answer ? <Text size="sm">« {answer} »</Text> : null}
    </li>
  )
}

/** What the record's own process has asked, open questions first. */
export function QuestionsPanel({ path, id }: { path: string; id: string }) {
  const { t } = useText()
  const { data, error, isPending, refetch } = useRecordQuestions(path, id)
  return (
    <Panel title={t('register.questions')}>
      {isPending ? (
        <ListSkeleton rows={2} />
      ) : error ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : data.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t('register.questions.none')}
        </Text>
      ) : (
        <ul className="questions">
          {data.map((question) => (
            <Question key={question.ticket.id} question={question} />
          ))}
        </ul>
      )}
    </Panel>
  )
}

function Seat({ seat }: { seat: ReclaimedSeatView }) {
  const { t, date } = useText()
  const { state, askedOn, answerBy, settledAt, reason, ticket } = seat
  const when =
    state === 'waiting' && answerBy !== null
      ? t('register.reclaim.answerBy', { date: date(noon(answerBy)) })
      : settledAt !== null
        ? date(settledAt)
        : askedOn === null
          ? ''
          : date(noon(askedOn))
  return (
    <li className="question">
      <div className="question-head">
        <Anchor
          component={Link}
          to="/register/$path/$id"
          params={{ path: 'installations', id: seat.installationId } as never}
          size="sm"
          fw={600}
        >
          {seat.holder}
        </Anchor>
        <Badge variant="light" color={stateColor[state]}>
          {t(`register.reclaim.${state}`)}
        </Badge>
        {ticket ? <TicketLink number={ticket.number} /> : null}
      </div>
      <Text size="xs" c="dimmed" className="num">
        {when}
      </Text>
      {reason ? <Text size="sm">« {reason} »</Text> : null}
    </li>
  )
}

/** Unused seats: who is asked, what was kept or taken back, what it saves, and what the next term needs. */
export function SeatsPanel({ id }: { id: string }) {
  const texts = useText()
  const { t } = texts
  const { data, error, isPending, refetch } = useLicenceSeats(id)
  if (isPending) return <ListSkeleton rows={3} />
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />
  const { counts, savedPerYear, proposal, seats } = data
  const euros = (amount: number): string =>
    new Intl.NumberFormat(texts.locale, { style: 'currency', currency: 'EUR', maximumFractionDigits: 0 }).format(amount)
  return (
    <Panel title={t('register.reclaim')}>
      <dl className="derived-facts">
        <div>
          <dt>{t('register.reclaim.waiting')}</dt>
          <dd className="num">{counts.waiting}</dd>
        </div>
        <div>
          <dt>{t('register.reclaim.reclaimed')}</dt>
          <dd className="num">{counts.reclaimed}</dd>
        </div>
        <div>
          <dt>{t('register.reclaim.saved')}</dt>
          <dd className="num">{savedPerYear === null ? t('register.reclaim.noCost') : euros(savedPerYear)}</dd>
        </div>
        <div>
          <dt>{t('register.reclaim.nextTerm')}</dt>
          <dd>
            {t(`register.reclaim.proposal.${proposal.decision}`, { count: proposal.seats })}
            {proposal.saving > 0 ? (
              <Text span size="xs" c="dimmed">
                {' '}
                {t('register.reclaim.saving', { amount: euros(proposal.saving) })}
              </Text>
            ) : null}
          </dd>
        </div>
      </dl>
      {seats.length === 0 ? (
        <Text size="sm" c="dimmed" mt="sm">
          {t('register.reclaim.none')}
        </Text>
      ) : (
        <ul className="questions">
          {seats.map((seat) => (
            <Seat key={seat.installationId} seat={seat} />
          ))}
        </ul>
      )}
    </Panel>
  )
}
