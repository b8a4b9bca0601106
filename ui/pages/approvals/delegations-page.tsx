import { Badge, Button, Group, Select, Text, Textarea, TextInput } from '@mantine/core'
import { IconBeach } from '@tabler/icons-react'
import { useState } from 'react'
import type { DelegationView } from '#schema/delegation'
import { useColleagues, useDelegate, useDelegations, useRevokeDelegation } from '../../client/approvals.ts'
import { isProblem } from '../../client/http.ts'
import { hasRole, usePerson } from '../../client/session.ts'
import { useText } from '../../i18n/index.ts'
import { ListPage } from '../../templates/list-page.tsx'
import { notifyDone, notifyProblem } from '../../templates/notify.tsx'
import { Panel } from '../../templates/page.tsx'
import { EmptyState, ErrorState, ListSkeleton } from '../../templates/states.tsx'
import './approvals.css'

const subjects = ['manager', 'itemOwner', 'cab', 'riskAcceptance'] as const
const today = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)

interface Draft {
  delegateId: string | null
  scope: 'all' | 'group' | 'subject'
  value: string | null
  from: string
  to: string
  reason: string
}
const empty = (): Draft => ({ delegateId: null, scope: 'all', value: null, from: today(0), to: today(7), reason: '' })

function NewDelegation() {
  const { t, tOr } = useText()
  const person = usePerson()
  const delegate = useDelegate()
  const [search, setSearch] = useState('')
  const [draft, setDraft] = useState(empty)
  const [errors, setErrors] = useState<Record<string, string>>({})
  const colleagues = useColleagues(search).data?.items ?? []
  const change = (part: Partial<Draft>): void => {
    setDraft({ ...draft, ...part })
    setErrors({})
  }
  const send = async (): Promise<void> => {
    const { from, to, ...rest } = draft
    try {
      // whole days, the last one included
      const startsAt = new Date(`${from}T00:00`).toISOString()
      const endsAt = new Date(new Date(`${to}T00:00`).getTime() + 86_400_000).toISOString()
      await delegate.mutateAsync({ ...rest, startsAt, endsAt })
      notifyDone(t('delegation.made'))
      setDraft(empty())
    } catch (refusal) {
      const places = isProblem(refusal) ? refusal.fieldErrors() : {}
      setErrors(places)
      if (Object.keys(places).length === 0) notifyProblem(refusal, t)
    }
  }
  const values =
    draft.scope === 'group'
      ? person.groups.map((id) => ({ value: id, label: id }))
      : subjects.map((id) => ({ value: id, label: tOr(`approval.subject.${id}`, id) }))
  return (
    <Panel title={t('delegation.new')}>
      <div className="approval-card">
        <Select
          label={t('delegation.delegate')}
          description={t('delegation.delegate.hint')}
          placeholder={t('delegation.nobody')}
          searchable
          clearable
          searchValue={search}
          onSearchChange={setSearch}
          data={colleagues.map(({ id, name }) => ({ value: id, label: name }))}
          value={draft.delegateId}
          error={errors.delegateId}
          onChange={(delegateId) => change({ delegateId })}
        />
        <Group grow align="flex-start">
          <TextInput
            type="date"
            label={t('delegation.from')}
            value={draft.from}
            error={errors.startsAt}
            onChange={(event) => change({ from: event.currentTarget.value })}
          />
          <TextInput
            type="date"
            label={t('delegation.to')}
            value={draft.to}
            error={errors.endsAt}
            onChange={(event) => change({ to: event.currentTarget.value })}
          />
        </Group>
        <Group grow align="flex-start">
          <Select
            label={t('delegation.scope')}
            allowDeselect={false}
            data={(['all', 'subject', 'group'] as const).map((value) => ({ value, label: t(`delegation.scope.${value}`) }))}
            value={draft.scope}
            onChange={(scope) => change({ scope: (scope ?? 'all') as Draft['scope'], value: null })}
          />
          {draft.scope === 'all' ? null : (
            <Select
              label={t(`delegation.value.${draft.scope}`)}
              data={values}
              value={draft.value}
              error={errors.value}
              onChange={(value) => change({ value })}
            />
          )}
        </Group>
        <Textarea
          label={t('delegation.reason')}
          autosize
          maxLength={500}
          value={draft.reason}
          onChange={(event) => change({ reason: event.currentTarget.value })}
        />
        <Group>
          <Button loading={delegate.isPending} onClick={() => void send()}>
            {t('delegation.save')}
          </Button>
        </Group>
      </div>
    </Panel>
  )
}

const colors: Record<DelegationView['state'], string> = { active: 'petrol', planned: 'amber', over: 'gray', revoked: 'gray' }

function Row({ one }: { one: DelegationView }) {
  const { t, tOr, dateTime } = useText()
  const revoke = useRevokeDelegation()
  const cover = one.scope === 'all' ? t('delegation.scope.all') : tOr(`approval.subject.${one.value}`, one.value ?? '')
  return (
    <li>
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <Text size="sm" fw={600}>
          {one.delegate
            ? t('delegation.words', { person: one.person.name, delegate: one.delegate.name })
            : t('delegation.away', { person: one.person.name })}
        </Text>
        <Badge color={colors[one.state]} variant="light">
          {t(`delegation.state.${one.state}`)}
        </Badge>
      </Group>
      <Text size="xs" c="dimmed">
        {cover} · {dateTime(one.startsAt)} – {dateTime(one.endsAt)}
        {one.reason ? ` · ${one.reason}` : ''}
      </Text>
      {one.mayRevoke ? (
        <Button
          size="compact-sm"
          variant="subtle"
          color="coral"
          w="fit-content"
          loading={revoke.isPending}
          onClick={() =>
            revoke.mutate(one.id, {
              onSuccess: () => notifyDone(t('delegation.revoked')),
              onError: (problem) => notifyProblem(problem, t),
            })
          }
        >
          {t('delegation.revoke')}
        </Button>
      ) : null}
    </li>
  )
}

/** Away, and who decides meanwhile. */
export function DelegationsPage() {
  const { t } = useText()
  const person = usePerson()
  const view = hasRole(person, 'administrator', 'processOwner') ? 'all' : 'mine'
  const { data, error, isPending, refetch } = useDelegations(view)
  return (
    <ListPage width="reading" title={t('nav.delegations')} lead={t('delegation.lead')}>
      <NewDelegation />
      <Panel title={t('delegation.list')}>
        {isPending ? <ListSkeleton rows={3} /> : null}
        {error ? <ErrorState error={error} onRetry={() => void refetch()} /> : null}
        {data && data.items.length === 0 ? (
          <EmptyState isSmall icon={<IconBeach size={20} stroke={1.5} />} title={t('delegation.none')} />
        ) : null}
        <ul className="plain-list approval-evidence">
          {(data?.items ?? []).map((one) => (
            <Row key={one.id} one={one} />
          ))}
        </ul>
      </Panel>
    </ListPage>
  )
}
