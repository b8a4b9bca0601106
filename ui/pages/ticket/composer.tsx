import { ActionIcon, Button, FileButton, Group, SegmentedControl, Text, Textarea, Tooltip } from '@mantine/core'
import { IconLock, IconPaperclip, IconSend2 } from '@tabler/icons-react'
import { type Ref, useImperativeHandle, useRef } from 'react'
import { usePostMessage } from '../../client/tickets.ts'
import type { AttachmentRow } from '../../client/types.ts'
import { useDraft } from '../../components/use-draft.ts'
import { FileChips, useFiles } from '../../form/file-field.tsx'
import { useText } from '../../i18n/index.ts'
import { notifyDone, notifyProblem } from '../../templates/notify.tsx'

export interface ComposerHandle {
  open: (visibility: 'public' | 'internal') => void
}
export interface ComposerProps {
  ticketId: string
  mayReply: boolean
  mayNote: boolean
  /** Who reads a public reply; absent on the requester's own page. */
  reader?: string
  handle?: Ref<ComposerHandle>
}
interface Draft {
  text: string
  visibility: 'public' | 'internal'
  files: AttachmentRow[]
}
const emptyDraft: Draft = { text: '', visibility: 'public', files: [] }

/** Writes a public reply or an internal note. The unsent text stays in the tab. */
export function Composer({ ticketId, mayReply, mayNote, reader, handle }: ComposerProps) {
  const { t } = useText()
  const [held, setDraft, clear] = useDraft<Draft>(`message.${ticketId}`, emptyDraft)
  const draft = { ...held, visibility: mayReply ? (mayNote ? held.visibility : 'public') : ('internal' as const) }
  const area = useRef<HTMLTextAreaElement>(null)
  const post = usePostMessage(ticketId)
  const upload = useFiles(draft.files, (files) => setDraft({ ...draft, files }))
  useImperativeHandle(handle, () => ({
    open: (visibility) => {
      setDraft({ ...held, visibility })
      area.current?.focus()
      area.current?.scrollIntoView({ block: 'center', behavior: 'smooth' })
    },
  }))
  const isNote = draft.visibility === 'internal'
  const send = (): void => {
    if (draft.text.trim() === '' || post.isPending) return
    post.mutate(
      {
        text: draft.text.trim(),
        visibility: draft.visibility,
        ...(draft.files.length > 0 ? { attachmentIds: draft.files.map((file) => file.id) } : {}),
      },
      {
        onSuccess: () => {
          clear()
          notifyDone(t('ticket.sent'))
        },
        onError: (error) => notifyProblem(error, t),
      },
    )
  }
  const placeholder = isNote
    ? t('ticket.note.placeholder')
    : reader === undefined
      ? t('ticket.reply.requester')
      : t('ticket.reply.placeholder')
  return (
    <div className={`composer ${isNote ? 'composer-note' : ''}`}>
      {mayNote && mayReply ? (
        <SegmentedControl
          size="xs"
          aria-label={t('ticket.conversation')}
          value={draft.visibility}
          onChange={(value) => setDraft({ ...draft, visibility: value as Draft['visibility'] })}
          data={[
            { value: 'public', label: t('ticket.reply') },
            { value: 'internal', label: t('ticket.note') },
          ]}
        />
      ) : null}
      <Textarea
        ref={area}
        variant="unstyled"
        autosize
        minRows={3}
        maxRows={14}
        aria-label={placeholder}
        placeholder={placeholder}
        value={draft.text}
        onChange={(event) => setDraft({ ...draft, text: event.currentTarget.value })}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return
          event.preventDefault()
          send()
        }}
      />
      <FileChips files={draft.files} sending={upload.sending} onRemove={upload.remove} />
      <Group justify="space-between" gap="sm">
        <Group gap={8}>
          <FileButton multiple onChange={(files) => void upload.add(files)}>
            {(props) => (
              <Tooltip label={t('ticket.attach')}>
                <ActionIcon {...props} variant="subtle" color="gray" size="lg" aria-label={t('ticket.attach')}>
                  <IconPaperclip size={18} />
                </ActionIcon>
              </Tooltip>
            )}
          </FileButton>
          {reader === undefined ? null : (
            <Text size="xs" c="dimmed" className="composer-reader">
              {isNote ? <IconLock size={13} aria-hidden /> : null}
              {isNote ? t('ticket.note.hint') : t('ticket.reply.to', { name: reader })}
            </Text>
          )}
        </Group>
        <Button
          size="xs"
          onClick={send}
          loading={post.isPending}
          disabled={draft.text.trim() === '' || upload.sending.length > 0}
          leftSection={<IconSend2 size={15} />}
          {...(isNote ? { color: 'amber' } : {})}
        >
          {isNote ? t('ticket.send.note') : t('ticket.send.reply')}
        </Button>
      </Group>
    </div>
  )
}
