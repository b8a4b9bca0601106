import { Badge, Button, Modal, MultiSelect, NumberInput, Select, SimpleGrid, Stack, TextInput, Title } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useDisclosure } from '@mantine/hooks'
import { IconPlus, IconUsersGroup } from '@tabler/icons-react'
import { Link, useNavigate } from '@tanstack/react-router'
import type { MeetingView } from '#schema/change-view'
import { useGroups, usePeople } from '../../client/administration.ts'
import { useMeetings, useSaveMeeting } from '../../client/changes.ts'
import { isProblem } from '../../client/http.ts'
import { hasRole, usePerson } from '../../client/session.ts'
import { useText } from '../../i18n/index.ts'
import { ListPage } from '../../templates/list-page.tsx'
import { notifyDone, notifyProblem } from '../../templates/notify.tsx'
import { EmptyState, ErrorState, ListSkeleton } from '../../templates/states.tsx'
import { fromLocalInput, Span } from './change-marks.tsx'
import './changes.css'

const stateColors = { planned: 'petrol', held: 'moss', canceled: 'gray' } as const

export function MeetingBadge({ state }: { state: MeetingView['state'] }) {
  const { t } = useText()
  return (
    <Badge className="change-badge" color={stateColors[state]}>
      {t(`cab.state.${state}`)}
    </Badge>
  )
}

interface Values {
  title: string
  startsAt: string
  endsAt: string
  location: string
  memberIds: string[]
  chairId: string | null
  quorum: number | string
}

function MeetingForm() {
  const { t } = useText()
  const navigate = useNavigate()
  const save = useSaveMeeting()
  const people = usePeople('').data ?? []
  const board = (useGroups().data ?? []).find(({ id }) => id === 'cab')?.members ?? []
  const form = useForm<Values>({
    initialValues: {
      title: 'CAB',
      startsAt: '',
      endsAt: '',
      location: '',
      memberIds: board.map(({ id }) => id),
      chairId: null,
      quorum: Math.max(1, Math.ceil(board.length / 2)),
    },
    validate: {
      startsAt: (value) => (value === '' ? t('common.required') : null),
      endsAt: (value, { startsAt }) => (value === '' ? t('common.required') : value <= startsAt ? t('change.plan.invalid') : null),
      memberIds: (value) => (value.length === 0 ? t('common.required') : null),
      chairId: (value) => (value === null ? t('common.required') : null),
    },
  })
  const named = (ids: readonly string[]) => people.filter(({ id }) => ids.includes(id)).map(({ id, name }) => ({ value: id, label: name }))
  const submit = form.onSubmit(async ({ startsAt, endsAt, quorum, chairId, ...values }) => {
    const times = { startsAt: fromLocalInput(startsAt) ?? '', endsAt: fromLocalInput(endsAt) ?? '' }
    try {
      const { id } = await save.mutateAsync({ ...values, ...times, chairId: chairId ?? '', quorum: Number(quorum) })
      notifyDone(t('cab.saved'))
      await navigate({ to: '/cab/$id', params: { id } })
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
          data={people.filter(({ roles }) => roles.includes('agent')).map(({ id, name }) => ({ value: id, label: name }))}
          {...form.getInputProps('memberIds')}
        />
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <Select label={t('cab.form.chair')} required data={named(form.values.memberIds)} {...form.getInputProps('chairId')} />
          <NumberInput label={t('cab.form.quorum')} required min={1} {...form.getInputProps('quorum')} />
        </SimpleGrid>
        <Button type="submit" loading={save.isPending} style={{ alignSelf: 'flex-end' }}>
          {t('cab.add')}
        </Button>
      </Stack>
    </form>
  )
}

function MeetingCard({ meeting }: { meeting: MeetingView }) {
  const { t } = useText()
  return (
    <Link to="/cab/$id" params={{ id: meeting.id }} className="panel cab-card">
      <div className="panel-head">
        <Title order={3} size="h4">
          {meeting.title}
        </Title>
        <MeetingBadge state={meeting.state} />
      </div>
      <Span from={meeting.startsAt} to={meeting.endsAt} />
      <div className="change-dim">{meeting.location}</div>
      <div className="change-dim">
        {t('cab.chair', { name: meeting.chair.name })} · {t('cab.quorum', { quorum: meeting.quorum, count: meeting.members.length })}
      </div>
    </Link>
  )
}

/** Meetings of the change advisory board. */
export function CabPage() {
  const { t } = useText()
  const { data, error, isPending, refetch } = useMeetings()
  const mayCall = hasRole(usePerson(), 'processOwner', 'administrator')
  const [isOpen, modal] = useDisclosure(false)
  const upcoming = (data ?? []).filter(({ state }) => state === 'planned').reverse()
  const past = (data ?? []).filter(({ state }) => state !== 'planned')
  return (
    <ListPage
      title={t('cab.title')}
      lead={t('cab.lead')}
      actions={
        mayCall ? (
          <Button leftSection={<IconPlus size={16} />} onClick={modal.open}>
            {t('cab.add')}
          </Button>
        ) : undefined
      }
    >
      {isPending ? <ListSkeleton /> : null}
      {error ? <ErrorState error={error} onRetry={() => void refetch()} /> : null}
      {data?.length === 0 ? (
        <EmptyState icon={<IconUsersGroup size={26} stroke={1.5} />} title={t('cab.empty')} hint={t('cab.empty.hint')} />
      ) : null}
      {[['cab.upcoming', upcoming] as const, ['cab.past', past] as const].map(([key, meetings]) =>
        meetings.length === 0 ? null : (
          <section key={key} aria-label={t(key)}>
            <Title order={2} size="h4" mb="sm">
              {t(key)}
            </Title>
            <div className="cards">
              {meetings.map((meeting) => (
                <MeetingCard key={meeting.id} meeting={meeting} />
              ))}
            </div>
          </section>
        ),
      )}
      <Modal size="lg" opened={isOpen} onClose={modal.close} title={t('cab.add')} closeButtonProps={{ 'aria-label': t('common.close') }}>
        <MeetingForm />
      </Modal>
    </ListPage>
  )
}
