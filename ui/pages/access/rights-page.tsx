import { Anchor, Button, Group, Select, Tabs, Text } from '@mantine/core'
import { IconKey, IconPlus } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { EntitlementView, GrantView } from '#schema/access'
import { useChoicesOfDesk, useEntitlements, useGrants, useRevoke } from '../../client/catalogue.ts'
import { hasRole, usePerson } from '../../client/session.ts'
import { useText } from '../../i18n/index.ts'
import { ListPage } from '../../templates/list-page.tsx'
import { notifyDone } from '../../templates/notify.tsx'
import { Panel } from '../../templates/page.tsx'
import { EmptyState, ErrorState, ListSkeleton } from '../../templates/states.tsx'
import { TableScroll } from '../../templates/table-scroll.tsx'
import { ConnectorsTab } from './connectors-tab.tsx'
import { EntitlementDialog } from './entitlement-dialog.tsx'
import { GrantStateBadge } from './grant-state.tsx'
import { ProfilesTab } from './profiles-tab.tsx'
import { ReasonDialog } from './reason-dialog.tsx'

function GrantLine({ grant, onRevoke }: { grant: GrantView; onRevoke: (() => void) | null }) {
  const { t, tOr, date } = useText()
  return (
    <tr>
      <td>{grant.person.name}</td>
      <td>
        <Text size="sm" fw={600}>
          {grant.entitlement.name}
        </Text>
        <Text size="xs" c="dimmed">
          {grant.entitlement.resource} · {t('access.owner', { name: grant.owner.name })}
        </Text>
      </td>
      <td>
        <Text size="sm">{date(grant.grantedAt)}</Text>
        <Text size="xs" c="dimmed">
          {grant.grantedBy.name}
          {grant.request ? (
            <>
              {' · '}
              <Link to="/tickets/$id" params={{ id: grant.request }} className="plain mono">
                {grant.request}
              </Link>
            </>
          ) : null}
        </Text>
      </td>
      <td>
        <Text size="sm" c="dimmed">
          {grant.revokeReason ? tOr(`access.why.${grant.revokeReason}`, grant.revokeReason) : grant.reason}
        </Text>
      </td>
      <td>
        <GrantStateBadge grant={grant} />
      </td>
      <td style={{ textAlign: 'right' }}>
        {onRevoke ? (
          <Button size="xs" variant="subtle" color="coral" onClick={onRevoke}>
            {t('access.revoke')}
          </Button>
        ) : null}
      </td>
    </tr>
  )
}

function Grants() {
  const { t } = useText()
  const person = usePerson()
  const [personId, setPersonId] = useState<string | null>(null)
  const [entitlementId, setEntitlementId] = useState<string | null>(null)
  const [state, setState] = useState<string | null>(null)
  const people = useChoicesOfDesk().data?.people ?? []
  const entitlements = useEntitlements().data ?? []
  const grants = useGrants({ personId, entitlementId, state })
  const revoke = useRevoke()
  const [revoking, setRevoking] = useState<GrantView | null>(null)
  const rows = grants.data?.pages.flatMap((page) => page.items) ?? []
  const mayRevoke = (grant: GrantView): boolean =>
    grant.state === 'active' && (grant.owner.id === person.id || hasRole(person, 'administrator'))
  return (
    <>
      <Group gap="sm" mb="md">
        <Select
          searchable
          clearable
          aria-label={t('access.person')}
          placeholder={t('access.person')}
          data={people.map(({ id, name }) => ({ value: id, label: name }))}
          value={personId}
          onChange={setPersonId}
        />
        <Select
          searchable
          clearable
          aria-label={t('access.entitlement')}
          placeholder={t('access.entitlement')}
          data={entitlements.map(({ id, name }) => ({ value: id, label: name }))}
          value={entitlementId}
          onChange={setEntitlementId}
        />
        <Select
          clearable
          aria-label={t('access.state')}
          placeholder={t('access.state')}
          data={(['active', 'removing', 'revoked'] as const).map((value) => ({ value, label: t(`access.state.${value}`) }))}
          value={state}
          onChange={setState}
        />
      </Group>
      {grants.isPending ? <ListSkeleton rows={6} /> : null}
      {grants.error ? <ErrorState error={grants.error} onRetry={() => void grants.refetch()} /> : null}
      {grants.data && rows.length === 0 ? (
        <EmptyState icon={<IconKey size={26} stroke={1.5} />} title={t('access.grants.empty')} hint={t('access.grants.empty.hint')} />
      ) : null}
      {rows.length > 0 ? (
        <Panel isFlush>
          <TableScroll label={t('access.grants')}>
            <table className="g-table">
              <thead>
                <tr>
                  <th>{t('access.person')}</th>
                  <th>{t('access.entitlement')}</th>
                  <th>{t('access.granted')}</th>
                  <th>{t('access.reason')}</th>
                  <th>{t('access.state')}</th>
                  <th aria-label={t('access.revoke')} />
                </tr>
              </thead>
              <tbody>
                {rows.map((grant) => (
                  <GrantLine key={grant.id} grant={grant} onRevoke={mayRevoke(grant) ? () => setRevoking(grant) : null} />
                ))}
              </tbody>
            </table>
          </TableScroll>
        </Panel>
      ) : null}
      {grants.hasNextPage ? (
        <Button mt="md" variant="default" loading={grants.isFetchingNextPage} onClick={() => void grants.fetchNextPage()}>
          {t('common.loadMore')}
        </Button>
      ) : null}
      {revoking ? (
        <ReasonDialog
          title={t('access.revoke.title', { name: revoking.entitlement.name, person: revoking.person.name })}
          label={t('access.reason')}
          submitLabel={t('access.revoke')}
          onClose={() => setRevoking(null)}
          onSend={async (reason) => {
            await revoke.mutateAsync({ grantId: revoking.id, reason })
            notifyDone(t('access.revoke.sent'))
          }}
        />
      ) : null}
    </>
  )
}

