import { Badge, Button, Text } from '@mantine/core'
import {
  IconApps,
  IconBox,
  IconDeviceLaptop,
  IconDoorExit,
  IconKey,
  IconMail,
  IconPasswordUser,
  IconShoppingCart,
  IconTransfer,
  IconUserPlus,
} from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { CatalogueIcon, Price } from '#schema/catalogue-item'
import type { RequestStage, Total } from '#schema/request'
import { type Texts, useText } from '../../i18n/index.ts'
import { useCart } from './cart.ts'

const icons: Record<CatalogueIcon, typeof IconBox> = {
  laptop: IconDeviceLaptop,
  software: IconApps,
  mailbox: IconMail,
  access: IconKey,
  password: IconPasswordUser,
  joiner: IconUserPlus,
  mover: IconTransfer,
  leaver: IconDoorExit,
  other: IconBox,
}
export function ItemIcon({ icon, size = 22 }: { icon: CatalogueIcon; size?: number }) {
  const Icon = icons[icon]
  return (
    <span className="item-icon" aria-hidden>
      <Icon size={size} stroke={1.6} />
    </span>
  )
}

export const moneyWords = ({ number, t }: Texts, { amount, currency, recurrence }: Total | Price): string =>
  t(`catalogue.price.${recurrence}`, { amount: number(amount, { style: 'currency', currency }) })

export function PriceWords({ price }: { price: Price | null }) {
  const texts = useText()
  return <>{price === null || price.amount === 0 ? texts.t('catalogue.free') : moneyWords(texts, price)}</>
}

export function DeliveryWords({ days }: { days: number }) {
  const { t } = useText()
  return <>{days === 0 ? t('catalogue.delivery.now') : t('catalogue.delivery', { count: days })}</>
}

const stageColours: Record<RequestStage, string> = {
  received: 'gray',
  awaitingApproval: 'amber',
  approved: 'petrol',
  beingDelivered: 'petrol',
  deliveryFailed: 'coral',
  delivered: 'moss',
  completed: 'moss',
  rejected: 'coral',
  expired: 'coral',
  notDelivered: 'coral',
  canceled: 'gray',
}
export function StageBadge({ stage, isPlain = false }: { stage: RequestStage; isPlain?: boolean }) {
  const { t } = useText()
  // What failed behind the counter is being looked after: the requester reads that it is being delivered.
  const shown = isPlain && stage === 'deliveryFailed' ? 'beingDelivered' : stage
  return <Badge color={stageColours[shown]}>{t(`stage.${shown}`)}</Badge>
}

export function CartButton() {
  const { t } = useText()
  const { count } = useCart()
  return (
    <Button component={Link} to="/portal/cart" variant={count > 0 ? 'filled' : 'default'} leftSection={<IconShoppingCart size={17} />}>
      {count > 0 ? t('cart.open', { count }) : t('cart.title')}
    </Button>
  )
}

export function CatalogueCrumbs() {
  const { t } = useText()
  return (
    <Text component="span" size="xs">
      <Link to="/portal" className="plain">
        {t('nav.requests')}
      </Link>{' '}
      ·{' '}
      <Link to="/portal/catalogue" className="plain">
        {t('catalogue.title')}
      </Link>
    </Text>
  )
}
