import { Button, Group, Menu, Modal, Select, Stack, Textarea } from '@mantine/core'
import { IconChevronDown, IconFlame, IconSend, IconUsersGroup } from '@tabler/icons-react'
import { useState } from 'react'
import type { TicketView } from '#schema/view'
import { useGroups } from '../../client/administration.ts'
import { useProposeMajor } from '../../client/incident.ts'
import { useTicketAction } from '../../client/tickets.ts'
import { useDraft } from '../../components/use-draft.ts'
import { useText } from '../../i18n/index.ts'
import { notifyDone, notifyProblem } from '../../templates/notify.tsx'

type Way = 'group' | 'manager' | 'major'

/** Asks why (and to which group), then escalates. */
function EscalationModal({ ticketId, way, onClose }: { ticketId: string; way: Way; onClose: () => void }) {
  const { t } = useText()
  const act = useTicketAction(ticketId)
  const propose = useProposeMajor(ticketId)
  const groups = useGroups(way === 'group').data ?? []
  const [groupId, setGroupId] = useState<string | null>(null)
  const [reason, setReason, clear] = useDraft(`escalate.${way}.${ticketId}`, '')
  const isReady = reason.trim().length >= 3 && (way !== 'group' || groupId !== null)
  const done = (words: string): void => {
    clear()
    onClose()
    notifyDone(words)
  }
  const submit = (): void => {
    const onError = (error: Error): void => notifyProblem(error, t)
    if (way === 'major') propose.mutate(reason.trim(), { onSuccess: ({ number }) => done(t('escalate.major.done', { number })), onError })
    else
      act.mutate(
        { name: 'escalate', body: { reason: reason.trim(), ...(groupId === null ? {} : { groupId }) } },
        { onSuccess: () => done(t(`escalate.${way}.done`)), onError },
      )
  }
  return (
    <Modal opened onClose={onClose} title={t(`escalate.${way}`)} closeButtonProps={{ 'aria-label': t('common.close') }}>
      <Stack gap="md">
        {way === 'group' ? (
          <Select
            data-autofocus
            searchable
            label={t('escalate.toGroup')}
            value={groupId}
            onChange={setGroupId}
            data={groups.map((group) => ({ value: group.id, label: group.name }))}
          />
        ) : null}
        <Textarea
          data-autofocus={way !== 'group' || undefined}
          autosize
          minRows={3}
          maxLength={2_000}
          label={t('escalate.reason')}
          description={t(`escalate.${way}.hint`)}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('common.back')}
          </Button>
          <Button disabled={!isReady} loading={act.isPending || propose.isPending} onClick={submit}>
            {t(`escalate.${way}.submit`)}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}

/** Escalation by hand: to another group, to the managers, or as a candidate for a major incident. */
export function EscalateMenu({ ticket, ticketId }: { ticket: TicketView; ticketId: string }) {
  const { t } = useText()
  const [way, setWay] = useState<Way | null>(null)
  if (!ticket.actions.includes('escalate')) return null
  return (
    <>
      <Menu position="top-start" shadow="md">
        <Menu.Target>
          <Button variant="default" rightSection={<IconChevronDown size={15} />}>
            {t('escalate.title')}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconUsersGroup size={16} />} onClick={() => setWay('group')}>
            {t('escalate.group')}
          </Menu.Item>
          <Menu.Item leftSection={<IconSend size={16} />} onClick={() => setWay('manager')}>
            {t('escalate.manager')}
          </Menu.Item>
          {ticket.isMajor ? null : (
            <Menu.Item leftSection={<IconFlame size={16} />} onClick={() => setWay('major')}>
              {t('escalate.major')}
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      {way === null ? null : <EscalationModal ticketId={ticketId} way={way} onClose={() => setWay(null)} />}
    </>
  )
}
