import { Button, MultiSelect, NumberInput, Select, SimpleGrid, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import type { MeetingView } from '#schema/change-view'
import { useGroups, usePeople } from '../../client/administration.ts'
import { useSaveMeeting } from '../../client/changes.ts'
import { isProblem } from '../../client/http.ts'
import { useText } from '../../i18n/index.ts'
import { notifyDone, notifyProblem } from '../../templates/notify.tsx'
import { fromLocalInput, toLocalInput } from './change-marks.tsx'

interface Values {
  title: string
  startsAt: string
  endsAt: string
  location: string
  memberIds: string[]
  chairId: string | null
  quorum: number | string
}

const valuesOf = (meeting: MeetingView | null, board: readonly { id: string }[]): Values => ({
  title: meeting?.title ?? 'CAB',
  startsAt: meeting ? toLocalInput(meeting.startsAt) : '',
  endsAt: meeting ? toLocalInput(meeting.endsAt) : '',
  location: meeting?.location ?? '',
  memberIds: (meeting?.members ?? board).map(({ id }) => id),
  chairId: meeting?.chair.id ?? null,
  quorum: meeting?.quorum ?? Math.max(1, Math.ceil(board.length / 2)),
})

/** Calls a meeting, or changes one that is planned. The quorum is held against the members as they are picked. */
export function MeetingForm({ meeting, onSaved }: { meeting: MeetingView | null; onSaved: (id: string) => void }) {
  const { t } = useText()
  const save = useSaveMeeting()
  const people = usePeople('').data ?? []
  const board = (useGroups().data ?? []).find(({ id }) => id === 'cab')?.members ?? []
  const form = useForm<Values>({
    initialValues: valuesOf(meeting, board),
    validate: {
      title: (value) => (value.trim() === '' ? t('common.required') : null),
      startsAt: (value) => (value === '' ? t('common.required') : null),
      endsAt: (value, { startsAt }) => (value === '' ? t('common.required') : value <= startsAt ? t('change.plan.invalid') : null),
      memberIds: (value) => (value.length === 0 ? t('common.required') : null),
      chairId: (value, { memberIds }) =>
        value === null ? t('common.required') : memberIds.includes(value) ? null : t('cab.form.chair.member'),
      quorum: (value, { memberIds }) => quorumError(value, memberIds.length),
    },
  })
  const quorumError = (value: number | string, members: number): string | null =>
    typeof value === 'number' && value >= 1 && value <= members ? null : t('cab.form.quorum.between', { count: members })
  const setMembers = (memberIds: string[]): void => {
    form.setFieldValue('memberIds', memberIds)
    form.setFieldError('quorum', quorumError(form.values.quorum, memberIds.length))
    if (form.values.chairId !== null && !memberIds.includes(form.values.chairId)) form.setFieldValue('chairId', null)
  }
  const members = new Map((meeting?.members ?? []).map(({ id, name }) => [id, name]))
  for (const { id, name, roles } of people) if (roles.includes('agent')) members.set(id, name)
  const choices = [...members].map(([value, label]) => ({ value, label }))
  const submit = form.onSubmit(async ({ startsAt, endsAt, quorum, chairId, ...values }) => {
    const times = { startsAt: fromLocalInput(startsAt) ?? '', endsAt: fromLocalInput(endsAt) ?? '' }
    try {
      const draft = { ...values, ...times, chairId: chairId ?? '', quorum: Number(quorum) }
      const { id } = await save.mutateAsync({ id: meeting?.id ?? null, version: meeting?.version ?? 0, draft })
      notifyDone(t(meeting ? 'cab.changed' : 'cab.saved'))
      onSaved(id)
    } catch (error) {
      if (isProblem(error)) form.setErrors(error.fieldErrors())
      notifyProblem(error, t)
    }
  })
  return (
    <form onSubmit={(event) => void submit(event)} noValidate>
      <Stack gap="sm">
        <TextInput label={t('cab.form.title')} required data-autofocus {...form.getInputProps('title')} />
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <TextInput type="datetime-local" label={t('cab.form.start')} required {...form.getInputProps('startsAt')} />
          <TextInput type="datetime-local" label={t('cab.form.end')} required {...form.getInputProps('endsAt')} />
        </SimpleGrid>
        <TextInput label={t('cab.form.location')} {...form.getInputProps('location')} />
        <MultiSelect
          label={t('cab.form.members')}
          required
          searchable
          data={choices}
          {...form.getInputProps('memberIds')}
          onChange={setMembers}
        />
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <Select
            label={t('cab.form.chair')}
            required
            data={choices.filter(({ value }) => form.values.memberIds.includes(value))}
            {...form.getInputProps('chairId')}
          />
          <NumberInput
            label={t('cab.form.quorum')}
            description={t('cab.form.quorum.of', { count: form.values.memberIds.length })}
            required
            min={1}
            clampBehavior="none"
            {...form.getInputProps('quorum')}
            onChange={(value) => {
              form.setFieldValue('quorum', value)
              form.setFieldError('quorum', quorumError(value, form.values.memberIds.length))
            }}
          />
        </SimpleGrid>
        <Button type="submit" loading={save.isPending} style={{ alignSelf: 'flex-end' }}>
          {t(meeting ? 'cab.form.save' : 'cab.add')}
        </Button>
      </Stack>
    </form>
  )
}
