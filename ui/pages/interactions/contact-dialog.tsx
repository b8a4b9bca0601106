import { Button, Group, Modal, Select, Stack, Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import { Outcome } from '#schema/interaction'
import type { ChannelId, TicketKind } from '#schema/ticket'
import { type ContactRow, type DeskRow, useNoteContact, useWrapUp } from '../../client/desks.ts'
import { isProblem } from '../../client/http.ts'
import { PersonSelect } from '../../components/person-select.tsx'
import { type Texts, useText } from '../../i18n/index.ts'
import { notifyDone, notifyProblem } from '../../templates/notify.tsx'

const liveChannels: ChannelId[] = ['phone', 'walkIn', 'chat', 'social']

interface Draft {
  deskId: string | null
  channel: ChannelId
  personId: string | null
  subject: string
  notes: string
  kind: TicketKind
}

interface DialogProps {
  desks: DeskRow[]
  /** A contact that exists (a call, a visit) is wrapped up; null: a new one is noted. */
  contact: ContactRow | null
  onClose: () => void
}

function useContactForm({ desks, contact, onClose }: DialogProps, texts: Texts) {
  const { t } = texts
  const [startedAt] = useState(() => new Date().toISOString())
  const [draft, setDraft] = useState<Draft>({
    deskId: contact?.desk?.id ?? desks[0]?.id ?? null,
    channel: contact?.channel ?? desks[0]?.firstChannel ?? 'phone',
    personId: contact?.person?.id ?? null,
    subject: contact?.callId ? '' : (contact?.subject ?? ''),
    notes: contact?.body ?? '',
    kind: desks.find((desk) => desk.id === (contact?.desk?.id ?? desks[0]?.id))?.contactKinds[0] ?? 'incident',
  })
  const [outcome, setOutcome] = useState<Outcome>('solved')
  const [errors, setErrors] = useState<Record<string, string>>({})
  const note = useNoteContact()
  const wrapUp = useWrapUp(contact?.id ?? '')
  const send = (disposition: 'answered' | 'ticket'): void => {
    const missing: Record<string, string> = {}
    if (draft.subject.trim() === '') missing.subject = t('common.required')
    if (!draft.personId && (disposition === 'ticket' || !contact)) missing.person = t('common.required')
    setErrors(missing)
    if (Object.keys(missing).length > 0) return
    const result = disposition === 'ticket' ? 'ticketOpened' : outcome
    const after = {
      onSuccess: ({ number }: { number: string | null }) => {
        notifyDone(number ? t('contact.opened', { number }) : t('contact.answered'))
        onClose()
      },
      onError: (problem: Error) => {
        if (isProblem(problem)) setErrors(problem.fieldErrors())
        notifyProblem(problem, t)
      },
    }
    const person = draft.personId ? { personId: draft.personId } : {}
    if (contact)
      wrapUp.mutate({ disposition, outcome: result, note: draft.notes, title: draft.subject.trim(), kind: draft.kind, ...person }, after)
    else
      note.mutate(
        {
          ...(draft.deskId ? { deskId: draft.deskId } : {}),
          channel: draft.channel,
          subject: draft.subject.trim(),
          body: draft.notes,
          requesterId: draft.personId ?? '',
          disposition,
          outcome: result,
          kind: draft.kind,
          startedAt,
        },
        after,
      )
  }
  const change = (part: Partial<Draft>): void => setDraft({ ...draft, ...part })
  return { draft, change, outcome, setOutcome, errors, send, isBusy: note.isPending || wrapUp.isPending }
}

/** Where a new contact came in: the desk and its channels. */
function Where({ desks, draft, change }: { desks: DeskRow[]; draft: Draft; change: (part: Partial<Draft>) => void }) {
  const { t, locale } = useText()
  const desk = desks.find((each) => each.id === draft.deskId)
  const channels = liveChannels.filter((channel) => !desk || desk.channels.length === 0 || desk.channels.includes(channel))
  return (
    <Group grow align="flex-start">
      <Select
        label={t('contact.desk')}
        allowDeselect={false}
        data={desks.map((each) => ({ value: each.id, label: each.name[locale] }))}
        value={draft.deskId}
        onChange={(deskId) => {
          const next = desks.find((each) => each.id === deskId)
          change({ deskId, channel: next?.firstChannel ?? draft.channel, kind: next?.contactKinds[0] ?? 'incident' })
        }}
      />
      <Select
        label={t('contact.channel')}
        allowDeselect={false}
        data={channels.map((channel) => ({ value: channel, label: t(`channel.${channel}`) }))}
        value={draft.channel}
        onChange={(channel) => change({ channel: (channel ?? 'phone') as ChannelId })}
      />
    </Group>
  )
}

/** Notes a call, visit or chat while it lasts: answered on the spot, or a ticket. */
export function ContactDialog(props: DialogProps) {
  const texts = useText()
  const { t } = texts
  const { desks, contact, onClose } = props
  const { draft, change, outcome, setOutcome, errors, send, isBusy } = useContactForm(props, texts)
  const desk = desks.find((each) => each.id === draft.deskId)
  const permitted = desk?.contactKinds ?? ['incident']
  return (
    <Modal
      opened
      size="lg"
      onClose={onClose}
      title={t(contact ? 'contact.wrapUp.title' : 'interactions.log')}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <Stack gap="sm">
        {contact ? null : <Where desks={desks} draft={draft} change={change} />}
        <PersonSelect
          label={t('contact.person')}
          hint={t('contact.person.hint')}
          known={contact?.person ?? null}
          value={draft.personId}
          error={errors.person ?? errors.personId ?? errors.requesterId ?? null}
          onPick={(personId) => change({ personId })}
        />
        <TextInput
          label={t('contact.subject')}
          required
          maxLength={200}
          value={draft.subject}
          error={errors.subject ?? errors.title ?? null}
          onChange={(event) => change({ subject: event.currentTarget.value })}
        />
        <Textarea
          label={t('contact.notes')}
          autosize
          minRows={3}
          value={draft.notes}
          onChange={(event) => change({ notes: event.currentTarget.value })}
        />
        <Group grow align="flex-start">
          <Select
            label={t('contact.outcome')}
            allowDeselect={false}
            data={Outcome.options.filter((each) => each !== 'ticketOpened').map((each) => ({ value: each, label: t(`outcome.${each}`) }))}
            value={outcome}
            onChange={(value) => setOutcome(Outcome.parse(value))}
          />
          <Select
            label={t('contact.kind')}
            allowDeselect={false}
            data={permitted.map((kind) => ({ value: kind, label: t(`kind.${kind}`) }))}
            value={permitted.includes(draft.kind) ? draft.kind : (permitted[0] ?? null)}
            onChange={(kind) => change({ kind: (kind ?? 'incident') as TicketKind })}
          />
        </Group>
        <Group justify="flex-end" mt="xs">
          <Button variant="default" loading={isBusy} onClick={() => send('answered')}>
            {t('contact.answer')}
          </Button>
          <Button loading={isBusy} onClick={() => send('ticket')}>
            {t('contact.ticket')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
