import { Button, Group, SegmentedControl, Text, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconMoodEmpty, IconSearch } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { CatalogueCard } from '#schema/request'
import { useCatalogue } from '../../client/catalogue.ts'
import { useOptions } from '../../client/desk.ts'
import { useText } from '../../i18n/index.ts'
import { ListPage } from '../../templates/list-page.tsx'
import { EmptyState, ErrorState, ListSkeleton } from '../../templates/states.tsx'
import { CartButton, CatalogueCrumbs, DeliveryWords, ItemIcon, PriceWords } from './parts.tsx'
import './catalogue.css'

function Card({ item }: { item: CatalogueCard }) {
  const { t } = useText()
  return (
    <Link to="/portal/catalogue/$id" params={{ id: item.id }} className="item-card">
      <ItemIcon icon={item.icon} />
      <span className="item-card-words">
        <strong>{item.name}</strong>
        <span>{item.summary}</span>
      </span>
      <span className="item-card-facts">
        <span className="num">
          <PriceWords price={item.price} />
        </span>
        <span>
          <DeliveryWords days={item.deliveryDays} />
        </span>
        <span>{item.approvals.length === 0 ? t('catalogue.approval.none') : t('catalogue.approval.some')}</span>
      </span>
    </Link>
  )
}

/** What may be asked for: searched, by category, with price and promised delivery. */
export function CataloguePage() {
  const { t } = useText()
  const [q, setQ] = useState('')
  const [category, setCategory] = useState('')
  const [asked] = useDebouncedValue(q, 200)
  const { data, error, isPending, refetch } = useCatalogue(asked)
  const labels = useOptions().data?.categories ?? []
  const categories = [...new Set((data ?? []).map((item) => item.category))]
  const shown = (data ?? []).filter((item) => category === '' || item.category === category || !categories.includes(category))
  return (
    <ListPage
      width="full"
      title={t('catalogue.title')}
      lead={t('catalogue.lead')}
      crumbs={<CatalogueCrumbs />}
      actions={
        <Group gap="xs">
          <Button component={Link} to="/portal/orders" variant="default">
            {t('orders.title')}
          </Button>
          <CartButton />
        </Group>
      }
      filters={
        <Group gap="sm" w="100%">
          <TextInput
            className="catalogue-search"
            leftSection={<IconSearch size={16} />}
            placeholder={t('catalogue.search')}
            aria-label={t('catalogue.search')}
            value={q}
            onChange={(event) => setQ(event.currentTarget.value)}
          />
          {categories.length > 1 ? (
            <SegmentedControl
              className="catalogue-categories"
              aria-label={t('field.category')}
              value={categories.includes(category) ? category : ''}
              onChange={setCategory}
              data={[
                { value: '', label: t('catalogue.all') },
                ...categories.map((value) => ({ value, label: labels.find((label) => label.value === value)?.label ?? value })),
              ]}
            />
          ) : null}
        </Group>
      }
    >
      {isPending ? <ListSkeleton rows={5} /> : null}
      {error ? <ErrorState error={error} onRetry={() => void refetch()} /> : null}
      {data && shown.length === 0 ? (
        <EmptyState
          icon={<IconMoodEmpty size={26} stroke={1.5} />}
          title={t('catalogue.empty')}
          hint={
            <Text size="sm">
              {t('catalogue.empty.hint')} <Link to="/portal/new">{t('portal.report')}</Link>
            </Text>
          }
        />
      ) : null}
      <div className="item-cards">
        {shown.map((item) => (
          <Card key={item.id} item={item} />
        ))}
      </div>
    </ListPage>
  )
}
