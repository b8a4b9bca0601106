import { Button, Checkbox, Group, MultiSelect, Select, Stack, TagsInput, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { Desk, DeskType } from '#schema/desk'
import { ChannelId, TicketKind } from '#schema/ticket'
import { useGroups } from '../../client/administration.ts'
import { useDefinitions } from '../../client/definitions.ts'
import { useSaveDesk } from '../../client/desks.ts'
import { isProblem } from '../../client/http.ts'
import { useText } from '../../i18n/index.ts'
import { notifyDone, notifyProblem } from '../../templates/notify.tsx'

const emptyDesk: Desk = {
  id: '',
  type: 'itServiceDesk',
  name: { fr: '', en: '' },
  isDefault: false,
  isActive: true,
  channels: [],
  kinds: [],
  groupIds: [],
  mailAddresses: [],
  phoneNumbers: [],
  calendarId: null,
}

/** Refusals by field: `phoneNumbers.0` is told at `phoneNumbers`. */
const byField = (errors: readonly { path: string; message: string }[]): Record<string, string> => {
  const found: Record<string, string> = {}
  for (const { path, message } of errors) {
    const [first = '', second] = path.split('.')
    const field = first === 'name' && second ? `name.${second}` : first
    found[field] ??= message
  }
  return found
}

/** A desk's settings; the API says what its type excludes. */
export function DeskForm({ desk, onDone }: { desk: Desk | null; onDone: () => void }) {
  const { t } = useText()
  const groups = useGroups().data ?? []
  const calendars = (useDefinitions().data ?? []).filter(({ kind }) => kind === 'calendar')
  const save = useSaveDesk()
  const form = useForm<Desk>({ initialValues: desk ?? emptyDesk })
  const submit = form.onSubmit((values) => {
    const parsed = Desk.safeParse(values)
    if (!parsed.success) {
      form.setErrors(byField(parsed.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }))))
      return
    }
    save.mutate(
      { desk: parsed.data, isNew: desk === null },
      {
        onSuccess: () => {
          notifyDone(t('desks.saved'))
          onDone()
        },
        onError: (error) => {
          if (isProblem(error)) form.setErrors(byField(error.problem.errors ?? []))
          notifyProblem(error, t)
        },
      },
    )
  })
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="sm">
        <Group grow align="flex-start">
          <TextInput label={t('desks.id')} required disabled={desk !== null} {...form.getInputProps('id')} />
          <Select
            label={t('desks.type')}
            allowDeselect={false}
            data={DeskType.options.map((type) => ({ value: type, label: t(`deskType.${type}`) }))}
            {...form.getInputProps('type')}
          />
        </Group>
        <Group grow align="flex-start">
          <TextInput label={t('desks.nameFr')} required {...form.getInputProps('name.fr')} />
          <TextInput label={t('desks.nameEn')} required {...form.getInputProps('name.en')} />
        </Group>
        <MultiSelect
          label={t('desks.channels')}
          description={t('desks.all.hint')}
          data={ChannelId.options.map((channel) => ({ value: channel, label: t(`channel.${channel}`) }))}
          {...form.getInputProps('channels')}
        />
        <MultiSelect
          label={t('desks.kinds')}
          description={t('desks.all.hint')}
          data={TicketKind.options.map((kind) => ({ value: kind, label: t(`kind.${kind}`) }))}
          {...form.getInputProps('kinds')}
        />
        <MultiSelect
          label={t('desks.groups')}
          description={t('desks.groups.hint')}
          searchable
          data={groups.map((group) => ({ value: group.id, label: group.name }))}
          {...form.getInputProps('groupIds')}
        />
        <TagsInput label={t('desks.mail')} {...form.getInputProps('mailAddresses')} />
        <TagsInput label={t('desks.phones')} {...form.getInputProps('phoneNumbers')} />
        <Select
          label={t('desks.calendar')}
          clearable
          data={calendars.map(({ id, name }) => ({ value: id, label: name }))}
          {...form.getInputProps('calendarId')}
        />
        <Checkbox label={t('desks.default')} {...form.getInputProps('isDefault', { type: 'checkbox' })} />
        <Checkbox label={t('desks.active')} {...form.getInputProps('isActive', { type: 'checkbox' })} />
        <Group justify="flex-end">
          <Button type="submit" loading={save.isPending}>
            {t('common.save')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
