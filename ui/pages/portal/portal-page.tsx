import { Button, Text, Title } from '@mantine/core'
import { useDocumentTitle } from '@mantine/hooks'
import { IconArrowRight, IconArrowsExchange, IconBulb, IconLifebuoy, IconShoppingCart, IconTicket } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { TicketRow } from '#schema/view'
import { hasRole, usePerson } from '../../client/session.ts'
import { useTickets } from '../../client/tickets.ts'
import { StatusBadge } from '../../components/badges.tsx'
import { useText } from '../../i18n/index.ts'
import { EmptyState, ErrorState, ListSkeleton } from '../../templates/states.tsx'
import { StatusBanner } from '../status/status-banner.tsx'
import '../problems/problems.css'

function Stub({ row }: { row: TicketRow }) {
  const { t, ago } = useText()
  return (
    <Link to="/portal/tickets/$id" params={{ id: row.number }} className="stub" data-status={row.status}>
      <span className="stub-number mono">{row.number}</span>
      <span className="stub-words">
        <span className="stub-title">{row.title}</span>
        <span className="stub-plain">
          {row.kind === 'change' && row.status === 'pending' ? t('change.plain.held') : t(`status.plain.${row.status}`)}
        </span>
      </span>
      <span className="stub-side">
        <StatusBadge status={row.status} />
        <Text span size="xs" c="dimmed">
          {ago(row.updatedAt)}
        </Text>
      </span>
    </Link>
  )
}

function Section({ title, hint, rows }: { title: string; hint?: string; rows: TicketRow[] }) {
  if (rows.length === 0) return null
  return (
    <section className="portal-section">
      <Title order={2} size="h3">
        {title}
      </Title>
      {hint ? (
        <Text size="sm" c="dimmed">
          {hint}
        </Text>
      ) : null}
      <div className="stubs">
        {rows.map((row) => (
          <Stub key={row.id} row={row} />
        ))}
      </div>
    </section>
  )
}

/** What a requester sees first: ask, what waits for me, what goes on. */
export function PortalPage() {
  const { t } = useText()
  const person = usePerson()
  useDocumentTitle(`${t('nav.requests')} · Guichet`)
  const { data, error, isPending, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useTickets({
    view: 'requested',
    sort: 'updated',
  })
  const rows = data?.pages.flatMap((page) => page.items) ?? []
  // A change that is pending waits for the end of a freeze, not for its requester.
  const isWaiting = (row: TicketRow): boolean => (row.status === 'pending' && row.kind !== 'change') || row.status === 'resolved'
  const isDone = (row: TicketRow): boolean => row.status === 'closed' || row.status === 'canceled'
  return (
    <div className="page page-reading portal">
      <StatusBanner />
      <div className="portal-hero">
        <Text className="portal-hello">{t('portal.hello', { name: person.name.split(' ')[0] ?? person.name })}</Text>
        <Title order={1}>{t('portal.lead')}</Title>
        <Link to="/portal/new" className="portal-report">
          <span className="portal-report-icon" aria-hidden>
            <IconLifebuoy size={26} stroke={1.6} />
          </span>
          <span style={{ flex: 1 }}>
            <strong>{t('portal.report')}</strong>
            <span>{t('portal.report.hint')}</span>
          </span>
          <IconArrowRight size={20} aria-hidden />
        </Link>
        <Link to="/portal/catalogue" className="portal-report">
          <span className="portal-report-icon" aria-hidden>
            <IconShoppingCart size={26} stroke={1.6} />
          </span>
          <span style={{ flex: 1 }}>
            <strong>{t('catalogue.ask')}</strong>
            <span>{t('catalogue.ask.hint')}</span>
          </span>
          <IconArrowRight size={20} aria-hidden />
        </Link>
        <nav className="portal-more" aria-label={t('portal.more')}>
          <Link to="/portal/known-errors">
            <IconBulb size={17} aria-hidden /> {t('portal.known')}
          </Link>
          {hasRole(person, 'requester', 'agent', 'processOwner', 'administrator') ? (
            <Link to="/changes/new" search={{}}>
              <IconArrowsExchange size={17} aria-hidden /> {t('portal.change')}
            </Link>
          ) : null}
        </nav>
      </div>
      {isPending ? <ListSkeleton rows={4} /> : null}
      {error ? <ErrorState error={error} onRetry={() => void refetch()} /> : null}
      <Section title={t('portal.waiting')} hint={t('portal.waiting.hint')} rows={rows.filter(isWaiting)} />
      <Section title={t('portal.inProgress')} rows={rows.filter((row) => !isWaiting(row) && !isDone(row))} />
      <Section title={t('portal.done')} rows={rows.filter(isDone)} />
      {!isPending && !error && rows.length === 0 ? (
        <EmptyState icon={<IconTicket size={26} stroke={1.5} />} title={t('portal.empty')} hint={t('portal.empty.hint')} />
      ) : null}
      {hasNextPage ? (
        <Button variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t('common.loadMore')}
        </Button>
      ) : null}
    </div>
  )
}
