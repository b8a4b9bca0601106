import { Group, MultiSelect, Select, TextInput } from '@mantine/core'
import type { ClockCondition } from '#schema/sla'
import { TicketStatus } from '#schema/ticket'
import { useText } from '../i18n/index.ts'

const senders = ['agent', 'requester'] as const

/** When a clock starts, stops, pauses: any of the parts that is filled in. */
export function ConditionFields({
  label,
  condition = {},
  isState = false,
  onChange,
}: {
  label: string
  condition?: ClockCondition | undefined
  /** A state lasts: moments are not offered. */
  isState?: boolean
  onChange: (condition: ClockCondition | undefined) => void
}) {
  const { t } = useText()
  const put = (change: { [Part in keyof ClockCondition]?: ClockCondition[Part] | undefined }) => {
    const merged = Object.fromEntries(
      Object.entries({ ...condition, ...change }).filter(
        ([, part]) => part !== undefined && part !== '' && !(Array.isArray(part) && part.length === 0),
      ),
    )
    onChange(Object.keys(merged).length === 0 ? undefined : (merged as ClockCondition))
  }
  const text = (part: 'elementEntered' | 'elementLeft') => (
    <TextInput
      size="xs"
      w={130}
      label={t(`studio.sla.edit.${part}`)}
      value={condition[part] ?? ''}
      onChange={(event) => put({ [part]: event.currentTarget.value || undefined })}
    />
  )
  return (
    <Group gap={8} align="end">
      <MultiSelect
        size="xs"
        miw={210}
        flex={1}
        label={label}
        data={TicketStatus.options.map((status) => ({ value: status, label: t(`status.${status}`) }))}
        value={condition.statuses ?? []}
        onChange={(statuses) => put({ statuses: statuses as TicketStatus[] })}
      />
      {text('elementEntered')}
      {!isState && text('elementLeft')}
      {!isState && (
        <Select
          size="xs"
          w={150}
          clearable
          label={t('studio.sla.edit.message')}
          data={senders.map((from) => ({ value: from, label: t(`studio.sla.edit.message.${from}`) }))}
          value={condition.messageFrom ?? null}
          onChange={(from) => put({ messageFrom: (from ?? undefined) as ClockCondition['messageFrom'] })}
        />
      )}
      <TextInput
        size="xs"
        w={120}
        label={t('studio.sla.edit.field')}
        value={condition.field?.name ?? ''}
        onChange={(event) =>
          put({ field: event.currentTarget.value ? { ...condition.field, name: event.currentTarget.value } : undefined })
        }
      />
    </Group>
  )
}
