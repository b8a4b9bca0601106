import { Button, Checkbox, Group, Select, SimpleGrid, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useRef } from 'react'
import type { ProblemDraft } from '#schema/recurrence'
import type { Level } from '#schema/ticket'
import { useOptions } from '../../client/desk.ts'
import { isProblem, newIdempotencyKey } from '../../client/http.ts'
import { type NewProblem, useProblemDraft, useRaiseProblem } from '../../client/problems.ts'
import { StatusBadge } from '../../components/badges.tsx'
import { useText } from '../../i18n/index.ts'
import { notifyDone, notifyProblem } from '../../templates/notify.tsx'
import { PageHeader, Panel } from '../../templates/page.tsx'
import { ErrorState, RecordSkeleton } from '../../templates/states.tsx'
import './problems.css'

const levels: Level[] = [1, 2, 3]
const nothing: ProblemDraft = { title: '', description: '', impact: 2, urgency: 2, category: null, service: null, incidents: [] }
type FormOf = Pick<ReturnType<typeof useForm<NewProblem>>, 'values' | 'errors' | 'getInputProps' | 'setFieldValue'>

function LevelSelect({ form, name }: { form: FormOf; name: 'impact' | 'urgency' }) {
  const { t } = useText()
  return (
    <Select
      label={t(`field.${name}`)}
      allowDeselect={false}
      data={levels.map((level) => ({ value: String(level), label: t(`level.${level}`) }))}
      value={String(form.values[name])}
      error={form.errors[name]}
      onChange={(value) => form.setFieldValue(name, Number(value ?? 2) as Level)}
    />
  )
}

function Fields({ form }: { form: FormOf }) {
  const { t } = useText()
  const options = useOptions().data
  return (
    <Stack gap="md">
      <TextInput
        label={t('problems.new.title')}
        description={t('problems.new.title.hint')}
        required
        maxLength={200}
        {...form.getInputProps('title')}
      />
      <Textarea
        label={t('problems.new.description')}
        autosize
        minRows={5}
        maxRows={20}
        maxLength={20_000}
        {...form.getInputProps('description')}
      />
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <LevelSelect form={form} name="impact" />
        <LevelSelect form={form} name="urgency" />
        <Select label={t('field.category')} clearable searchable data={options?.categories ?? []} {...form.getInputProps('category')} />
        <Select label={t('field.service')} clearable searchable data={options?.services ?? []} {...form.getInputProps('service')} />
      </SimpleGrid>
    </Stack>
  )
}

/** Incidents that come with it; one that does not belong is left out. */
function Incidents({ form, incidents }: { form: FormOf; incidents: ProblemDraft['incidents'] }) {
  const { t } = useText()
  return (
    <Checkbox.Group
      label={t('problems.new.incidents')}
      description={t('problems.new.incidents.hint')}
      value={form.values.incidentIds}
      error={form.errors.incidentIds}
      onChange={(ids) => form.setFieldValue('incidentIds', ids)}
    >
      <Stack gap={6} mt="xs">
        {incidents.map(({ id, number, title, status }) => (
          <Group key={id} justify="space-between" wrap="nowrap" gap="sm">
            <Checkbox value={id} label={`${number} · ${title}`} />
            <StatusBadge status={status as never} size="sm" />
          </Group>
        ))}
      </Stack>
    </Checkbox.Group>
  )
}

function ProblemForm({ draft, from }: { draft: ProblemDraft; from: string | undefined }) {
  const { t } = useText()
  const navigate = useNavigate()
  const raise = useRaiseProblem()
  const key = useRef(newIdempotencyKey())
  const { incidents, ...fields } = draft
  const form = useForm<NewProblem>({
    initialValues: { ...fields, incidentIds: incidents.map(({ id }) => id) },
    validate: { title: (value) => (value.trim().length < 3 ? t('form.minLength', { min: 3 }) : null) },
  })
  const submit = form.onSubmit((problem) =>
    raise.mutate(
      { problem, idempotencyKey: key.current },
      {
        onSuccess: ({ number }) => {
          notifyDone(t('problems.new.done', { number }))
          void navigate({ to: '/tickets/$id', params: { id: number } })
        },
        onError: (error) => {
          key.current = newIdempotencyKey()
          if (isProblem(error)) form.setErrors(placesOf(error))
          notifyProblem(error, t)
        },
      },
    ),
  )
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        <Panel>
          <Fields form={form} />
        </Panel>
        {incidents.length > 0 ? (
          <Panel>
            <Incidents form={form} incidents={incidents} />
          </Panel>
        ) : (
          <Text size="sm" c="dimmed">
            {t('problems.new.noIncident')}
          </Text>
        )}
        <Group>
          <Button type="submit" loading={raise.isPending}>
            {t('problems.new.submit')}
          </Button>
          {from === undefined ? (
            <Button component={Link} to="/problems" variant="subtle" color="gray">
              {t('common.cancel')}
            </Button>
          ) : (
            <Button component={Link} to="/tickets/$id" params={{ id: from } as never} variant="subtle" color="gray">
              {t('common.cancel')}
            </Button>
          )}
        </Group>
      </Stack>
    </form>
  )
}

/** A refusal of one incident is said at the list of them. */
function placesOf(problem: { fieldErrors: () => Record<string, string> }): Record<string, string> {
  return Object.fromEntries(Object.entries(problem.fieldErrors()).map(([name, text]) => [/^\d+$/.test(name) ? 'incidentIds' : name, text]))
}

/** Raises a problem by hand, or from an incident: with it linked, and of a major one with its timeline. */
export function NewProblemPage() {
  const { t } = useText()
  const { from } = useSearch({ from: '/app/problems/new' })
  const { data, error, isPending, refetch } = useProblemDraft(from)
  if (from !== undefined && isPending) return <RecordSkeleton />
  return (
    <div className="page page-reading">
      <PageHeader
        title={t('problems.new')}
        crumbs={
          <Link to="/problems" className="plain">
            {t('problems.title')}
          </Link>
        }
      />
      {error ? <ErrorState error={error} onRetry={() => void refetch()} /> : <ProblemForm draft={data ?? nothing} from={from} />}
    </div>
  )
}
