import { ActionIcon, Button, Checkbox, Group, NumberInput, Select, Stack, Text, TextInput } from '@mantine/core'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import { type ClockPolicy, Metric, PauseOwner, PolicyKind, SlaPolicy } from '#schema/sla'
import { useDefinitions } from '../client/index.ts'
import { useText } from '../i18n/index.ts'
import { Panel } from '../templates/index.ts'
import { ConditionFields } from './condition-fields.tsx'
import { parseSource } from './parse-source.ts'
import SlaPreview from './sla-preview.tsx'

const conditions = ['start', 'stop', 'reset', 'renew', 'cancel'] as const
type Change = { [Part in keyof ClockPolicy]?: ClockPolicy[Part] | undefined }

/** A policy by its fields; the text beside it follows, and the other way round. */
export default function SlaForm({ source, onChange }: { source: string; onChange?: ((source: string) => void) | undefined }) {
  const parsed = parseSource(SlaPolicy, source)
  if (!onChange || !parsed.ok) return <SlaPreview source={source} />
  const put = (change: Partial<SlaPolicy>) => onChange(`${JSON.stringify({ ...(JSON.parse(source) as object), ...change }, null, 2)}\n`)
  return <Fields policy={parsed.value} put={put} />
}

function Fields({ policy, put }: { policy: SlaPolicy; put: (change: Partial<SlaPolicy>) => void }) {
  const { t } = useText()
  const clock = (index: number, change: Change) =>
    put({ clocks: policy.clocks.map((one, i) => (i === index ? (without({ ...one, ...change }) as ClockPolicy) : one)) })
  const add = () => {
    const first = policy.clocks[0]
    const made: ClockPolicy = {
      id: `clock${policy.clocks.length + 1}`,
      metric: 'resolution',
      calendarId: first?.calendarId ?? 'always',
      start: { statuses: ['new'] },
      stop: { statuses: ['resolved', 'closed'] },
      target: first?.target ?? { decisionId: '', output: '' },
      thresholds: [{ percent: 100, escalationCode: 'sla.breach' }],
    }
    put({ clocks: [...policy.clocks, made] })
  }
  return (
    <Stack gap="md">
      <Group grow align="start">
        {(['fr', 'en'] as const).map((language) => (
          <TextInput
            key={language}
            label={t(`studio.name.${language}`)}
            value={policy.name[language]}
            onChange={(event) => put({ name: { ...policy.name, [language]: event.currentTarget.value } })}
          />
        ))}
        <Select
          label={t('studio.sla.edit.kind')}
          allowDeselect={false}
          data={PolicyKind.options.map((kind) => ({ value: kind, label: t(`clock.kind.${kind}`) }))}
          value={policy.kind}
          onChange={(kind) => kind !== null && put({ kind: PolicyKind.parse(kind) })}
        />
      </Group>
      {policy.clocks.map((one, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a clock whose id is being typed is known by its place
        <Panel key={index}>
          <ClockFields
            clock={one}
            onChange={(change) => clock(index, change)}
            onRemove={() => put({ clocks: policy.clocks.filter((_, i) => i !== index) })}
          />
        </Panel>
      ))}
      <Button variant="light" w="fit-content" leftSection={<IconPlus size={16} />} onClick={add}>
        {t('studio.sla.edit.addClock')}
      </Button>
    </Stack>
  )
}

/** What was emptied goes out of the text. */
const without = (clock: Change): Change => Object.fromEntries(Object.entries(clock).filter(([, value]) => value !== undefined))

function ClockFields({ clock, onChange, onRemove }: { clock: ClockPolicy; onChange: (change: Change) => void; onRemove: () => void }) {
  const { t } = useText()
  const calendars = useDefinitions('calendar')
  const decisions = useDefinitions('decision')
  const names = (rows: { id: string }[] | undefined, chosen: string) =>
    [...new Set([chosen, ...(rows ?? []).map(({ id }) => id)])].filter(Boolean)
  return (
    <Stack gap="sm">
      <Group gap={8} align="end">
        <TextInput
          size="xs"
          w={130}
          label={t('studio.sla.edit.id')}
          value={clock.id}
          onChange={(event) => onChange({ id: event.currentTarget.value })}
        />
        <Select
          size="xs"
          w={160}
          allowDeselect={false}
          label={t('studio.sla.edit.metric')}
          data={Metric.options.map((metric) => ({ value: metric, label: t(`clock.${metric}`) }))}
          value={clock.metric}
          onChange={(metric) => metric !== null && onChange({ metric: Metric.parse(metric) })}
        />
        <Select
          size="xs"
          w={160}
          allowDeselect={false}
          label={t('studio.sla.edit.calendar')}
          data={names(calendars.data, clock.calendarId)}
          value={clock.calendarId}
          onChange={(calendarId) => calendarId !== null && onChange({ calendarId })}
        />
        <Select
          size="xs"
          w={190}
          searchable
          allowDeselect={false}
          label={t('studio.sla.edit.decision')}
          data={names(decisions.data, clock.target.decisionId)}
          value={clock.target.decisionId}
          onChange={(decisionId) => decisionId !== null && onChange({ target: { ...clock.target, decisionId } })}
        />
        <TextInput
          size="xs"
          w={170}
          label={t('studio.sla.edit.output')}
          value={clock.target.output}
          onChange={(event) => onChange({ target: { ...clock.target, output: event.currentTarget.value } })}
        />
        <ActionIcon variant="subtle" color="coral" aria-label={t('studio.sla.edit.removeClock', { id: clock.id })} onClick={onRemove}>
          <IconTrash size={16} />
        </ActionIcon>
      </Group>
      <Group gap="lg">
        <Checkbox
          size="xs"
          label={t('studio.sla.edit.perGroup')}
          checked={clock.per === 'group'}
          onChange={(event) =>
            onChange({ per: event.currentTarget.checked ? 'group' : undefined, ...(event.currentTarget.checked ? { start: {} } : {}) })
          }
        />
        <Checkbox
          size="xs"
          label={t('studio.sla.edit.fromOpening')}
          checked={clock.countFrom === 'opening'}
          onChange={(event) => onChange({ countFrom: event.currentTarget.checked ? 'opening' : undefined })}
        />
        <Checkbox
          size="xs"
          label={t('studio.sla.edit.repeats')}
          checked={clock.repeats === true}
          onChange={(event) => onChange({ repeats: event.currentTarget.checked || undefined })}
        />
      </Group>
      {conditions
        .filter((part) => part !== 'start' || clock.per !== 'group')
        .map((part) => (
          <ConditionFields
            key={part}
            label={t(`studio.sla.${part}`)}
            condition={clock[part]}
            onChange={(condition) => onChange({ [part]: condition ?? (part === 'start' || part === 'stop' ? {} : undefined) })}
          />
        ))}
      <PauseFields clock={clock} onChange={onChange} />
      <ThresholdFields clock={clock} onChange={onChange} />
    </Stack>
  )
}

