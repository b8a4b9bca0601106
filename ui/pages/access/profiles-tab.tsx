import { Anchor, Badge, Button, Group, Modal, MultiSelect, Select, Stack, Text, TextInput, Title } from '@mantine/core'
import { IconIdBadge2, IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import type { ProfilePreview, ProfileView } from '#schema/access'
import { useProfilePreview, useProfiles, useSaveProfile } from '../../client/access-setup.ts'
import { useChoicesOfDesk, useEntitlements } from '../../client/catalogue.ts'
import { isProblem } from '../../client/http.ts'
import { hasRole, usePerson } from '../../client/session.ts'
import { useText } from '../../i18n/index.ts'
import { notifyDone } from '../../templates/notify.tsx'
import { Panel } from '../../templates/page.tsx'
import { EmptyState, ErrorState, ListSkeleton } from '../../templates/states.tsx'
import { TableScroll } from '../../templates/table-scroll.tsx'
import '../catalogue/catalogue.css'

type Line = ProfilePreview['grant'][number]
const effects = ['grant', 'keep', 'revoke'] as const
const colours = { grant: 'moss', keep: 'gray', revoke: 'coral' } as const

function PreviewLine({ line, effect }: { line: Line; effect: (typeof effects)[number] }) {
  const { t } = useText()
  const isGiven = effect !== 'grant' || line.isActive
  return (
    <li>
      <Group gap="xs" align="baseline">
        <Badge variant="light" color={isGiven ? colours[effect] : 'gray'}>
          {isGiven ? t(`access.preview.${effect}`) : t('access.preview.withdrawn')}
        </Badge>
        <Text size="sm" fw={600}>
          {line.name}
        </Text>
      </Group>
      <Text size="xs" c="dimmed">
        {line.isByHand ? t('access.preview.byHand', { group: line.group }) : t('access.preview.bySystem', { system: line.system })}
        {' · '}
        {line.days === null ? t('access.duration.none') : t('access.duration.days', { count: line.days })}
        {' · '}
        {t('access.owner', { name: line.owner.name })}
      </Text>
    </li>
  )
}

/** What a joiner would get, or what would change for somebody who moves to the job. */
function Preview({ entitlementIds }: { entitlementIds: string[] }) {
  const { t } = useText()
  const people = useChoicesOfDesk().data?.people ?? []
  const [personId, setPersonId] = useState<string | null>(null)
  const { data, error } = useProfilePreview(entitlementIds, personId)
  const isEmpty = data !== undefined && effects.every((effect) => data[effect].length === 0)
  return (
    <section aria-live="polite">
      <Title order={3} size="h5" mb={4}>
        {t('access.preview.title')}
      </Title>
      <Select
        searchable
        clearable
        label={t('access.preview.who')}
        placeholder={t('access.preview.joiner')}
        data={people.map(({ id, name }) => ({ value: id, label: name }))}
        value={personId}
        onChange={setPersonId}
      />
      {error ? <ErrorState error={error} isSmall /> : null}
      {isEmpty ? (
        <Text size="sm" c="dimmed" mt="sm">
          {t('access.preview.nothing')}
        </Text>
      ) : null}
      <ul className="profile-preview">
        {data
          ? effects.flatMap((effect) =>
              data[effect].map((line) => <PreviewLine key={`${effect} ${line.entitlementId}`} line={line} effect={effect} />),
            )
          : null}
      </ul>
    </section>
  )
}

function ProfileDialog({ profile, mayEdit, onClose }: { profile: ProfileView | null; mayEdit: boolean; onClose: () => void }) {
  const { t } = useText()
  const save = useSaveProfile()
  const entitlements = useEntitlements().data ?? []
  const [draft, setDraft] = useState({
    id: profile?.id ?? '',
    nameFr: profile?.nameFr ?? '',
    nameEn: profile?.nameEn ?? '',
    entitlementIds: profile?.entitlementIds ?? [],
  })
  const problem = isProblem(save.error) ? save.error : null
  const errors = problem?.fieldErrors() ?? {}
  const ofRights = problem?.problem.errors?.find(({ path }) => path.startsWith('entitlementIds'))?.message
  const text = (field: 'id' | 'nameFr' | 'nameEn') => (
    <TextInput
      label={t(`access.field.${field}`)}
      description={field === 'id' ? t('access.profile.id.hint') : undefined}
      required
      disabled={!mayEdit || (field === 'id' && profile !== null)}
      value={draft[field]}
      error={errors[field]}
      onChange={(event) => setDraft({ ...draft, [field]: event.currentTarget.value })}
    />
  )
  const isComplete = draft.id !== '' && draft.nameFr.trim() !== '' && draft.nameEn.trim() !== ''
  const send = (): void =>
    save.mutate(draft, {
      onSuccess: () => {
        notifyDone(t('access.profile.saved'), draft.nameFr)
        onClose()
      },
    })
  return (
    <Modal opened onClose={onClose} size="lg" title={profile?.name ?? t('access.profile.add')}>
      <Stack gap="sm">
        {text('id')}
        {text('nameFr')}
        {text('nameEn')}
        <MultiSelect
          label={t('access.profile.rights')}
          description={t('access.profile.rights.hint')}
          searchable
          clearable
          disabled={!mayEdit}
          data={entitlements.map(({ id, name, isActive }) => ({
            value: id,
            label: isActive ? name : `${name} (${t('access.preview.withdrawn')})`,
          }))}
          value={draft.entitlementIds}
          error={ofRights}
          onChange={(entitlementIds) => setDraft({ ...draft, entitlementIds })}
        />
        <Preview entitlementIds={draft.entitlementIds} />
        {problem && Object.keys(errors).length === 0 ? <ErrorState error={problem} isSmall /> : null}
        {mayEdit ? (
          <Button loading={save.isPending} disabled={!isComplete} onClick={send}>
            {t('access.entitlement.save')}
          </Button>
        ) : null}
      </Stack>
    </Modal>
  )
}

/** Job profiles: what joiners get, and what movers gain and lose. */
export function ProfilesTab() {
  const { t } = useText()
  const mayEdit = hasRole(usePerson(), 'processOwner', 'administrator')
  const { data, error, isPending, refetch } = useProfiles()
  const names = new Map(useEntitlements().data?.map(({ id, name }) => [id, name]))
  const [editing, setEditing] = useState<ProfileView | null | undefined>(undefined)
  if (isPending) return <ListSkeleton rows={4} />
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />
  return (
    <>
      <Group justify="space-between" mb="sm" gap="sm">
        <Text size="sm" c="dimmed">
          {t('access.profiles.lead')}
        </Text>
        {mayEdit ? (
          <Button size="xs" leftSection={<IconPlus size={15} />} onClick={() => setEditing(null)}>
            {t('access.profile.add')}
          </Button>
        ) : null}
      </Group>
      {data.length === 0 ? <EmptyState icon={<IconIdBadge2 size={26} stroke={1.5} />} title={t('access.profiles.empty')} /> : null}
      {data.length > 0 ? (
        <Panel isFlush>
          <TableScroll label={t('access.profiles')}>
            <table className="g-table">
              <thead>
                <tr>
                  <th>{t('access.profile')}</th>
                  <th>{t('access.profile.rights')}</th>
                </tr>
              </thead>
              <tbody>
                {data.map((profile) => (
                  <tr key={profile.id}>
                    <td>
                      <Anchor component="button" type="button" size="sm" fw={600} onClick={() => setEditing(profile)}>
                        {profile.name}
                      </Anchor>
                      <Text size="xs" c="dimmed" className="mono">
                        {profile.id}
                      </Text>
                    </td>
                    <td>{profile.entitlementIds.map((id) => names.get(id) ?? id).join(', ') || '–'}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </TableScroll>
        </Panel>
      ) : null}
      {editing === undefined ? null : <ProfileDialog profile={editing} mayEdit={mayEdit} onClose={() => setEditing(undefined)} />}
    </>
  )
}
