import { Badge, Button, Group, Modal, Select, Stack, Switch, Text, TextInput } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { ConnectorView } from '#schema/access'
import { type ConnectorDraft, useConnectorLog, useNewSecret, useSaveConnector, useTryConnector } from '../../client/access-setup.ts'
import { useConnectors } from '../../client/catalogue.ts'
import { isProblem } from '../../client/http.ts'
import { hasRole, usePerson } from '../../client/session.ts'
import { SecretOnce } from '../../components/secret-once.tsx'
import { useText } from '../../i18n/index.ts'
import { notifyDone, notifyProblem } from '../../templates/notify.tsx'
import { Panel } from '../../templates/page.tsx'
import { EmptyState, ErrorState, ListSkeleton } from '../../templates/states.tsx'
import { TableScroll } from '../../templates/table-scroll.tsx'
import '../catalogue/catalogue.css'

const kinds = ['manual', 'webhook', 'simulate'] as const

/** Adds a system, or changes one. */
function ConnectorDialog({ connector, onClose }: { connector: ConnectorView | null; onClose: () => void }) {
  const { t } = useText()
  const save = useSaveConnector()
  const [draft, setDraft] = useState<ConnectorDraft>({
    id: connector?.id ?? '',
    kind: connector?.kind ?? 'webhook',
    name: connector?.name ?? '',
    url: connector?.url ?? null,
    isFailing: connector?.isFailing ?? false,
  })
  const errors = isProblem(save.error) ? save.error.fieldErrors() : {}
  const set = (change: Partial<ConnectorDraft>): void => setDraft({ ...draft, ...change })
  const isComplete = draft.id.trim() !== '' && draft.name.trim() !== '' && (draft.kind !== 'webhook' || (draft.url ?? '') !== '')
  const send = (): void =>
    save.mutate(
      { ...draft, url: draft.kind === 'webhook' ? draft.url : null },
      {
        onSuccess: () => {
          notifyDone(t('access.connector.saved'), draft.name)
          onClose()
        },
      },
    )
  return (
    <Modal opened onClose={onClose} title={connector?.name ?? t('access.connector.add')}>
      <Stack gap="sm">
        <TextInput
          label={t('access.field.id')}
          description={t('access.connector.id.hint')}
          required
          disabled={connector !== null}
          value={draft.id}
          error={errors.id}
          onChange={(event) => set({ id: event.currentTarget.value })}
        />
        <TextInput
          label={t('access.connector.name')}
          required
          value={draft.name}
          error={errors.name}
          onChange={(event) => set({ name: event.currentTarget.value })}
        />
        <Select
          label={t('access.connector.kind')}
          description={t(`access.connector.${draft.kind}.hint`)}
          allowDeselect={false}
          data={kinds.map((value) => ({ value, label: t(`access.connector.${value}`) }))}
          value={draft.kind}
          onChange={(kind) => set({ kind: kinds.find((one) => one === kind) ?? draft.kind })}
        />
        {draft.kind === 'webhook' ? (
          <TextInput
            label={t('access.connector.url')}
            placeholder="https://"
            required
            value={draft.url ?? ''}
            error={errors.url}
            onChange={(event) => set({ url: event.currentTarget.value })}
          />
        ) : null}
        {draft.kind === 'simulate' ? (
          <Switch
            label={t('access.connector.failing')}
            checked={draft.isFailing}
            onChange={(event) => set({ isFailing: event.currentTarget.checked })}
          />
        ) : null}
        {save.error && Object.keys(errors).length === 0 ? <ErrorState error={save.error} isSmall /> : null}
        <Button loading={save.isPending} disabled={!isComplete} onClick={send}>
          {t('access.entitlement.save')}
        </Button>
      </Stack>
    </Modal>
  )
}

/** A new secret: asked first when it replaces one, then shown this once. */
function SecretDialog({ connector, onClose }: { connector: ConnectorView; onClose: () => void }) {
  const { t, date } = useText()
  const make = useNewSecret()
  return (
    <Modal opened onClose={onClose} title={t('access.secret.title', { name: connector.name })}>
      {make.data ? (
        <SecretOnce title={t('access.secret.copy')} hint={t('access.secret.copy.hint')} secret={make.data.secret} />
      ) : (
        <Stack gap="sm">
          <Text size="sm">{t('access.secret.lead')}</Text>
          {connector.secretSetAt ? (
            <Text size="sm" c="amber.8">
              {t('access.secret.replaces', { date: date(connector.secretSetAt) })}
            </Text>
          ) : null}
          {make.error ? <ErrorState error={make.error} isSmall /> : null}
          <Button loading={make.isPending} onClick={() => make.mutate(connector.id)}>
            {t('access.secret.make')}
          </Button>
        </Stack>
      )}
    </Modal>
  )
}

