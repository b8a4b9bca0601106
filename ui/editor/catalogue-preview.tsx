import { Badge, Group, Stack, Text } from '@mantine/core'
import { checkItem } from '#domain/catalogue'
import { CatalogueItem } from '#schema/catalogue-item'
import { useText } from '../i18n/index.ts'
import { DeliveryWords, ItemIcon, PriceWords } from '../pages/catalogue/parts.tsx'
import { Panel } from '../templates/index.ts'
import { parseSource } from './parse-source.ts'
import '../pages/catalogue/catalogue.css'

/** An item as requesters will see it, with who approves and what delivers it. */
export default function CataloguePreview({ source }: { source: string }) {
  const { t, tOr, locale } = useText()
  const parsed = parseSource(CatalogueItem, source)
  if (!parsed.ok)
    return (
      <Text size="sm" c="coral">
        {t('studio.preview.broken', { reason: parsed.reason })}
      </Text>
    )
  const item = parsed.value
  const approverWords = (approver: CatalogueItem['approvals'][number]['approvers'][number]): string =>
    typeof approver === 'string' ? t(`approver.${approver}`) : 'group' in approver ? approver.group : approver.person
  return (
    <Stack gap="md">
      <div className="item-card">
        <ItemIcon icon={item.icon} />
        <span className="item-card-words">
          <strong>{item.name[locale]}</strong>
          <span>{item.summary[locale]}</span>
        </span>
        <span className="item-card-facts">
          <span className="num">
            <PriceWords price={item.price} />
          </span>
          <span>
            <DeliveryWords days={item.deliveryDays} />
          </span>
          {item.availability.isWithdrawn ? <Badge color="coral">{t('catalogue.withdrawn')}</Badge> : null}
        </span>
      </div>
      <Panel title={t('catalogue.approvals')}>
        {item.approvals.length === 0 ? <Text size="sm">{t('catalogue.approval.none')}</Text> : null}
        {item.approvals.map((rule, index) => (
          <Group key={rule.subject} gap="xs" mb={4}>
            <Badge color="gray">{index + 1}</Badge>
            <Text size="sm" fw={600}>
              {tOr(`catalogue.approver.${rule.subject}`, rule.subject)}
            </Text>
            <Text size="sm">{rule.approvers.map(approverWords).join(', ')}</Text>
            {rule.condition ? <code>{rule.condition}</code> : null}
          </Group>
        ))}
      </Panel>
      <Text size="sm" c="dimmed">
        {t('request.fulfilment')} <code>{item.fulfilment.processId}</code> · {item.fulfilment.groupId}
      </Text>
      {checkItem(item).map((problem) => (
        <Text key={problem.elementId} size="sm" c="coral">
          {problem.elementId} : {problem.message}
        </Text>
      ))}
    </Stack>
  )
}
