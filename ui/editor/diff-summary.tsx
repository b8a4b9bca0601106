import { Badge, Box, Group, Stack, Text } from '@mantine/core'
import { useText } from '../i18n/index.ts'
import { type ElementName, isSame, type ProcessDiff } from './diff.ts'

/** What a deployment would change, element by element. */
export function DiffSummary({ diff }: { diff: ProcessDiff }) {
  const { t, tOr } = useText()
  if (isSame(diff))
    return (
      <Text size="sm" c="dimmed">
        {t('studio.diff.same')}
      </Text>
    )
  const label = (element: ElementName) => (element.name === '' ? element.id : element.name)
  const kind = (element: ElementName) => tOr(`diagram.kind.${element.type}`, element.type)
  const row = (element: ElementName, mark: string, color: string) => (
    <Group key={element.id} gap="xs" wrap="nowrap">
      <Badge size="sm" variant="light" color={color} miw={76}>
        {mark}
      </Badge>
      <Text size="sm" truncate>
        {label(element)}{' '}
        <Text span size="xs" c="dimmed">
          {kind(element)} {element.name === '' ? '' : element.id}
        </Text>
      </Text>
    </Group>
  )
  return (
    <Stack gap={6}>
      {diff.added.map((element) => row(element, t('studio.diff.added'), 'petrol'))}
      {diff.removed.map((element) => row(element, t('studio.diff.removed'), 'red'))}
      {diff.changed.map((element) => (
        <Box key={element.id}>
          {row(element, t('studio.diff.changed'), 'amber')}
          <Stack gap={0} pl={86}>
            {element.changes.slice(0, 6).map((change) => (
              <Text key={change.property} size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
                {change.property}: <s>{change.from ?? '—'}</s> →{' '}
                <Text span c="var(--mantine-color-text)" size="xs">
                  {change.to ?? '—'}
                </Text>
              </Text>
            ))}
            {element.changes.length > 6 && (
              <Text size="xs" c="dimmed">
                {t('studio.diff.more', { count: element.changes.length - 6 })}
              </Text>
            )}
          </Stack>
        </Box>
      ))}
      {diff.isLayoutChanged && (
        <Text size="xs" c="dimmed">
          {t('studio.diff.layout')}
        </Text>
      )}
    </Stack>
  )
}
