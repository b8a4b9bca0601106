import { Button, Group, Text } from '@mantine/core'
import { IconPackage } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { OrderView } from '#schema/request'
import { useOrders } from '../../client/catalogue.ts'
import { usePerson } from '../../client/session.ts'
import { useText } from '../../i18n/index.ts'
import { ListPage } from '../../templates/list-page.tsx'
import { Panel } from '../../templates/page.tsx'
import { EmptyState, ErrorState, ListSkeleton } from '../../templates/states.tsx'
import { CatalogueCrumbs, ItemIcon, moneyWords, StageBadge } from './parts.tsx'
import './catalogue.css'

function Order({ order }: { order: OrderView }) {
  const texts = useText()
  const { t, date } = texts
  const person = usePerson()
  return (
    <Panel
      isFlush
      title={
        <Group gap={10}>
          <span className="mono">{order.number}</span>
          <Text span size="sm" c="dimmed" fw={400}>
            {date(order.orderedAt)}
            {order.requester.id === person.id ? '' : ` · ${t('orders.for', { name: order.requester.name })}`}
            {order.orderedBy.id === person.id ? '' : ` · ${t('orders.by', { name: order.orderedBy.name })}`}
          </Text>
        </Group>
      }
      aside={
        <Text size="sm" className="num">
          {order.totals.length === 0 ? t('catalogue.free') : order.totals.map((total) => moneyWords(texts, total)).join(' + ')}
        </Text>
      }
    >
      <ul className="cart-lines">
        {order.requests.map((request) => (
          <li key={request.ticketId} className="cart-line">
            <ItemIcon icon={request.icon} />
            <div className="cart-line-words">
              <Link to="/portal/tickets/$id" params={{ id: request.number }} className="plain">
                <strong>{request.title}</strong>
              </Link>
              <Text size="xs" c="dimmed" className="mono">
                {request.number}
              </Text>
            </div>
            <StageBadge stage={request.stage} isPlain />
          </li>
        ))}
      </ul>
      {order.notes === '' ? null : (
        <Text size="sm" c="dimmed" p="md">
          {order.notes}
        </Text>
      )}
    </Panel>
  )
}

/** Everything that somebody has ordered, or has had ordered for him, and where it is. */
export function OrdersPage() {
  const { t } = useText()
  const { data, error, isPending, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useOrders()
  const orders = data?.pages.flatMap((page) => page.items) ?? []
  return (
    <ListPage width="reading" title={t('orders.title')} lead={t('orders.lead')} crumbs={<CatalogueCrumbs />}>
      {isPending ? <ListSkeleton rows={4} /> : null}
      {error ? <ErrorState error={error} onRetry={() => void refetch()} /> : null}
      {data && orders.length === 0 ? (
        <EmptyState
          icon={<IconPackage size={26} stroke={1.5} />}
          title={t('orders.empty')}
          action={
            <Button component={Link} to="/portal/catalogue">
              {t('catalogue.browse')}
            </Button>
          }
        />
      ) : null}
      <div className="orders">
        {orders.map((order) => (
          <Order key={order.id} order={order} />
        ))}
      </div>
      {hasNextPage ? (
        <Button variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t('common.loadMore')}
        </Button>
      ) : null}
    </ListPage>
  )
}
