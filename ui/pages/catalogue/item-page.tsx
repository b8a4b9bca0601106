import { Button, NumberInput, Stack, Text } from '@mantine/core'
import { useNavigate, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { lineTotal } from '#domain/catalogue'
import type { Variables } from '#schema/json'
import type { CatalogueCard } from '#schema/request'
import { useCatalogueItem } from '../../client/catalogue.ts'
import { newIdempotencyKey } from '../../client/http.ts'
import { FormRenderer } from '../../form/form-renderer.tsx'
import { useText } from '../../i18n/index.ts'
import { notifyDone } from '../../templates/notify.tsx'
import { PageHeader, Panel } from '../../templates/page.tsx'
import { RecordPage } from '../../templates/record-page.tsx'
import { PageFailure, RecordSkeleton } from '../../templates/states.tsx'
import { useCart } from './cart.ts'
import { CartButton, CatalogueCrumbs, DeliveryWords, ItemIcon, moneyWords, PriceWords } from './parts.tsx'
import './catalogue.css'

function Facts({ item, quantity }: { item: CatalogueCard; quantity: number }) {
  const texts = useText()
  const { t, tOr } = texts
  return (
    <Panel title={t('catalogue.facts')}>
      <dl className="properties">
        <div className="property">
          <dt>{t('catalogue.price')}</dt>
          <dd className="num">
            <PriceWords price={item.price} />
          </dd>
        </div>
        {item.price && quantity > 1 ? (
          <div className="property">
            <dt>{t('cart.total')}</dt>
            <dd className="num">{moneyWords(texts, { ...item.price, amount: lineTotal(item.price, quantity) })}</dd>
          </div>
        ) : null}
        <div className="property">
          <dt>{t('catalogue.deliveryTime')}</dt>
          <dd>
            <DeliveryWords days={item.deliveryDays} />
          </dd>
        </div>
        <div className="property">
          <dt>{t('catalogue.approvals')}</dt>
          <dd>
            {item.approvals.length === 0
              ? t('catalogue.approval.none')
              : item.approvals
                  .map(
                    ({ subject, isConditional }) =>
                      `${tOr(`catalogue.approver.${subject}`, subject)}${isConditional ? ` (${t('catalogue.approval.ifNeeded')})` : ''}`,
                  )
                  .join(', ')}
          </dd>
        </div>
      </dl>
      <Text size="xs" c="dimmed" mt="sm">
        {t('catalogue.notYetDelivered')}
      </Text>
    </Panel>
  )
}

/** One item: what it is, what it costs, who decides, and its questions. */
export function ItemPage() {
  const { t } = useText()
  const { id } = useParams({ from: '/app/portal/catalogue/$id' })
  const navigate = useNavigate()
  const { data, error, isPending, refetch } = useCatalogueItem(id)
  const [quantity, setQuantity] = useState(1)
  const cart = useCart()
  if (isPending) return <RecordSkeleton />
  if (error) return <PageFailure error={error} onRetry={() => void refetch()} />
  const { item, form } = data
  const add = async (answers: Variables): Promise<void> => {
    const { icon, maxQuantity, name, price, version, isForOthers } = item
    cart.add({ key: newIdempotencyKey(), itemId: item.id, version, quantity, answers, name, icon, price, maxQuantity, isForOthers })
    notifyDone(t('cart.added'), name)
    await navigate({ to: '/portal/cart' })
  }
  return (
    <RecordPage
      width="wide"
      header={<PageHeader title={item.name} lead={item.summary} crumbs={<CatalogueCrumbs />} actions={<CartButton />} />}
      aside={<Facts item={item} quantity={quantity} />}
    >
      <Panel>
        <Stack gap="md">
          {item.description === '' ? null : (
            <div className="item-description">
              <ItemIcon icon={item.icon} />
              <Text className="prose">{item.description}</Text>
            </div>
          )}
          {item.maxQuantity > 1 ? (
            <NumberInput
              label={t('cart.quantity')}
              description={t('cart.quantity.max', { max: item.maxQuantity })}
              value={quantity}
              min={1}
              max={item.maxQuantity}
              allowDecimal={false}
              clampBehavior="strict"
              w={180}
              onChange={(value) => setQuantity(Math.max(1, Number(value) || 1))}
            />
          ) : null}
          {form ? (
            <FormRenderer form={form} draft={`item.${item.id}`} submitLabel={t('cart.add')} onSubmit={add} />
          ) : (
            <Button w="fit-content" onClick={() => void add({})}>
              {t('cart.add')}
            </Button>
          )}
        </Stack>
      </Panel>
    </RecordPage>
  )
}
