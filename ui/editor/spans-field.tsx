import { ActionIcon, Button, Group, TextInput } from '@mantine/core'
import { IconPlus, IconX } from '@tabler/icons-react'
import type { Calendar } from '#schema/calendar'
import { useText } from '../i18n/index.ts'

type Spans = Calendar['exceptions'][number]['spans']

/** Working spans of a day: from, to, one more, one less. */
export function SpansField({ spans, label, onChange }: { spans: Spans; label: string; onChange: (spans: Spans) => void }) {
  const { t } = useText()
  const put = (index: number, part: 'from' | 'to', value: string) =>
    onChange(spans.map((span, i) => (i === index ? { ...span, [part]: value } : span)))
  const last = spans.at(-1)
  return (
    <Group gap={6}>
      {spans.map((span, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a span is known by its place
        <Group key={index} gap={2} wrap="nowrap">
          {(['from', 'to'] as const).map((part) => (
            <TextInput
              key={part}
              size="xs"
              w={64}
              value={span[part]}
              placeholder="08:30"
              aria-label={`${label}, ${t(`studio.calendar.${part}`)} ${index + 1}`}
              onChange={(event) => put(index, part, event.currentTarget.value)}
            />
          ))}
          <ActionIcon
            variant="subtle"
            color="gray"
            size="sm"
            aria-label={`${t('common.remove')} ${span.from}`}
            onClick={() => onChange(spans.filter((_, i) => i !== index))}
          >
            <IconX size={14} />
          </ActionIcon>
        </Group>
      ))}
      <Button
        size="compact-xs"
        variant="subtle"
        leftSection={<IconPlus size={12} />}
        onClick={() => onChange([...spans, last ? { from: last.to, to: '18:00' } : { from: '08:30', to: '18:00' }])}
      >
        {t('studio.calendar.span')}
      </Button>
    </Group>
  )
}
