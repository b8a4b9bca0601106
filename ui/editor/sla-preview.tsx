import { Badge, Group, Stack, Text } from '@mantine/core'
import { SlaPolicy } from '#schema/sla'
import { useText } from '../i18n/index.ts'
import { Panel } from '../templates/index.ts'
import { parseSource } from './parse-source.ts'

type Condition = SlaPolicy['clocks'][number]['start']

/** A service level policy in words: what each clock measures, when it runs, when it warns. */
export default function SlaPreview({ source }: { source: string }) {
  const { t, tOr, locale } = useText()
  const parsed = parseSource(SlaPolicy, source)
  if (!parsed.ok)
    return (
      <Text size="sm" c="coral">
        {t('studio.preview.broken', { reason: parsed.reason })}
      </Text>
    )
  const words = (condition: Condition | undefined): string => {
    if (!condition) return '—'
    const statuses = condition.statuses?.map((status) => t(`status.${status}`)).join(', ')
    return [
      statuses && t('studio.sla.statuses', { statuses }),
      condition.facts && t('studio.sla.facts', { facts: condition.facts.join(', ') }),
      condition.elementEntered && t('studio.sla.entered', { element: condition.elementEntered }),
      condition.elementLeft && t('studio.sla.left', { element: condition.elementLeft }),
      condition.messageFrom && t(`studio.sla.message.${condition.messageFrom}`),
    ]
      .filter(Boolean)
      .join(' · ')
  }
  return (
    <Stack gap="md">
      <Group gap="xs">
        <Text fw={600}>{parsed.value.name[locale]}</Text>
        <Badge color="gray">{parsed.value.kind.toUpperCase()}</Badge>
      </Group>
      {parsed.value.clocks.map((clock) => (
        <Panel key={clock.id}>
          <Text fw={600} mb={6}>
            {tOr(`clock.${clock.metric}`, clock.metric)}
          </Text>
          {(['start', 'pause', 'stop', 'reset', 'renew', 'cancel'] as const)
            .filter((name) => clock[name])
            .map((name) => (
              <Group key={name} gap="xs" wrap="nowrap" align="flex-start">
                <Text size="sm" c="dimmed" w={90} style={{ flex: 'none' }}>
                  {t(`studio.sla.${name}`)}
                </Text>
                <Text size="sm">{words(clock[name])}</Text>
              </Group>
            ))}
          <Group gap="xs" wrap="nowrap">
            <Text size="sm" c="dimmed" w={90} style={{ flex: 'none' }}>
              {t('studio.sla.target')}
            </Text>
            <Text size="sm">
              <code>
                {clock.target.decisionId}.{clock.target.output}
              </code>{' '}
              · {clock.calendarId}
            </Text>
          </Group>
          <Group gap={6} mt="xs">
            {clock.thresholds.map((threshold) => (
              <Badge key={threshold.percent} color={threshold.percent >= 100 ? 'coral' : 'amber'}>
                {threshold.percent} % → {threshold.escalationCode}
              </Badge>
            ))}
          </Group>
        </Panel>
      ))}
    </Stack>
  )
}
