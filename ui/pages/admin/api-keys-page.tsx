import { ActionIcon, Button, Group, Modal, NumberInput, Select, Stack, Text, TextInput, Tooltip } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { modals } from '@mantine/modals'
import { IconKey, IconPlus, IconTrash } from '@tabler/icons-react'
import { type FormEvent, useState } from 'react'
import { useApiKeys, useCreateApiKey, useDeleteApiKey, usePeople } from '../../client/administration.ts'
import type { ApiKeyView } from '../../client/types.ts'
import { useDesks } from '../../client/desks.ts'
import { SecretOnce } from '../../components/secret-once.tsx'
import { useText } from '../../i18n/index.ts'
import { ListPage } from '../../templates/list-page.tsx'
import { notifyDone, notifyProblem } from '../../templates/notify.tsx'
import { EmptyState, ErrorState, ListSkeleton } from '../../templates/states.tsx'
import { TableScroll } from '../../templates/table-scroll.tsx'

function AddKey() {
  const { t, locale } = useText()
  const people = usePeople('').data ?? []
  const create = useCreateApiKey()
  const [name, setName] = useState('')
  const [personId, setPersonId] = useState<string | null>(null)
  const [deskId, setDeskId] = useState<string | null>(null)
  const desks = useDesks().data ?? []
  const [days, setDays] = useState<number | string>(365)
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    create.mutate(
      {
        name: name.trim(),
        ...(personId === null ? {} : { personId }),
        ...(deskId === null ? {} : { deskId }),
        ...(typeof days === 'number' ? { expiresInDays: days } : {}),
      },
      { onError: (error) => notifyProblem(error, t) },
    )
  }
  if (create.data) return <SecretOnce title={t('apiKeys.secret')} hint={t('apiKeys.secret.hint')} secret={create.data.key} />
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <TextInput
          label={t('apiKeys.name')}
          required
          data-autofocus
          maxLength={80}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Select
          label={t('apiKeys.person')}
          searchable
          clearable
          data={people.map((person) => ({ value: person.id, label: `${person.name} (${person.email})` }))}
          value={personId}
          onChange={setPersonId}
        />
        <Select
          label={t('apiKeys.desk')}
          description={t('apiKeys.desk.hint')}
          clearable
          placeholder={t('apiKeys.desk.default')}
          data={desks.map((desk) => ({ value: desk.id, label: desk.name[locale] }))}
          value={deskId}
          onChange={setDeskId}
        />
        <NumberInput label={t('apiKeys.expires')} min={1} max={3650} value={days} onChange={setDays} />
        <Group justify="flex-end" mt="xs">
          <Button type="submit" loading={create.isPending} disabled={name.trim() === ''}>
            {t('apiKeys.add')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

function KeyRow({ apiKey }: { apiKey: ApiKeyView }) {
  const { t, locale, date, ago } = useText()
  const deskName = useDesks().data?.find(({ id }) => id === apiKey.deskId)?.name[locale] ?? apiKey.deskId
  const remove = useDeleteApiKey()
  const ask = (): void => {
    modals.openConfirmModal({
      title: t('apiKeys.remove.title', { name: apiKey.name }),
      children: <Text size="sm">{t('apiKeys.remove.hint')}</Text>,
      labels: { confirm: t('apiKeys.remove'), cancel: t('common.cancel') },
      confirmProps: { color: 'coral' },
      onConfirm: () =>
        remove.mutate(apiKey.id, { onSuccess: () => notifyDone(t('apiKeys.removed')), onError: (error) => notifyProblem(error, t) }),
    })
  }
  return (
    <tr>
      <td>
        <Text size="sm" fw={600}>
          {apiKey.name}
        </Text>
      </td>
      <td className="mono">{apiKey.start ? `${apiKey.start}…` : ''}</td>
      <td>{apiKey.person?.name ?? ''}</td>
      <td>{apiKey.deskId === null ? t('apiKeys.desk.default') : deskName}</td>
      <td className="num">{date(apiKey.createdAt)}</td>
      <td className="num">{apiKey.lastUsedAt ? ago(apiKey.lastUsedAt) : t('apiKeys.never')}</td>
      <td style={{ textAlign: 'right' }}>
        <Tooltip label={t('apiKeys.remove')}>
          <ActionIcon
            variant="subtle"
            color="coral"
            onClick={ask}
            loading={remove.isPending}
            aria-label={`${t('apiKeys.remove')} ${apiKey.name}`}
          >
            <IconTrash size={17} />
          </ActionIcon>
        </Tooltip>
      </td>
    </tr>
  )
}

export function ApiKeysPage() {
  const { t } = useText()
  const { data, error, isPending, refetch } = useApiKeys()
  const [isOpen, modal] = useDisclosure(false)
  const [round, setRound] = useState(0)
  const open = (): void => {
    setRound(round + 1)
    modal.open()
  }
  const add = (
    <Button leftSection={<IconPlus size={16} />} onClick={open}>
      {t('apiKeys.add')}
    </Button>
  )
  return (
    <ListPage title={t('apiKeys.title')} lead={t('apiKeys.lead')} actions={add}>
      <div className="panel panel-flush">
        {isPending ? <ListSkeleton rows={3} /> : null}
        {error ? <ErrorState error={error} onRetry={() => void refetch()} /> : null}
        {data?.length === 0 ? (
          <EmptyState icon={<IconKey size={26} stroke={1.5} />} title={t('apiKeys.empty')} hint={t('apiKeys.empty.hint')} />
        ) : null}
        {data && data.length > 0 ? (
          <TableScroll label={t('apiKeys.title')}>
            <table className="g-table">
              <thead>
                <tr>
                  <th scope="col">{t('apiKeys.name')}</th>
                  <th scope="col">{t('apiKeys.start')}</th>
                  <th scope="col">{t('apiKeys.person')}</th>
                  <th scope="col">{t('apiKeys.desk')}</th>
                  <th scope="col">{t('apiKeys.created')}</th>
                  <th scope="col">{t('apiKeys.lastUsed')}</th>
                  <th scope="col" aria-label={t('apiKeys.remove')} />
                </tr>
              </thead>
              <tbody>
                {data.map((apiKey) => (
                  <KeyRow key={apiKey.id} apiKey={apiKey} />
                ))}
              </tbody>
            </table>
          </TableScroll>
        ) : null}
      </div>
      <Modal opened={isOpen} onClose={modal.close} title={t('apiKeys.add')} closeButtonProps={{ 'aria-label': t('common.close') }}>
        <AddKey key={round} />
      </Modal>
    </ListPage>
  )
}
