import { Button, Group, NumberInput, Select, SimpleGrid, Stack, Switch, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { IconFlask } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { RecurrenceField, type RecurrenceRuleView, type RehearsalView } from '#schema/recurrence'
import { useOptions } from '../../client/desk.ts'
import { isProblem } from '../../client/http.ts'
import { useSaveRecurrenceRule, useTryRule } from '../../client/problems.ts'
import { useText } from '../../i18n/index.ts'
import { notifyDone, notifyProblem } from '../../templates/notify.tsx'

interface Values {
  fr: string
  en: string
  field: RecurrenceField
  least: number | string
  days: number | string
  isActive: boolean
}
const pasts = [30, 90, 180, 365] as const
const mostTickets = 6

/** What the value of a proposal is called in the reader's language. */
export function useValueName(): (field: RecurrenceField, value: string, label: string) => string {
  const options = useOptions().data
  return (field, value, label) => {
    const known = field === 'service' ? options?.services : field === 'category' ? options?.categories : undefined
    return known?.find((option) => option.value === value)?.label ?? label
  }
}

function Rehearsal({ seen, field }: { seen: RehearsalView; field: RecurrenceField }) {
  const { t, date } = useText()
  const nameOf = useValueName()
  return (
    <div className="rule-trial" role="status">
      <Text size="sm" fw={600}>
        {seen.total === 0
          ? t('rules.try.none', { considered: seen.considered, from: date(seen.from) })
          : t('rules.try.found', { count: seen.total, considered: seen.considered, from: date(seen.from) })}
      </Text>
      <Text size="xs" c="dimmed">
        {t('rules.try.hint')}
      </Text>
      <ul className="plain-list rule-trial-list">
        {seen.proposals.map(({ at, value, label, incidents }) => (
          <li key={`${value} ${at}`}>
            <Text size="sm">
              <span className="num">{date(at)}</span> ·{' '}
              {t('proposal.words', { count: incidents.length, label: nameOf(field, value, label) })}
            </Text>
            <Text size="xs">
              {incidents.slice(0, mostTickets).map((one) => (
                <Link key={one.id} to="/tickets/$id" params={{ id: one.number }} className="mono rule-ticket" title={one.title}>
                  {one.number}
                </Link>
              ))}
              {incidents.length > mostTickets ? t('rules.try.more', { count: incidents.length - mostTickets }) : null}
            </Text>
          </li>
        ))}
      </ul>
    </div>
  )
}

/** Writes a rule, and tries it on the incidents of the past before it is saved. */
export function RuleForm({ rule, onDone }: { rule: RecurrenceRuleView | null; onDone: () => void }) {
  const { t } = useText()
  const save = useSaveRecurrenceRule()
  const trial = useTryRule()
  const [pastDays, setPastDays] = useState<number>(90)
  const between = (min: number, max: number) => (value: number | string) =>
    typeof value === 'number' && value >= min && value <= max ? null : t('rules.between', { min, max })
  const form = useForm<Values>({
    initialValues: {
      fr: rule?.name.fr ?? '',
      en: rule?.name.en ?? '',
      field: rule?.field ?? 'ciId',
      least: rule?.least ?? 3,
      days: rule?.days ?? 30,
      isActive: rule?.isActive ?? true,
    },
    validate: {
      fr: (value) => (value.trim() === '' ? t('common.required') : null),
      en: (value) => (value.trim() === '' ? t('common.required') : null),
      least: between(2, 1_000),
      days: between(1, 366),
    },
    onValuesChange: () => trial.reset(),
  })
  const refused = (error: unknown): void => {
    if (isProblem(error)) form.setErrors(error.fieldErrors())
    notifyProblem(error, t)
  }
  const numbers = ({ field, least, days }: Values) => ({ field, least: Number(least), days: Number(days) })
  const tryOut = (): void => {
    if (form.validateField('least').hasError || form.validateField('days').hasError) return
    trial.mutate({ ...numbers(form.values), pastDays }, { onError: refused })
  }
  const submit = form.onSubmit((values) =>
    save.mutate(
      {
        ...(rule ? { id: rule.id, version: rule.version } : {}),
        ...numbers(values),
        name: { fr: values.fr, en: values.en },
        isActive: values.isActive,
      },
      {
        onSuccess: ({ name }) => {
          notifyDone(t('rules.saved'), name.fr)
          onDone()
        },
        onError: refused,
      },
    ),
  )
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="sm">
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <TextInput label={t('rules.name.fr')} required maxLength={120} data-autofocus {...form.getInputProps('fr')} />
          <TextInput label={t('rules.name.en')} required maxLength={120} {...form.getInputProps('en')} />
        </SimpleGrid>
        <SimpleGrid cols={{ base: 1, sm: 3 }}>
          <Select
            label={t('rules.field')}
            allowDeselect={false}
            data={RecurrenceField.options.map((value) => ({ value, label: t(`rules.field.${value}`) }))}
            {...form.getInputProps('field')}
          />
          <NumberInput label={t('rules.least')} required min={2} max={1_000} clampBehavior="none" {...form.getInputProps('least')} />
          <NumberInput label={t('rules.days')} required min={1} max={366} clampBehavior="none" {...form.getInputProps('days')} />
        </SimpleGrid>
        <Switch
          label={t('rules.isActive')}
          description={t('rules.isActive.hint')}
          {...form.getInputProps('isActive', { type: 'checkbox' })}
        />
        <Group align="end" gap="xs">
          <Select
            label={t('rules.try.past')}
            allowDeselect={false}
            w={170}
            data={pasts.map((days) => ({ value: String(days), label: t('rules.try.days', { count: days }) }))}
            value={String(pastDays)}
            onChange={(value) => setPastDays(Number(value ?? 90))}
          />
          <Button variant="default" leftSection={<IconFlask size={16} />} loading={trial.isPending} onClick={tryOut}>
            {t('rules.try')}
          </Button>
        </Group>
        {trial.data ? <Rehearsal seen={trial.data} field={form.values.field} /> : null}
        <Group justify="flex-end">
          <Button variant="default" onClick={onDone}>
            {t('common.cancel')}
          </Button>
          <Button type="submit" loading={save.isPending}>
            {t('rules.save')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
