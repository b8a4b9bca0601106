import { Button, Group, Modal, SegmentedControl, Stack, Text, Textarea } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useState } from 'react'
import type { MajorView } from '#schema/major'
import { isProblem } from '../../client/http.ts'
import { type HandOver, useHandOver } from '../../client/incident.ts'
import { PersonSelect } from '../../components/person-select.tsx'
import { useText } from '../../i18n/index.ts'
import { notifyDone, notifyProblem } from '../../templates/notify.tsx'

const roles = ['commander', 'communicationLead'] as const

function HandOverForm({ major, onDone }: { major: MajorView; onDone: () => void }) {
  const { t } = useText()
  const send = useHandOver(major.number)
  const [draft, setDraft] = useState<Omit<HandOver, 'personId'> & { personId: string | null }>({
    role: 'commander',
    personId: null,
    reason: '',
  })
  const [errors, setErrors] = useState<Record<string, string>>({})
  const change = (part: Partial<typeof draft>): void => {
    setDraft({ ...draft, ...part })
    setErrors({})
  }
  const holder = draft.role === 'commander' ? major.commander : major.communicationLead
  const submit = (): void => {
    const missing: Record<string, string> = {}
    if (draft.personId === null) missing.personId = t('common.required')
    if (draft.reason.trim().length < 3) missing.reason = t('form.minLength', { min: 3 })
    setErrors(missing)
    if (draft.personId === null || Object.keys(missing).length > 0) return
    send.mutate(
      { ...draft, personId: draft.personId },
      {
        onSuccess: () => {
          notifyDone(t('major.handOver.done'))
          onDone()
        },
        onError: (error) => {
          if (isProblem(error)) setErrors(error.fieldErrors())
          notifyProblem(error, t)
        },
      },
    )
  }
  return (
    <Stack gap="sm">
      <SegmentedControl
        aria-label={t('major.handOver.role')}
        data={roles.map((role) => ({ value: role, label: t(`major.handOver.${role}`) }))}
        value={draft.role}
        onChange={(role) => change({ role: role as HandOver['role'] })}
      />
      <Text size="sm" c="dimmed">
        {holder ? t('major.handOver.from', { name: holder.name }) : t('major.noCommander')}
      </Text>
      <PersonSelect
        label={t('major.handOver.to')}
        isRequired
        value={draft.personId}
        error={errors.personId ?? null}
        onPick={(personId) => change({ personId })}
      />
      <Textarea
        label={t('major.handOver.reason')}
        description={t('major.handOver.reason.hint')}
        required
        autosize
        minRows={2}
        maxLength={2_000}
        value={draft.reason}
        error={errors.reason ?? null}
        onChange={(event) => change({ reason: event.currentTarget.value })}
      />
      <Group justify="flex-end">
        <Button variant="default" onClick={onDone}>
          {t('common.back')}
        </Button>
        <Button loading={send.isPending} onClick={submit}>
          {t('major.handOver.submit')}
        </Button>
      </Group>
    </Stack>
  )
}

/** The command, or the communication, of a running major incident goes to somebody else. */
export function HandOverButton({ major }: { major: MajorView }) {
  const { t } = useText()
  const [isOpen, modal] = useDisclosure(false)
  return (
    <>
      <Button size="xs" variant="default" onClick={modal.open}>
        {t('major.handOver')}
      </Button>
      <Modal opened={isOpen} onClose={modal.close} title={t('major.handOver')} closeButtonProps={{ 'aria-label': t('common.close') }}>
        <HandOverForm major={major} onDone={modal.close} />
      </Modal>
    </>
  )
}
