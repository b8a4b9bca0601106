import { Button, CloseButton, FileButton, Group, Input, Loader, Text } from '@mantine/core'
import { IconPaperclip } from '@tabler/icons-react'
import { useId, useState } from 'react'
import { uploadAttachment } from '../client/tickets.ts'
import type { AttachmentRow } from '../client/types.ts'
import { useText } from '../i18n/index.ts'
import { notifyProblem } from '../templates/notify.tsx'

export const maxFileBytes = 25_000_000

/** Uploads at once, holds what the API answered. */
export function useFiles(files: AttachmentRow[], onChange: (files: AttachmentRow[]) => void) {
  const { t } = useText()
  const [sending, setSending] = useState<string[]>([])
  const add = async (chosen: File[]): Promise<void> => {
    let held = files
    for (const file of chosen) {
      if (file.size > maxFileBytes) {
        notifyProblem(new Error(t('ticket.attach.tooBig', { name: file.name })), t)
        continue
      }
      setSending((names) => [...names, file.name])
      try {
        held = [...held, await uploadAttachment(file)]
        onChange(held)
      } catch (error) {
        notifyProblem(error, t)
      } finally {
        setSending((names) => names.filter((name) => name !== file.name))
      }
    }
  }
  return { add, sending, remove: (id: string): void => onChange(files.filter((file) => file.id !== id)) }
}

export function FileChips({
  files,
  sending = [],
  onRemove,
}: {
  files: AttachmentRow[]
  sending?: string[]
  onRemove?: (id: string) => void
}) {
  const { t, bytes } = useText()
  if (files.length + sending.length === 0) return null
  return (
    <Group gap={6}>
      {files.map((file) => (
        <span key={file.id} className="file-chip">
          <IconPaperclip size={14} aria-hidden />
          {onRemove ? (
            <span className="truncate">{file.name}</span>
          ) : (
            <a className="truncate" href={`/api/v1/attachments/${encodeURIComponent(file.id)}`} download={file.name}>
              {file.name}
            </a>
          )}
          <Text span size="xs" c="dimmed">
            {bytes(file.bytes)}
          </Text>
          {onRemove ? <CloseButton size="xs" onClick={() => onRemove(file.id)} aria-label={`${t('common.remove')} ${file.name}`} /> : null}
        </span>
      ))}
      {sending.map((name) => (
        <span key={name} className="file-chip" role="status">
          <Loader size={12} />
          {t('form.file.uploading', { name })}
        </span>
      ))}
    </Group>
  )
}

export interface FileFieldProps {
  label?: string
  description?: string
  error?: string | null
  files: AttachmentRow[]
  isMultiple?: boolean
  onChange: (files: AttachmentRow[]) => void
}

export function FileField({ label, description, error, files, isMultiple = true, onChange }: FileFieldProps) {
  const { t } = useText()
  const id = useId()
  const { add, sending, remove } = useFiles(files, onChange)
  return (
    <Input.Wrapper id={id} label={label} description={description} error={error}>
      <Group gap={8} mt={4}>
        <FileButton multiple={isMultiple} onChange={(chosen) => void add(Array.isArray(chosen) ? chosen : chosen ? [chosen] : [])}>
          {(props) => (
            <Button {...props} id={id} variant="default" size="xs" leftSection={<IconPaperclip size={15} />}>
              {t('form.file.add')}
            </Button>
          )}
        </FileButton>
        <FileChips files={files} sending={sending} onRemove={remove} />
      </Group>
    </Input.Wrapper>
  )
}
