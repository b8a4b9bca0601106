import { Alert, Button, Group, Radio, Select, SimpleGrid, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { IconCalendarSearch } from '@tabler/icons-react'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useRef, useState } from 'react'
import { ChangeType } from '#schema/change'
import { useGroups, usePeople } from '../../client/administration.ts'
import { findSlot, useConflicts, useRaiseChange, useTemplates } from '../../client/changes.ts'
import { useOptions } from '../../client/desk.ts'
import { isProblem, newIdempotencyKey } from '../../client/http.ts'
import { hasRole, usePerson } from '../../client/session.ts'
import { useText } from '../../i18n/index.ts'
import { notifyDone, notifyProblem } from '../../templates/notify.tsx'
import { PageHeader, Panel } from '../../templates/page.tsx'
import { ChangeSelect, CiSelect, ConflictList, fromLocalInput, toLocalInput } from './change-marks.tsx'
import './changes.css'

interface Values {
  type: ChangeType
  templateId: string | null
  title: string
  description: string
  justification: string
  service: string | null
  groupId: string | null
  ciIds: string[]
  dependsOn: string[]
  plannedStart: string
  plannedEnd: string
  implementerId: string | null
}

/** What was not filled in is left out. */
const sent = (values: Values) => {
  const { type, title, ciIds, dependsOn, templateId, plannedStart, plannedEnd, ...rest } = values
  const times = { plannedStart: fromLocalInput(plannedStart), plannedEnd: fromLocalInput(plannedEnd) }
  const given = Object.entries({ ...rest, ...times, ...(type === 'standard' ? { templateId } : {}) })
  return { type, title: title.trim(), ciIds, dependsOn, ...Object.fromEntries(given.filter(([, value]) => value !== null && value !== '')) }
}

type FormOf = Pick<ReturnType<typeof useForm<Values>>, 'values' | 'errors' | 'getInputProps' | 'setFieldValue'>

function TypeFields({ form }: { form: FormOf }) {
  const { t, locale } = useText()
  const isStaff = hasRole(usePerson(), 'agent', 'processOwner', 'administrator')
  const templates = (useTemplates().data ?? []).filter(({ state }) => state === 'active')
  const types = ChangeType.options.filter((type) => type !== 'emergency' || isStaff)
  return (
    <Stack gap="md">
      <Radio.Group label={t('change.type')} required {...form.getInputProps('type')}>
        <SimpleGrid cols={{ base: 1, sm: types.length }} mt={6}>
          {types.map((type) => (
            <Radio.Card key={type} value={type} className="change-type-card">
              <Group wrap="nowrap" align="flex-start">
                <Radio.Indicator />
                <div>
                  <strong>{t(`change.type.${type}`)}</strong>
                  <div className="change-dim">{t(`change.type.${type}.hint`)}</div>
                </div>
              </Group>
            </Radio.Card>
          ))}
        </SimpleGrid>
      </Radio.Group>
      {form.values.type === 'standard' && templates.length === 0 ? <Alert color="amber">{t('change.form.noTemplate')}</Alert> : null}
      {form.values.type === 'standard' && templates.length > 0 ? (
        <Select
          label={t('change.form.template')}
          description={t('change.form.template.hint')}
          required
          searchable
          data={templates.map((each) => ({ value: each.id, label: (locale === 'en' && each.nameEn) || each.name }))}
          {...form.getInputProps('templateId')}
          onChange={(id) => {
            const template = templates.find((each) => each.id === id)
            form.setFieldValue('templateId', id)
            if (template && form.values.title === '') form.setFieldValue('title', (locale === 'en' && template.nameEn) || template.name)
          }}
        />
      ) : null}
    </Stack>
  )
}

/** What speaks against the time that is asked for, and the next one against which nothing does. */
function SlotFinder({ form }: { form: FormOf }) {
  const { t } = useText()
  const [isSearching, setSearching] = useState(false)
  const { ciIds, dependsOn, service, implementerId } = form.values
  const [from, to] = [fromLocalInput(form.values.plannedStart), fromLocalInput(form.values.plannedEnd)]
  const span = from !== null && to !== null && to > from ? { from, to } : null
  const plan = { ciIds, dependsOn, service, implementerId }
  const { data } = useConflicts(plan, span)
  const search = async (): Promise<void> => {
    setSearching(true)
    try {
      const minutes = span ? Math.round((Date.parse(span.to) - Date.parse(span.from)) / 60_000) : 60
      const { slot } = await findSlot(plan, minutes, from ?? undefined)
      if (slot === null) return notifyProblem(new Error(t('change.plan.noSlot.hint')), t)
      form.setFieldValue('plannedStart', toLocalInput(slot.from))
      form.setFieldValue('plannedEnd', toLocalInput(slot.to))
    } catch (error) {
      notifyProblem(error, t)
    } finally {
      setSearching(false)
    }
  }
  return (
    <Stack gap="xs">
      {span && data ? <ConflictList conflicts={data.conflicts} /> : null}
      <Group gap="sm">
        <Button
          size="xs"
          variant="default"
          leftSection={<IconCalendarSearch size={15} />}
          loading={isSearching}
          onClick={() => void search()}
        >
          {t('change.plan.next')}
        </Button>
        <Text size="xs" c="dimmed">
          {t('change.form.slot.hint')}
        </Text>
      </Group>
    </Stack>
  )
}

