import { Button, Modal, Stack, Textarea } from '@mantine/core'
import { useState } from 'react'
import { ErrorState } from '../../templates/states.tsx'

interface Props {
  title: string
  label: string
  submitLabel: string
  onClose: () => void
  /** Rejects with the server's refusal, which is shown; else the dialog closes. */
  onSend: (reason: string) => Promise<unknown>
}

/** Something that is not done without a reason. */
export function ReasonDialog({ title, label, submitLabel, onClose, onSend }: Props) {
  const [reason, setReason] = useState('')
  const [refusal, setRefusal] = useState<unknown>(null)
  const [isSending, setSending] = useState(false)
  const send = async (): Promise<void> => {
    setSending(true)
    try {
      await onSend(reason.trim())
      onClose()
    } catch (error) {
      setRefusal(error)
      setSending(false)
    }
  }
  return (
    <Modal opened onClose={onClose} title={title}>
      <Stack gap="sm">
        <Textarea
          label={label}
          required
          data-autofocus
          autosize
          minRows={2}
          maxLength={500}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        {refusal ? <ErrorState error={refusal} isSmall /> : null}
        <Button color="coral" loading={isSending} disabled={reason.trim() === ''} onClick={() => void send()}>
          {submitLabel}
        </Button>
      </Stack>
    </Modal>
  )
}
