import { Button, Group, Switch, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useFacts } from '../../client/tickets.ts'
import { useText } from '../../i18n/index.ts'
import { EmptyState, ErrorState, ListSkeleton } from '../../templates/states.tsx'
import { factWords, isTechnical } from './fact-words.ts'
import { useNames } from './use-names.ts'

/** What happened to the ticket, newest last, in plain words; the token game on demand. */
export function Timeline({ ticketId, number }: { ticketId: string; number: string }) {
  const texts = useText()
  const { t, date, time } = texts
  const nameOf = useNames()
  const [isComplete, setComplete] = useState(false)
  const { data, error, isPending, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useFacts(ticketId)
  if (isPending) return <ListSkeleton rows={6} />
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} isSmall />
  const facts = data.pages.flatMap((page) => page.items).filter((fact) => isComplete || !isTechnical(fact.type))
  return (
    <div>
      <Group justify="space-between" mb="sm">
        <Switch size="xs" checked={isComplete} onChange={(event) => setComplete(event.currentTarget.checked)} label={t('fact.technical')} />
        <Button component={Link} to={`/audit/tickets/${encodeURIComponent(number)}`} variant="subtle" size="xs">
          {t('ticket.history')}
        </Button>
      </Group>
      {facts.length === 0 ? <EmptyState isSmall /> : null}
      <ol className="timeline">
        {facts.map((fact, index) => {
          const words = factWords(fact, texts, nameOf)
          const day = date(fact.at)
          const before = facts[index - 1]
          return (
            <li
              key={fact.sequence}
              className={`timeline-item timeline-${words.tone} ${isTechnical(fact.type) ? 'timeline-technical' : ''}`}
            >
              {before && date(before.at) === day ? null : <div className="timeline-day">{day}</div>}
              <div className="timeline-line">
                <Text span size="xs" c="dimmed" className="timeline-time num">
                  {time(fact.at)}
                </Text>
                <span className="timeline-dot" aria-hidden />
                <Text span size="sm">
                  {words.text}
                  {fact.actor.id === 'system' ? null : (
                    <Text span size="xs" c="dimmed">
                      {' '}
                      {t('fact.by', { name: fact.actor.name })}
                    </Text>
                  )}
                </Text>
              </div>
            </li>
          )
        })}
      </ol>
      {hasNextPage ? (
        <Button variant="subtle" size="xs" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t('common.loadMore')}
        </Button>
      ) : null}
    </div>
  )
}