function Entitlements() {
  const { t } = useText()
  const person = usePerson()
  const mayEdit = hasRole(person, 'processOwner', 'administrator')
  const { data, error, isPending, refetch } = useEntitlements()
  const [editing, setEditing] = useState<EntitlementView | null | undefined>(undefined)
  if (isPending) return <ListSkeleton rows={6} />
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />
  return (
    <>
      {mayEdit ? (
        <Group justify="flex-end" mb="sm">
          <Button size="xs" leftSection={<IconPlus size={15} />} onClick={() => setEditing(null)}>
            {t('access.entitlement.add')}
          </Button>
        </Group>
      ) : null}
      <Panel isFlush>
        <TableScroll label={t('access.entitlements')}>
          <table className="g-table">
            <thead>
              <tr>
                <th>{t('access.entitlement')}</th>
                <th>{t('access.ownerColumn')}</th>
                <th>{t('access.system')}</th>
                <th>{t('access.duration')}</th>
                <th style={{ textAlign: 'right' }}>{t('access.holders')}</th>
              </tr>
            </thead>
            <tbody>
              {data.map((entitlement) => (
                <tr key={entitlement.id}>
                  <td>
                    {mayEdit ? (
                      <Anchor component="button" type="button" size="sm" fw={600} onClick={() => setEditing(entitlement)}>
                        {entitlement.name}
                      </Anchor>
                    ) : (
                      <Text size="sm" fw={600}>
                        {entitlement.name}
                      </Text>
                    )}
                    <Text size="xs" c="dimmed" className="mono">
                      {entitlement.id}
                    </Text>
                  </td>
                  <td>{entitlement.owner.name}</td>
                  <td>{entitlement.connectorId}</td>
                  <td>
                    {entitlement.defaultDays === null
                      ? t('access.duration.none')
                      : t('access.duration.days', { count: entitlement.defaultDays })}
                  </td>
                  <td style={{ textAlign: 'right' }} className="num">
                    {entitlement.holders}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </TableScroll>
      </Panel>
      {editing === undefined ? null : <EntitlementDialog entitlement={editing} onClose={() => setEditing(undefined)} />}
    </>
  )
}

/** The register of access rights: who holds what; what can be held; the systems behind it. */
export function RightsPage() {
  const { t } = useText()
  return (
    <ListPage title={t('access.register')} lead={t('access.register.lead')}>
      <Tabs defaultValue="grants" keepMounted={false}>
        <Tabs.List mb="md" className="tabs-row">
          <Tabs.Tab value="grants">{t('access.grants')}</Tabs.Tab>
          <Tabs.Tab value="entitlements">{t('access.entitlements')}</Tabs.Tab>
          <Tabs.Tab value="profiles">{t('access.profiles')}</Tabs.Tab>
          <Tabs.Tab value="connectors">{t('access.connectors')}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="grants">
          <Grants />
        </Tabs.Panel>
        <Tabs.Panel value="entitlements">
          <Entitlements />
        </Tabs.Panel>
        <Tabs.Panel value="profiles">
          <ProfilesTab />
        </Tabs.Panel>
        <Tabs.Panel value="connectors">
          <ConnectorsTab />
        </Tabs.Panel>
      </Tabs>
    </ListPage>
  )
}
