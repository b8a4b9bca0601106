import { Badge, Button, Checkbox, Group, Modal, MultiSelect, PasswordInput, SegmentedControl, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useDebouncedValue, useDisclosure } from '@mantine/hooks'
import { IconPlus, IconSearch, IconUsers } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { Role } from '#schema/role'
import { type PersonDraft, useCreatePerson, useGroups, usePeople } from '../../client/administration.ts'
import { isProblem } from '../../client/http.ts'
import { PersonTag } from '../../components/person.tsx'
import { useText } from '../../i18n/index.ts'
import { ListPage } from '../../templates/list-page.tsx'
import { notifyDone, notifyProblem } from '../../templates/notify.tsx'
import { EmptyState, ErrorState, ListSkeleton } from '../../templates/states.tsx'
import { TableScroll } from '../../templates/table-scroll.tsx'

function AddPerson({ onDone }: { onDone: () => void }) {
  const { t } = useText()
  const groups = useGroups().data ?? []
  const create = useCreatePerson()
  const required = (value: string): string | null => (value.trim() === '' ? t('common.required') : null)
  const form = useForm<PersonDraft & { password: string; isVip: boolean }>({
    initialValues: { name: '', email: '', password: '', locale: 'fr', roles: ['requester'], groups: [], isVip: false },
    validate: {
      name: required,
      email: (value) => (/^\S+@\S+\.\S+$/.test(value.trim()) ? null : t('form.pattern')),
      password: (value) => (value.length < 8 ? t('form.minLength', { min: 8 }) : null),
      roles: (value) => (value.length === 0 ? t('common.required') : null),
    },
  })
  const submit = form.onSubmit((values) =>
    create.mutate(
      { ...values, name: values.name.trim(), email: values.email.trim() },
      {
        onSuccess: () => {
          notifyDone(t('people.added', { name: values.name }))
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
        <TextInput label={t('people.name')} required data-autofocus {...form.getInputProps('name')} />
        <TextInput label={t('people.email')} type="email" required autoComplete="off" {...form.getInputProps('email')} />
        <PasswordInput
          label={t('people.password')}
          description={t('people.password.hint')}
          required
          autoComplete="new-password"
          {...form.getInputProps('password')}
        />
        <MultiSelect
          label={t('people.roles')}
          required
          data={Role.options.map((role) => ({ value: role, label: t(`role.${role}`) }))}
          {...form.getInputProps('roles')}
        />
        <MultiSelect
          label={t('people.groups')}
          data={groups.map((group) => ({ value: group.id, label: group.name }))}
          {...form.getInputProps('groups')}
        />
        <SegmentedControl
          aria-label={t('people.locale')}
          data={[
            { value: 'fr', label: 'Français' },
            { value: 'en', label: 'English' },
          ]}
          {...form.getInputProps('locale')}
        />
        <Checkbox label={t('people.vip')} {...form.getInputProps('isVip', { type: 'checkbox' })} />
        <Group justify="flex-end" mt="xs">
          <Button type="submit" loading={create.isPending}>
            {t('people.add')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

export function PeoplePage() {
  const { t } = useText()
  const [typed, setTyped] = useState('')
  const [q] = useDebouncedValue(typed.trim(), 200)
  const { data, error, isPending, refetch } = usePeople(q)
  const groups = useGroups().data ?? []
  const [isOpen, modal] = useDisclosure(false)
  const groupName = (id: string): string => groups.find((group) => group.id === id)?.name ?? id
  return (
    <ListPage
      title={t('people.title')}
      lead={data ? t('common.total', { count: data.length }) : undefined}
      actions={
        <Button leftSection={<IconPlus size={16} />} onClick={modal.open}>
          {t('people.add')}
        </Button>
      }
      filters={
        <TextInput
          className="filter-search"
          type="search"
          aria-label={t('people.search')}
          placeholder={t('people.search')}
          leftSection={<IconSearch size={16} />}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
      }
    >
      <div className="panel panel-flush">
        {isPending ? <ListSkeleton /> : null}
        {error ? <ErrorState error={error} onRetry={() => void refetch()} /> : null}
        {data?.length === 0 ? <EmptyState icon={<IconUsers size={26} stroke={1.5} />} title={t('people.empty')} /> : null}
        {data && data.length > 0 ? (
          <TableScroll label={t('people.title')}>
            <table className="g-table">
              <thead>
                <tr>
                  <th scope="col">{t('people.name')}</th>
                  <th scope="col">{t('people.email')}</th>
                  <th scope="col">{t('people.roles')}</th>
                  <th scope="col">{t('people.groups')}</th>
                  <th scope="col">{t('people.locale')}</th>
                </tr>
              </thead>
              <tbody>
                {data.map((person) => (
                  <tr key={person.id}>
                    <td>
                      <Group gap={8} wrap="nowrap">
                        <Link to="/register/$path/$id" params={{ path: 'people', id: person.id }} search={{}} className="record-link">
                          <PersonTag person={person} size={28} />
                        </Link>
                        {person.isVip ? <Badge color="amber">{t('ticket.vip')}</Badge> : null}
                      </Group>
                    </td>
                    <td>{person.email}</td>
                    <td>{person.roles.map((role) => t(`role.${role}`)).join(', ')}</td>
                    <td>{person.groups.map(groupName).join(', ')}</td>
                    <td>{person.locale.toUpperCase()}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </TableScroll>
        ) : null}
      </div>
      <Modal opened={isOpen} onClose={modal.close} title={t('people.add')} closeButtonProps={{ 'aria-label': t('common.close') }}>
        <AddPerson onDone={modal.close} />
      </Modal>
    </ListPage>
  )
}
