import { Badge, Button, Group, MultiSelect, SegmentedControl, Select, SimpleGrid, Stack, Textarea, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { IconCalendarOff } from '@tabler/icons-react'
import type { ChangeScope, WindowDraft } from '#schema/change'
import type { WindowView } from '#schema/change-view'
import { useDeleteWindow, useSaveWindow, useWindows } from '../../client/changes.ts'
import { useOptions } from '../../client/desk.ts'
import { isProblem } from '../../client/http.ts'
import { hasRole, usePerson } from '../../client/session.ts'
import { useText } from '../../i18n/index.ts'
import { DialogListPage } from '../../templates/dialog-list-page.tsx'
import { notifyDone, notifyProblem } from '../../templates/notify.tsx'
import { TableScroll } from '../../templates/table-scroll.tsx'
import { CiSelect, Span } from './change-marks.tsx'
import { type Repeat, repeatOf, repeats, ruleOf } from './repeat.ts'
import './changes.css'

interface Values {
  kind: WindowDraft['kind']
  name: string
  reason: string
  timeZone: string
  startsAt: string
  endsAt: string
  repeat: Repeat
  rule: string
  scope: ChangeScope['type']
  services: string[]
  ciIds: string[]
}

const valuesOf = (window: WindowView | null): Values => ({
  kind: window?.kind ?? 'maintenance',
  name: window?.name ?? '',
  reason: window?.reason ?? '',
  timeZone: window?.timeZone ?? 'Europe/Paris',
  startsAt: window?.startsAt ?? '',
  endsAt: window?.endsAt ?? '',
  repeat: repeatOf(window?.rule ?? null, window?.startsAt ?? ''),
  rule: window?.rule ?? '',
  scope: window?.scope.type ?? 'everything',
  services: window?.scope.type === 'services' ? window.scope.services : [],
  ciIds: window?.scope.type === 'cis' ? window.scope.ciIds : [],
})

const scopeOf = ({ scope, services, ciIds }: Values): ChangeScope =>
  scope === 'everything' ? { type: scope } : scope === 'services' ? { type: scope, services } : { type: scope, ciIds }
const draftOf = (values: Values): WindowDraft => {
  const { kind, name, reason, timeZone, startsAt, endsAt } = values
  const rule = values.repeat === 'custom' ? values.rule.trim() || null : ruleOf(values.repeat, startsAt)
  return { kind, name, reason, timeZone, startsAt, endsAt, rule, scope: scopeOf(values) }
}

type FormOf = Pick<ReturnType<typeof useForm<Values>>, 'values' | 'errors' | 'getInputProps' | 'setFieldValue'>
function ScopeFields({ form }: { form: FormOf }) {
  const { t } = useText()
  const services = useOptions().data?.services ?? []
  return (
    <>
      <Select
        label={t('change.windows.scope')}
        allowDeselect={false}
        data={(['everything', 'services', 'cis'] as const).map((value) => ({ value, label: t(`change.windows.scope.${value}`) }))}
        {...form.getInputProps('scope')}
      />
      {form.values.scope === 'services' ? (
        <MultiSelect label={t('change.windows.scope.services')} required searchable data={services} {...form.getInputProps('services')} />
      ) : null}
      {form.values.scope === 'cis' ? (
        <CiSelect
          label={t('change.windows.scope.cis')}
          required
          value={form.values.ciIds}
          onChange={(ids) => form.setFieldValue('ciIds', ids)}
          error={form.errors.ciIds}
        />
      ) : null}
    </>
  )
}

function WindowForm({ window, onDone }: { window: WindowView | null; onDone: () => void }) {
  const { t } = useText()
  const save = useSaveWindow()
  const form = useForm<Values>({
    initialValues: valuesOf(window),
    validate: {
      name: (value) => (value.trim() === '' ? t('common.required') : null),
      startsAt: (value) => (value === '' ? t('common.required') : null),
      endsAt: (value, { startsAt }) => (value === '' ? t('common.required') : value <= startsAt ? t('change.plan.invalid') : null),
    },
  })
  const submit = form.onSubmit((values) =>
    save.mutate(
      { id: window?.id ?? null, version: window?.version ?? 0, draft: draftOf(values) },
      {
        onSuccess: () => {
          notifyDone(t('change.windows.saved'), values.name)
          onDone()
        },
        onError: (error) => {
          if (isProblem(error)) form.setErrors(error.fieldErrors())
          notifyProblem(error, t)
        },
      },
    ),
  )
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="sm">
        <SegmentedControl
          aria-label={t('change.windows.kind')}
          data={(['maintenance', 'blackout'] as const).map((value) => ({ value, label: t(`change.window.${value}`) }))}
          {...form.getInputProps('kind')}
        />
        <TextInput label={t('change.windows.name')} required data-autofocus {...form.getInputProps('name')} />
        <Textarea label={t('change.windows.reason')} autosize {...form.getInputProps('reason')} />
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <TextInput type="datetime-local" label={t('change.windows.starts')} required {...form.getInputProps('startsAt')} />
          <TextInput type="datetime-local" label={t('change.windows.ends')} required {...form.getInputProps('endsAt')} />
          <Select
            label={t('change.windows.repeat')}
            allowDeselect={false}
            data={repeats.map((value) => ({ value, label: t(`change.windows.repeat.${value}`) }))}
            {...form.getInputProps('repeat')}
          />
          <Select
            label={t('change.windows.zone')}
            searchable
            allowDeselect={false}
            data={Intl.supportedValuesOf('timeZone')}
            {...form.getInputProps('timeZone')}
          />
        </SimpleGrid>
        {form.values.repeat === 'custom' ? (
          <TextInput label={t('change.windows.rule')} placeholder="FREQ=MONTHLY;BYDAY=2TU" required {...form.getInputProps('rule')} />
        ) : null}
        <ScopeFields form={form} />
        <Group justify="flex-end">
          <Button type="submit" loading={save.isPending}>
            {t('change.plan.save')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

function Row({ window, mayManage, onEdit }: { window: WindowView; mayManage: boolean; onEdit: () => void }) {
  const { t } = useText()
  const remove = useDeleteWindow()
  const services = useOptions().data?.services ?? []
  const scope =
    window.scope.type === 'services'
      ? window.scope.services.map((id) => services.find((service) => service.value === id)?.label ?? id).join(', ')
      : window.scope.type === 'cis'
        ? `${t('change.windows.scope.cis')} (${window.scope.ciIds.length})`
        : t('change.windows.scope.everything')
  const drop = (): void =>
    remove.mutate(window.id, {
      onSuccess: () => notifyDone(t('change.windows.deleted'), window.name),
      onError: (error) => notifyProblem(error, t),
    })
  return (
    <tr>
      <td>
        <strong>{window.name}</strong>
        <div className="change-dim">{window.reason}</div>
      </td>
      <td>
        <Badge className="change-badge" color={window.kind === 'blackout' ? 'coral' : 'moss'}>
          {t(`change.window.${window.kind}`)}
        </Badge>
      </td>
      <td>{scope}</td>
      <td>
        {t(`change.windows.repeat.${repeatOf(window.rule, window.startsAt)}`)}
        <div className="change-dim">{window.timeZone}</div>
      </td>
      <td>{window.next ? <Span from={window.next.from} to={window.next.to} /> : t('change.windows.over')}</td>
      <td>
        {mayManage ? (
          <Group gap={6} wrap="nowrap">
            <Button size="xs" variant="default" onClick={onEdit}>
              {t('change.windows.edit')}
            </Button>
            <Button size="xs" variant="subtle" color="coral" loading={remove.isPending} onClick={drop}>
              {t('change.windows.delete')}
            </Button>
          </Group>
        ) : null}
      </td>
    </tr>
  )
}

/** When changes have their place, and when none may be implemented. */
export function WindowsPage() {
  const { t } = useText()
  const list = useWindows()
  const mayManage = hasRole(usePerson(), 'processOwner', 'administrator')
  return (
    <DialogListPage<WindowView, WindowView | null>
      title={t('change.windows')}
      lead={t('change.windows.lead')}
      list={list}
      empty={{ icon: <IconCalendarOff size={26} stroke={1.5} />, title: t('change.windows.empty'), hint: t('change.windows.empty.hint') }}
      add={mayManage ? { label: t('change.windows.add'), dialog: null } : null}
      dialogOf={(window, close) => ({
        title: window?.name ?? t('change.windows.add'),
        body: <WindowForm window={window} onDone={close} />,
      })}
      isInPanel
    >
      {(windows, open) => (
        <TableScroll label={t('change.windows')}>
          <table className="g-table">
            <thead>
              <tr>
                {(['name', 'kind', 'scope', 'repeat', 'next'] as const).map((column) => (
                  <th key={column} scope="col">
                    {t(`change.windows.${column}`)}
                  </th>
                ))}
                <th scope="col">
                  <span className="change-hidden">{t('change.windows.edit')}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {windows.map((window) => (
                <Row key={window.id} window={window} mayManage={mayManage} onEdit={() => open(window)} />
              ))}
            </tbody>
          </table>
        </TableScroll>
      )}
    </DialogListPage>
  )
}
