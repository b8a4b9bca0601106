import { Badge, Button, Group, NumberInput, Select, SimpleGrid, Stack, Text, Textarea, TextInput, Title } from '@mantine/core'
import { useForm } from '@mantine/form'
import { IconCopyCheck } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { TemplateDraft } from '#schema/change'
import type { TemplateView } from '#schema/change-view'
import { useGroups } from '../../client/administration.ts'
import { useDeleteTemplate, useSaveTemplate, useTemplates, useWithdrawTemplate } from '../../client/changes.ts'
import { useOptions } from '../../client/desk.ts'
import { isProblem } from '../../client/http.ts'
import { hasRole, usePerson } from '../../client/session.ts'
import { useText } from '../../i18n/index.ts'
import { DialogListPage } from '../../templates/dialog-list-page.tsx'
import { notifyDone, notifyProblem } from '../../templates/notify.tsx'
import { CiSelect, RiskBadge } from './change-marks.tsx'
import './changes.css'

type Values = Omit<TemplateDraft, 'steps'> & { steps: string }
const emptyDraft: Omit<TemplateDraft, 'steps'> = TemplateDraft.omit({ steps: true }).parse({ name: 'xxx' })

const valuesOf = (template: TemplateView | null): Values => {
  if (template === null) return { ...emptyDraft, name: '', steps: '' }
  const { steps, ...draft } = TemplateDraft.strip().parse(template)
  return { ...draft, steps: steps.join('\n') }
}

