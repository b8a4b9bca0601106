import { Button, Modal, NumberInput, Select, Stack, Switch, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { EntitlementView } from '#schema/access'
import { useGroups } from '../../client/administration.ts'
import { useChoicesOfDesk, useConnectors, useSaveEntitlement } from '../../client/catalogue.ts'
import { isProblem } from '../../client/http.ts'
import { useText } from '../../i18n/index.ts'
import { notifyDone } from '../../templates/notify.tsx'
import { ErrorState } from '../../templates/states.tsx'

/** Adds an entitlement, or changes one: who answers for it, how it is given, how long it lasts. */
export function EntitlementDialog({ entitlement, onClose }: { entitlement: EntitlementView | null; onClose: () => void }) {
  const { t } = useText()
  const save = useSaveEntitlement()
  const people = useChoicesOfDesk().data?.people ?? []
  const groups = useGroups().data ?? []
  const connectors = useConnectors().data ?? []
  const [draft, setDraft] = useState({
    id: entitlement?.id ?? '',
    nameFr: entitlement?.nameFr ?? '',
    nameEn: entitlement?.nameEn ?? '',
    resource: entitlement?.resource ?? '',
    role: entitlement?.role ?? '',
    ownerId: entitlement?.owner.id ?? null,
    connectorId: entitlement?.connectorId ?? null,
    groupId: entitlement?.groupId ?? null,
    defaultDays: entitlement?.defaultDays ?? null,
    isActive: entitlement?.isActive ?? true,
  })
  const errors = isProblem(save.error) ? save.error.fieldErrors() : {}
  const set = (change: Partial<typeof draft>): void => setDraft({ ...draft, ...change })
  const text = (field: 'id' | 'nameFr' | 'nameEn' | 'resource' | 'role') => (
    <TextInput
      label={t(`access.field.${field}`)}
      required
      disabled={field === 'id' && entitlement !== null}
      value={draft[field]}
      error={errors[field]}
      onChange={(event) => set({ [field]: event.currentTarget.value })}
    />
  )
  const choice = (field: 'ownerId' | 'connectorId' | 'groupId', data: { id: string; name: string }[]) => (
    <Select
      label={t(`access.field.${field}`)}
      required
      searchable
      data={data.map(({ id, name }) => ({ value: id, label: name }))}
      value={draft[field]}
      error={errors[field]}
      onChange={(value) => set({ [field]: value })}
    />
  )
  const isComplete = Object.entries(draft).every(([field, value]) => field === 'defaultDays' || (value !== '' && value !== null))
  const send = (): void =>
    save.mutate(draft, {
      onSuccess: () => {
        notifyDone(t('access.entitlement.saved'), draft.nameFr)
        onClose()
      },
    })
  return (
    <Modal opened onClose={onClose} title={entitlement ? entitlement.name : t('access.entitlement.add')}>
      <Stack gap="sm">
        {text('id')}
        {text('nameFr')}
        {text('nameEn')}
        {text('resource')}
        {text('role')}
        {choice('ownerId', people)}
        {choice('connectorId', connectors)}
        {choice('groupId', groups)}
        <NumberInput
          label={t('access.field.defaultDays')}
          description={t('access.field.defaultDays.hint')}
          min={1}
          max={3_650}
          value={draft.defaultDays ?? ''}
          error={errors.defaultDays}
          onChange={(value) => set({ defaultDays: value === '' ? null : Number(value) })}
        />
        <Switch
          label={t('access.field.isActive')}
          checked={draft.isActive}
          onChange={(event) => set({ isActive: event.currentTarget.checked })}
        />
        {save.error && Object.keys(errors).length === 0 ? <ErrorState error={save.error} isSmall /> : null}
        <Button loading={save.isPending} disabled={!isComplete} onClick={send}>
          {t('access.entitlement.save')}
        </Button>
      </Stack>
    </Modal>
  )
}
