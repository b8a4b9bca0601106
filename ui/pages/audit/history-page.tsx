import { Anchor, Button, Group, Select, Switch, Text, TextInput } from '@mantine/core'
import { IconDownload, IconSearch } from '@tabler/icons-react'
import { Link, useParams } from '@tanstack/react-router'
import { Fragment, useEffect, useState } from 'react'
import type { FactView } from '#schema/view'
import { exportAddress, hasRole, useFacts, usePerson, useTicket } from '../../client/index.ts'
import { useText } from '../../i18n/index.ts'
import { EmptyState, ErrorState, ListSkeleton, PageHeader, Panel, TableScroll } from '../../templates/index.ts'
import { factWords, isTechnical, type NameOf } from '../ticket/fact-words.ts'
import { useNames } from '../ticket/use-names.ts'
import { ChangeText } from './change-text.tsx'
import './audit.css'

/** A ticket's full history: who, when, what, from which value to which; nothing left out, and all of it to take away. */
export function HistoryPage() {
  const { id } = useParams({ from: '/app/audit/tickets/$id' })
  const { t, tOr, number } = useText()
  const person = usePerson()
  const ticket = useTicket(id)
  const { facts, isPending, error, retry, isComplete } = useAllFacts(id)
  const [isTechnicalShown, setTechnicalShown] = useState(false)
  const [who, setWho] = useState<string | null>(null)
  const [q, setQ] = useState('')
  const texts = useText()
  const nameOf = useNames()
  const wanted = q.trim().toLocaleLowerCase()
  const shown = facts.filter(
    (fact) =>
      (isTechnicalShown || !isTechnical(fact.type)) &&
      (who === null || fact.actor.id === who) &&
      (wanted === '' || `${factWords(fact, texts, nameOf).text} ${fact.type}`.toLocaleLowerCase().includes(wanted)),
  )
  const people = [...new Map(facts.map((fact) => [fact.actor.id, fact.actor.name])).entries()].map(([value, label]) => ({ value, label }))
  return (
    <div className="page page-full">
      <PageHeader
        title={ticket.data ? `${ticket.data.number} · ${ticket.data.title}` : t('audit.history')}
        crumbs={
          <>
            {hasRole(person, 'auditor') ? (
              <Anchor component={Link} to="/audit" size="sm">
                {t('audit.title')}
              </Anchor>
            ) : (
              <Anchor component={Link} to="/queue" size="sm">
                {t('queue.title')}
              </Anchor>
            )}{' '}
            /{' '}
            <Anchor component={Link} to="/tickets/$id" params={{ id } as never} size="sm">
              {t('audit.seeTicket')}
            </Anchor>{' '}
            / {t('audit.history')}
          </>
        }
        lead={
          ticket.data &&
          [
            tOr(`status.${ticket.data.status}`, ticket.data.status),
            ticket.data.requester.name,
            isComplete ? t('audit.total', { count: facts.length }) : t('common.loading'),
            number(shown.length) !== number(facts.length) ? t('audit.shown', { count: shown.length }) : '',
          ]
            .filter(Boolean)
            .join(' · ')
        }
        actions={
          <Group gap="xs" className="audit-tools">
            <Button component="a" variant="default" href={exportAddress(id, 'csv')} download leftSection={<IconDownload size={16} />}>
              CSV
            </Button>
            <Button component="a" variant="default" href={exportAddress(id, 'json')} download leftSection={<IconDownload size={16} />}>
              JSON
            </Button>
          </Group>
        }
      />
      <div className="page-filters audit-tools">
        <TextInput
          w={260}
          leftSection={<IconSearch size={15} />}
          placeholder={t('audit.search')}
          aria-label={t('audit.search')}
          value={q}
          onChange={(event) => setQ(event.currentTarget.value)}
        />
        <Select
          w={210}
          placeholder={t('audit.everyone')}
          aria-label={t('audit.filter.who')}
          clearable
          data={people}
          value={who}
          onChange={setWho}
        />
        <Switch
          checked={isTechnicalShown}
          onChange={(event) => setTechnicalShown(event.currentTarget.checked)}
          label={t('fact.technical')}
        />
      </div>
      <Panel isFlush>
        {isPending && <ListSkeleton rows={10} />}
        {error !== null && (
          <div style={{ padding: 20 }}>
            <ErrorState error={error} onRetry={retry} />
          </div>
        )}
        {!isPending && error === null && shown.length === 0 && (
          <EmptyState isSmall title={t('empty.filtered')} hint={t('empty.filtered.hint')} />
        )}
        {shown.length > 0 && <HistoryTable facts={shown} nameOf={nameOf} isTechnicalShown={isTechnicalShown} />}
      </Panel>
    </div>
  )
}