function LogDialog({ connector, onClose }: { connector: ConnectorView; onClose: () => void }) {
  const { t, dateTime } = useText()
  const log = useConnectorLog(connector.id)
  const rows = log.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <Modal opened onClose={onClose} size="xl" title={t('access.log.title', { name: connector.name })}>
      {log.isPending ? <ListSkeleton rows={4} /> : null}
      {log.error ? <ErrorState error={log.error} onRetry={() => void log.refetch()} /> : null}
      {log.data && rows.length === 0 ? <EmptyState isSmall title={t('access.log.empty')} /> : null}
      {rows.length > 0 ? (
        <TableScroll label={t('access.log.title', { name: connector.name })}>
          <table className="g-table">
            <thead>
              <tr>
                <th>{t('access.log.at')}</th>
                <th>{t('access.log.operation')}</th>
                <th>{t('access.log.ticket')}</th>
                <th>{t('access.log.outcome')}</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={row.id}>
                  <td className="num">{dateTime(row.at)}</td>
                  <td className="mono">{row.operation}</td>
                  <td>
                    {row.ticket ? (
                      <Link to="/tickets/$id" params={{ id: row.ticket }} className="plain mono">
                        {row.ticket}
                      </Link>
                    ) : (
                      t('access.log.trial')
                    )}
                  </td>
                  <td>
                    {row.state === 'done' ? (
                      <Badge color="moss" variant="light">
                        {row.reference || t('access.log.done')}
                      </Badge>
                    ) : (
                      <Text size="sm" c="coral">
                        {row.error}
                      </Text>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </TableScroll>
      ) : null}
      {log.hasNextPage ? (
        <Button mt="md" variant="default" loading={log.isFetchingNextPage} onClick={() => void log.fetchNextPage()}>
          {t('common.loadMore')}
        </Button>
      ) : null}
    </Modal>
  )
}

type Opened = 'edit' | 'secret' | 'log' | null

function Connector({ connector, mayEdit }: { connector: ConnectorView; mayEdit: boolean }) {
  const { t, date } = useText()
  const trial = useTryConnector()
  const [opened, setOpened] = useState<Opened>(null)
  const test = (): void =>
    trial.mutate(connector.id, {
      onSuccess: ({ isDone, reference, error }) =>
        isDone
          ? notifyDone(t('access.connector.answered'), reference || connector.name)
          : notifyProblem(new Error(t('access.connector.refused', { reason: error })), t),
      onError: (error) => notifyProblem(error, t),
    })
  const secret = connector.secretSetAt ? t('access.secret.since', { date: date(connector.secretSetAt) }) : t('access.secret.none')
  return (
    <div className="review-row">
      <div>
        <Text fw={600}>
          {connector.name} <Badge color="gray">{t(`access.connector.${connector.kind}`)}</Badge>
        </Text>
        <Text size="sm" c="dimmed">
          {connector.url ? `${connector.url} · ${secret}` : t('access.connector.attempts', { count: connector.attempts })}
        </Text>
        {connector.lastError ? (
          <Text size="sm" c="coral">
            {connector.lastError}
          </Text>
        ) : null}
      </div>
      <Group gap="xs">
        <Button size="xs" variant="default" onClick={() => setOpened('log')}>
          {t('access.log')}
        </Button>
        {mayEdit && connector.kind !== 'manual' ? (
          <Button size="xs" variant="default" loading={trial.isPending} onClick={test}>
            {t('access.connector.test')}
          </Button>
        ) : null}
        {mayEdit && connector.kind === 'webhook' ? (
          <Button size="xs" variant="default" onClick={() => setOpened('secret')}>
            {t('access.secret')}
          </Button>
        ) : null}
        {mayEdit ? (
          <Button size="xs" variant="default" onClick={() => setOpened('edit')}>
            {t('access.connector.edit')}
          </Button>
        ) : null}
      </Group>
      {opened === 'edit' ? <ConnectorDialog connector={connector} onClose={() => setOpened(null)} /> : null}
      {opened === 'secret' ? <SecretDialog connector={connector} onClose={() => setOpened(null)} /> : null}
      {opened === 'log' ? <LogDialog connector={connector} onClose={() => setOpened(null)} /> : null}
    </div>
  )
}

/** The systems behind the rights: set up, tried, and what became of each call. */
export function ConnectorsTab() {
  const { t } = useText()
  const mayEdit = hasRole(usePerson(), 'administrator')
  const { data, error, isPending, refetch } = useConnectors()
  const [isAdding, setAdding] = useState(false)
  if (isPending) return <ListSkeleton rows={5} />
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />
  return (
    <>
      {mayEdit ? (
        <Group justify="flex-end" mb="sm">
          <Button size="xs" leftSection={<IconPlus size={15} />} onClick={() => setAdding(true)}>
            {t('access.connector.add')}
          </Button>
        </Group>
      ) : null}
      <Panel isFlush>
        <Text size="sm" c="dimmed" p="md" pb={0}>
          {t('access.connectors.lead')}
        </Text>
        {data.map((connector) => (
          <Connector key={connector.id} connector={connector} mayEdit={mayEdit} />
        ))}
      </Panel>
      {isAdding ? <ConnectorDialog connector={null} onClose={() => setAdding(false)} /> : null}
    </>
  )
}