function DetailFields({ form }: { form: FormOf }) {
  const { t } = useText()
  const isStaff = hasRole(usePerson(), 'agent', 'processOwner', 'administrator')
  const groups = useGroups(isStaff).data ?? []
  const agents = (usePeople('', isStaff).data ?? []).filter(({ roles }) => roles.includes('agent'))
  const services = useOptions().data?.services ?? []
  return (
    <Stack gap="md">
      <TextInput label={t('change.form.title')} description={t('change.form.title.hint')} required {...form.getInputProps('title')} />
      <Textarea label={t('change.form.description')} autosize minRows={3} {...form.getInputProps('description')} />
      {form.values.type === 'standard' ? null : (
        <Textarea label={t('change.form.justification')} autosize minRows={2} {...form.getInputProps('justification')} />
      )}
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <Select label={t('change.form.service')} data={services} searchable clearable {...form.getInputProps('service')} />
        {isStaff ? (
          <Select
            label={t('change.form.group')}
            data={groups.map(({ id, name }) => ({ value: id, label: name }))}
            searchable
            clearable
            {...form.getInputProps('groupId')}
          />
        ) : null}
      </SimpleGrid>
      {isStaff ? (
        <CiSelect
          label={t('change.form.cis')}
          description={t('change.form.cis.hint')}
          value={form.values.ciIds}
          onChange={(ids) => form.setFieldValue('ciIds', ids)}
          error={form.errors.ciIds}
        />
      ) : null}
      {isStaff ? (
        <ChangeSelect
          label={t('change.form.dependsOn')}
          description={t('change.form.dependsOn.hint')}
          value={form.values.dependsOn}
          onChange={(ids) => form.setFieldValue('dependsOn', ids)}
          error={form.errors.dependsOn}
        />
      ) : null}
      <SimpleGrid cols={{ base: 1, sm: isStaff ? 3 : 2 }}>
        <TextInput type="datetime-local" label={t('change.form.start')} {...form.getInputProps('plannedStart')} />
        <TextInput type="datetime-local" label={t('change.form.end')} {...form.getInputProps('plannedEnd')} />
        {isStaff ? (
          <Select
            label={t('change.form.implementer')}
            data={agents.map(({ id, name }) => ({ value: id, label: name }))}
            searchable
            clearable
            {...form.getInputProps('implementerId')}
          />
        ) : null}
      </SimpleGrid>
      {isStaff && form.values.type !== 'emergency' ? <SlotFinder form={form} /> : null}
    </Stack>
  )
}

/** Raises a change: its type, or a template, then what it is about. */
export function NewChangePage() {
  const { t } = useText()
  const navigate = useNavigate()
  const { template } = useSearch({ from: '/app/changes/new' })
  const raise = useRaiseChange()
  const isStaff = hasRole(usePerson(), 'agent', 'processOwner', 'administrator', 'auditor')
  const key = useRef(newIdempotencyKey())
  const form = useForm<Values>({
    initialValues: {
      type: template ? 'standard' : 'normal',
      templateId: template ?? null,
      title: '',
      description: '',
      justification: '',
      service: null,
      groupId: null,
      ciIds: [],
      dependsOn: [],
      plannedStart: '',
      plannedEnd: '',
      implementerId: null,
    },
    validate: {
      title: (value) => (value.trim().length < 3 ? t('form.minLength', { min: 3 }) : null),
      templateId: (value, { type }) => (type === 'standard' && !value ? t('common.required') : null),
    },
  })
  const submit = form.onSubmit(async (values) => {
    try {
      const { number } = await raise.mutateAsync({ draft: sent(values), idempotencyKey: key.current })
      key.current = newIdempotencyKey()
      notifyDone(t('change.raised', { number }))
      const params = { id: number }
      await navigate(isStaff ? { to: '/tickets/$id', params, search: { tab: 'change' } } : { to: '/portal/tickets/$id', params })
    } catch (error) {
      if (isProblem(error)) form.setErrors(error.fieldErrors())
      notifyProblem(error, t)
    }
  })
  return (
    <div className="page page-reading">
      <PageHeader
        title={t('change.new')}
        crumbs={
          isStaff ? (
            <Link to="/changes" className="plain">
              {t('change.title')}
            </Link>
          ) : undefined
        }
      />
      <form onSubmit={submit} noValidate>
        <Stack gap="md">
          <Panel>
            <TypeFields form={form} />
          </Panel>
          <Panel>
            <DetailFields form={form} />
          </Panel>
          <Group>
            <Button type="submit" loading={raise.isPending}>
              {t('change.form.submit')}
            </Button>
            <Button component={Link} to={isStaff ? '/changes' : '/portal'} variant="subtle" color="gray">
              {t('common.cancel')}
            </Button>
          </Group>
        </Stack>
      </form>
    </div>
  )
}