/** All pages, one after the other: a history is read whole. */
function useAllFacts(id: string) {
  const query = useFacts(id)
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage()
  }, [hasNextPage, isFetchingNextPage, fetchNextPage])
  return {
    facts: query.data?.pages.flatMap((page) => page.items) ?? [],
    isPending: query.isPending,
    error: query.error,
    retry: () => void query.refetch(),
    isComplete: query.isSuccess && !hasNextPage,
  }
}

function HistoryTable({ facts, nameOf, isTechnicalShown }: { facts: FactView[]; nameOf: NameOf; isTechnicalShown: boolean }) {
  const texts = useText()
  const { t, locale, date } = texts
  const tag = locale === 'fr' ? 'fr-FR' : 'en-GB'
  const clock = new Intl.DateTimeFormat(tag, { hour: '2-digit', minute: '2-digit', second: '2-digit' })
  return (
    <TableScroll label={t('audit.history')}>
      <table className="g-table audit-table" style={{ minWidth: 780 }}>
        <thead>
          <tr>
            <th style={{ width: 64, textAlign: 'right' }}>#</th>
            <th style={{ width: 96 }}>{t('audit.when')}</th>
            <th style={{ width: 180 }}>{t('audit.who')}</th>
            <th>{t('audit.what')}</th>
            <th style={{ width: '28%' }}>{t('audit.fromTo')}</th>
            {isTechnicalShown && <th>{t('audit.hash')}</th>}
          </tr>
        </thead>
        <tbody>
          {facts.map((fact, index) => {
            const day = date(fact.at)
            const before = facts[index - 1]
            return (
              <Fragment key={fact.sequence}>
                {(!before || date(before.at) !== day) && (
                  <tr className="audit-day">
                    <td colSpan={isTechnicalShown ? 6 : 5}>{day}</td>
                  </tr>
                )}
                <tr className={isTechnical(fact.type) ? 'audit-technical' : ''}>
                  <td className="num" style={{ textAlign: 'right' }}>
                    {fact.sequence}
                  </td>
                  <td className="num" title={`${fact.at} · ${t('audit.recorded', { date: fact.recordedAt })}`}>
                    {clock.format(new Date(fact.at))}
                  </td>
                  <td>
                    <Text size="sm">{fact.actor.name}</Text>
                  </td>
                  <td>
                    <Text size="sm">{factWords(fact, texts, nameOf).text}</Text>
                    {isTechnicalShown && (
                      <Text size="xs" c="dimmed" className="mono">
                        {fact.type}
                        {fact.elementId ? ` · ${fact.elementId}` : ''}
                      </Text>
                    )}
                  </td>
                  <td>
                    <ChangeText fact={fact} nameOf={nameOf} />
                  </td>
                  {isTechnicalShown && (
                    <td>
                      <Text size="xs" c="dimmed" className="mono" title={fact.hash}>
                        {fact.hash.slice(0, 10)}
                      </Text>
                    </td>
                  )}
                </tr>
              </Fragment>
            )
          })}
        </tbody>
      </table>
    </TableScroll>
  )
}
