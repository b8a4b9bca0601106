import { ActionIcon, Alert, Button, Group, NumberInput, Select, Stack, Text, Textarea } from '@mantine/core'
import { IconAlertTriangle, IconShoppingCart, IconTrash } from '@tabler/icons-react'
import { Link, useNavigate } from '@tanstack/react-router'
import { useRef, useState } from 'react'
import { lineTotal, orderTotals } from '#domain/catalogue'
import { useChoicesOfDesk, useSubmitOrder } from '../../client/catalogue.ts'
import { isProblem, newIdempotencyKey } from '../../client/http.ts'
import { usePerson } from '../../client/session.ts'
import { useText } from '../../i18n/index.ts'
import { notifyDone } from '../../templates/notify.tsx'
import { PageHeader, Panel } from '../../templates/page.tsx'
import { RecordPage } from '../../templates/record-page.tsx'
import { EmptyState, problemWords } from '../../templates/states.tsx'
import { type CartEntry, useCart } from './cart.ts'
import { CatalogueCrumbs, ItemIcon, moneyWords, PriceWords } from './parts.tsx'
import './catalogue.css'

/** What the server said about one line of the cart. */
const linesRefused = (error: unknown, index: number): string[] =>
  isProblem(error)
    ? (error.problem.errors ?? []).filter(({ path }) => path.startsWith(`lines.${index}.`)).map(({ message }) => message)
    : []

function Line({
  entry,
  refusals,
  onQuantity,
  onRemove,
}: {
  entry: CartEntry
  refusals: string[]
  onQuantity: (quantity: number) => void
  onRemove: () => void
}) {
  const texts = useText()
  const { t } = texts
  return (
    <li className="cart-line" data-refused={refusals.length > 0}>
      <ItemIcon icon={entry.icon} />
      <div className="cart-line-words">
        <Link to="/portal/catalogue/$id" params={{ id: entry.itemId }} className="plain">
          <strong>{entry.name}</strong>
        </Link>
        <Text size="sm" c="dimmed" className="num">
          <PriceWords price={entry.price} />
        </Text>
        {refusals.map((refusal) => (
          <Text key={refusal} size="sm" c="coral" role="alert">
            {refusal}
          </Text>
        ))}
      </div>
      {entry.maxQuantity > 1 ? (
        <NumberInput
          aria-label={`${t('cart.quantity')}, ${entry.name}`}
          size="sm"
          w={80}
          min={1}
          max={entry.maxQuantity}
          allowDecimal={false}
          value={entry.quantity}
          onChange={(value) => onQuantity(Math.min(entry.maxQuantity, Math.max(1, Number(value) || 1)))}
        />
      ) : null}
      <Text className="num cart-line-total">
        {entry.price ? moneyWords(texts, { ...entry.price, amount: lineTotal(entry.price, entry.quantity) }) : t('catalogue.free')}
      </Text>
      <ActionIcon variant="subtle" color="gray" aria-label={`${t('cart.remove')}, ${entry.name}`} onClick={onRemove}>
        <IconTrash size={17} />
      </ActionIcon>
    </li>
  )
}

/** The cart: for whom, with which notes, at which price; then one request for each line. */
export function CartPage() {
  const texts = useText()
  const { t } = texts
  const cart = useCart()
  const person = usePerson()
  const navigate = useNavigate()
  const people = useChoicesOfDesk().data?.people ?? []
  const [requesterId, setRequesterId] = useState<string | null>(null)
  const [notes, setNotes] = useState('')
  const submit = useSubmitOrder()
  const key = useRef(newIdempotencyKey())
  const totals = orderTotals(cart.entries)
  const isForOther = requesterId !== null && requesterId !== person.id
  const order = (): void => {
    const lines = cart.entries.map(({ itemId, version, quantity, answers }) => ({ itemId, version, quantity, answers }))
    submit.mutate(
      { draft: { lines, notes, ...(isForOther ? { requesterId } : {}) }, idempotencyKey: key.current },
      {
        onSuccess: ({ number, requests }) => {
          key.current = newIdempotencyKey()
          cart.clear()
          notifyDone(t('cart.ordered.hint', { count: requests.length }), t('cart.ordered', { number }))
          void navigate({ to: '/portal/orders' })
        },
      },
    )
  }
  const words = submit.error ? problemWords(submit.error, t) : null
  const aside =
    cart.entries.length === 0 ? undefined : (
      <Panel title={t('cart.order')}>
        <Stack gap="sm">
          <Select
            label={t('cart.for')}
            searchable
            clearable
            placeholder={t('cart.for.me', { name: person.name })}
            data={people.filter(({ id }) => id !== person.id).map(({ id, name }) => ({ value: id, label: name }))}
            value={requesterId}
            onChange={setRequesterId}
            error={isForOther && cart.entries.some((entry) => !entry.isForOthers) ? t('cart.for.notAll') : null}
          />
          <Textarea
            label={t('cart.notes')}
            description={t('cart.notes.hint')}
            autosize
            minRows={2}
            maxLength={2000}
            value={notes}
            onChange={(event) => setNotes(event.currentTarget.value)}
          />
          <dl className="cart-totals">
            <dt>{t('cart.total')}</dt>
            {totals.length === 0 ? <dd>{t('catalogue.free')}</dd> : null}
            {totals.map((total) => (
              <dd key={`${total.currency}${total.recurrence}`} className="num">
                {moneyWords(texts, total)}
              </dd>
            ))}
          </dl>
          {words ? (
            <Alert color="coral" icon={<IconAlertTriangle size={18} />} title={words.title} role="alert">
              <Text size="sm">{words.remedy ?? words.detail}</Text>
            </Alert>
          ) : null}
          <Button loading={submit.isPending} onClick={order}>
            {t('cart.submit')}
          </Button>
          <Text size="xs" c="dimmed">
            {t('cart.submit.hint')}
          </Text>
        </Stack>
      </Panel>
    )
  return (
    <RecordPage
      width="wide"
      header={<PageHeader title={t('cart.title')} lead={t('cart.lead')} crumbs={<CatalogueCrumbs />} />}
      aside={aside}
    >
      {cart.entries.length === 0 ? (
        <EmptyState
          icon={<IconShoppingCart size={26} stroke={1.5} />}
          title={t('cart.empty')}
          hint={t('cart.empty.hint')}
          action={
            <Button component={Link} to="/portal/catalogue">
              {t('catalogue.browse')}
            </Button>
          }
        />
      ) : (
        <Panel isFlush>
          <ul className="cart-lines">
            {cart.entries.map((entry, index) => (
              <Line
                key={entry.key}
                entry={entry}
                refusals={linesRefused(submit.error, index)}
                onQuantity={(quantity) => cart.change(entry.key, quantity)}
                onRemove={() => {
                  submit.reset()
                  cart.remove(entry.key)
                }}
              />
            ))}
          </ul>
          <Group p="md">
            <Button component={Link} to="/portal/catalogue" variant="subtle" size="sm">
              {t('catalogue.more')}
            </Button>
          </Group>
        </Panel>
      )}
    </RecordPage>
  )
}