function PauseFields({ clock, onChange }: { clock: ClockPolicy; onChange: (change: Change) => void }) {
  const { t } = useText()
  const pauses = clock.pauses ?? []
  const put = (index: number, change: object) => onChange({ pauses: pauses.map((one, i) => (i === index ? { ...one, ...change } : one)) })
  const minutes = (index: number, part: 'maxMinutes' | 'maxTotalMinutes') => (
    <NumberInput
      size="xs"
      w={120}
      min={1}
      label={t(`studio.sla.edit.${part}`)}
      value={pauses[index]?.[part] ?? ''}
      onChange={(value) => {
        const { [part]: _old, ...rest } = pauses[index] ?? {}
        const changed = typeof value === 'number' ? { ...rest, [part]: value } : rest
        onChange({ pauses: pauses.map((one, i) => (i === index ? (changed as typeof one) : one)) })
      }}
    />
  )
  return (
    <Stack gap={6}>
      {clock.pause && (
        <ConditionFields label={t('studio.sla.pause')} condition={clock.pause} isState onChange={(pause) => onChange({ pause })} />
      )}
      {pauses.map((pause, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a reason whose id is being typed is known by its place
        <Group key={index} gap={8} align="end">
          <TextInput
            size="xs"
            w={110}
            label={t('studio.sla.edit.reason')}
            value={pause.id}
            onChange={(event) => put(index, { id: event.currentTarget.value })}
          />
          <Select
            size="xs"
            w={130}
            allowDeselect={false}
            label={t('studio.sla.edit.owner')}
            data={PauseOwner.options.map((owner) => ({ value: owner, label: t(`studio.sla.owner.${owner}`) }))}
            value={pause.owner}
            onChange={(owner) => owner !== null && put(index, { owner })}
          />
          {minutes(index, 'maxMinutes')}
          {minutes(index, 'maxTotalMinutes')}
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={`${t('common.remove')} ${pause.id}`}
            onClick={() => onChange({ pauses: pauses.length === 1 ? undefined : pauses.filter((_, i) => i !== index) })}
          >
            <IconTrash size={14} />
          </ActionIcon>
          <ConditionFields
            label={t('studio.sla.pause')}
            condition={pause.when}
            isState
            onChange={(when) => put(index, { when: when ?? {} })}
          />
        </Group>
      ))}
      <Button
        size="compact-xs"
        variant="subtle"
        w="fit-content"
        leftSection={<IconPlus size={12} />}
        onClick={() =>
          onChange({ pauses: [...pauses, { id: `reason${pauses.length + 1}`, owner: 'requester', when: { statuses: ['pending'] } }] })
        }
      >
        {t('studio.sla.edit.addPause')}
      </Button>
    </Stack>
  )
}

function ThresholdFields({ clock, onChange }: { clock: ClockPolicy; onChange: (change: Change) => void }) {
  const { t } = useText()
  const { thresholds } = clock
  const put = (index: number, change: Partial<ClockPolicy['thresholds'][number]>) =>
    onChange({ thresholds: thresholds.map((one, i) => (i === index ? { ...one, ...change } : one)) })
  return (
    <Stack gap={6}>
      <Text size="xs" fw={600}>
        {t('studio.sla.edit.thresholds')}
      </Text>
      {thresholds.map((threshold, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a threshold being typed is known by its place
        <Group key={index} gap={8}>
          <NumberInput
            size="xs"
            w={90}
            min={1}
            suffix=" %"
            aria-label={t('studio.sla.edit.percent')}
            value={threshold.percent}
            onChange={(percent) => typeof percent === 'number' && percent > 0 && put(index, { percent })}
          />
          <TextInput
            size="xs"
            w={220}
            aria-label={t('studio.sla.edit.escalation')}
            value={threshold.escalationCode}
            onChange={(event) => put(index, { escalationCode: event.currentTarget.value })}
          />
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={`${t('common.remove')} ${threshold.percent} %`}
            onClick={() => onChange({ thresholds: thresholds.filter((_, i) => i !== index) })}
          >
            <IconTrash size={14} />
          </ActionIcon>
        </Group>
      ))}
      <Button
        size="compact-xs"
        variant="subtle"
        w="fit-content"
        leftSection={<IconPlus size={12} />}
        onClick={() =>
          onChange({ thresholds: [...thresholds, { percent: (thresholds.at(-1)?.percent ?? 0) + 25, escalationCode: 'sla.late' }] })
        }
      >
        {t('studio.sla.edit.addThreshold')}
      </Button>
    </Stack>
  )
}