function TemplateForm({ template, onDone }: { template: TemplateView | null; onDone: () => void }) {
  const { t } = useText()
  const save = useSaveTemplate()
  const groups = useGroups().data ?? []
  const services = useOptions().data?.services ?? []
  const form = useForm<Values>({ initialValues: valuesOf(template) })
  const submit = form.onSubmit((values) => {
    const steps = values.steps
      .split('\n')
      .map((step) => step.trim())
      .filter(Boolean)
    save.mutate(
      { id: template?.id ?? null, version: template?.version ?? 0, draft: { ...values, steps } },
      {
        onSuccess: () => {
          notifyDone(t('change.templates.saved'))
          onDone()
        },
        onError: (error) => {
          if (isProblem(error)) form.setErrors(error.fieldErrors())
          notifyProblem(error, t)
        },
      },
    )
  })
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="sm">
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <TextInput label={t('change.templates.name')} required data-autofocus {...form.getInputProps('name')} />
          <TextInput label={t('change.templates.nameEn')} {...form.getInputProps('nameEn')} />
        </SimpleGrid>
        <Textarea label={t('change.templates.description')} autosize minRows={2} {...form.getInputProps('description')} />
        <Textarea label={t('change.templates.steps')} required autosize minRows={4} {...form.getInputProps('steps')} />
        <Textarea label={t('change.templates.backout')} required autosize minRows={2} {...form.getInputProps('backoutPlan')} />
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <Select
            label={t('change.templates.group')}
            clearable
            data={groups.map(({ id, name }) => ({ value: id, label: name }))}
            {...form.getInputProps('groupId')}
          />
          <Select label={t('change.templates.service')} clearable searchable data={services} {...form.getInputProps('service')} />
        </SimpleGrid>
        <CiSelect label={t('change.form.cis')} value={form.values.ciIds} onChange={(ids) => form.setFieldValue('ciIds', ids)} />
        <SimpleGrid cols={{ base: 2, sm: 4 }}>
          <Select
            label={t('change.templates.risk')}
            allowDeselect={false}
            data={([1, 2] as const).map((level) => ({ value: String(level), label: t(`change.risk.${level}`) }))}
            value={String(form.values.risk)}
            error={form.errors.risk}
            onChange={(value) => form.setFieldValue('risk', Number(value ?? 1))}
          />
          <NumberInput label={t('change.templates.duration')} min={5} max={10080} {...form.getInputProps('durationMinutes')} />
          <NumberInput label={t('change.templates.maxFailures')} min={1} max={20} {...form.getInputProps('maxFailures')} />
          <NumberInput label={t('change.templates.failureDays')} min={1} max={730} {...form.getInputProps('failureDays')} />
        </SimpleGrid>
        <Group justify="flex-end">
          <Button type="submit" loading={save.isPending}>
            {t('change.plan.save')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

function WithdrawForm({ template, onDone }: { template: TemplateView; onDone: () => void }) {
  const { t } = useText()
  const [reason, setReason] = useState('')
  const withdraw = useWithdrawTemplate()
  const submit = (): void =>
    withdraw.mutate(
      { id: template.id, reason },
      {
        onSuccess: () => {
          notifyDone(t('change.templates.withdrawn'))
          onDone()
        },
        onError: (error) => notifyProblem(error, t),
      },
    )
  return (
    <Stack gap="sm">
      <Textarea
        label={t('change.templates.withdraw.reason')}
        required
        autosize
        minRows={2}
        data-autofocus
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      <Group justify="flex-end">
        <Button color="coral" disabled={reason.trim() === ''} loading={withdraw.isPending} onClick={submit}>
          {t('change.templates.withdraw')}
        </Button>
      </Group>
    </Stack>
  )
}

type Dialog = { kind: 'edit'; template: TemplateView | null } | { kind: 'withdraw'; template: TemplateView }

function Card({ template, mayManage, open }: { template: TemplateView; mayManage: boolean; open: (dialog: Dialog) => void }) {
  const { t, locale } = useText()
  const remove = useDeleteTemplate()
  const failures = /^failures:(\d+)\/(\d+)$/.exec(template.withdrawnReason ?? '')
  const isActive = template.state === 'active'
  const drop = (): void =>
    remove.mutate(template.id, {
      onSuccess: () => notifyDone(t('change.templates.deleted')),
      onError: (error) => notifyProblem(error, t),
    })
  return (
    <section className="panel change-card" data-off={!isActive || undefined}>
      <div className="panel-head">
        <Title order={2} size="h4">
          {(locale === 'en' && template.nameEn) || template.name}
        </Title>
        <Badge className="change-badge" color={isActive ? 'moss' : 'coral'}>
          {t(`change.templates.state.${template.state}`)}
        </Badge>
      </div>
      {template.description ? (
        <Text size="sm" mb="xs">
          {template.description}
        </Text>
      ) : null}
      <ol className="change-steps">
        {template.steps.map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ol>
      <Group gap="xs" mt="xs">
        <RiskBadge risk={template.risk} />
        <Text size="xs" c="dimmed">
          {t('change.templates.record', { good: template.successfulChanges, closed: template.closedChanges, open: template.openChanges })}
        </Text>
      </Group>
      <Text size="xs" c={template.failures > 0 ? 'coral' : 'dimmed'} mt={4}>
        {failures
          ? t('change.templates.reason.failures', { count: Number(failures[1]), days: failures[2] ?? '' })
          : isActive
            ? t('change.templates.failures', { count: template.failures, max: template.maxFailures })
            : template.withdrawnReason}
      </Text>
      <Group gap="xs" mt="sm">
        {isActive ? (
          <Button size="xs" component={Link} to="/changes/new" search={{ template: template.id } as never}>
            {t('change.templates.use')}
          </Button>
        ) : null}
        {mayManage ? (
          <>
            <Button size="xs" variant="default" onClick={() => open({ kind: 'edit', template })}>
              {t('change.templates.edit')}
            </Button>
            {isActive ? (
              <Button size="xs" variant="subtle" color="coral" onClick={() => open({ kind: 'withdraw', template })}>
                {t('change.templates.withdraw')}
              </Button>
            ) : null}
            <Button size="xs" variant="subtle" color="gray" loading={remove.isPending} onClick={drop}>
              {t('change.templates.delete')}
            </Button>
          </>
        ) : null}
      </Group>
    </section>
  )
}

/** Pre-approved ways of routine changes: use, revise, withdraw. */
export function TemplatesPage() {
  const { t } = useText()
  const list = useTemplates()
  const mayManage = hasRole(usePerson(), 'processOwner', 'administrator')
  return (
    <DialogListPage<TemplateView, Dialog>
      title={t('change.templates')}
      lead={t('change.templates.lead')}
      list={list}
      empty={{ icon: <IconCopyCheck size={26} stroke={1.5} />, title: t('change.templates.empty'), hint: t('change.templates.empty.hint') }}
      add={mayManage ? { label: t('change.templates.add'), dialog: { kind: 'edit', template: null } } : null}
      dialogOf={(dialog, close) =>
        dialog.kind === 'withdraw'
          ? { title: t('change.templates.withdraw'), size: 'md', body: <WithdrawForm template={dialog.template} onDone={close} /> }
          : {
              title: dialog.template?.name ?? t('change.templates.add'),
              size: 'xl',
              body: <TemplateForm template={dialog.template} onDone={close} />,
            }
      }
    >
      {(templates, open) => (
        <div className="cards">
          {templates.map((template) => (
            <Card key={template.id} template={template} mayManage={mayManage} open={open} />
          ))}
        </div>
      )}
    </DialogListPage>
  )
}
