import { Button, Group, Modal, Rating, Stack, Text, Textarea } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useState } from 'react'
import { type SurveyAnswer, type TicketActionName, useTicketAction } from '../../client/tickets.ts'
import { useDraft } from '../../components/use-draft.ts'
import { type TextKey, useText } from '../../i18n/index.ts'
import { notifyDone, notifyProblem } from '../../templates/notify.tsx'

interface ReasonModalProps {
  name: 'reopen' | 'cancel'
  ticketId: string
  isOpen: boolean
  onClose: () => void
}
/** Asks why, then acts. */
function ReasonModal({ name, ticketId, isOpen, onClose }: ReasonModalProps) {
  const { t } = useText()
  const act = useTicketAction(ticketId)
  const [reason, setReason, clear] = useDraft(`${name}.${ticketId}`, '')
  const submit = (): void =>
    act.mutate(
      { name, body: { reason: reason.trim() } },
      {
        onSuccess: ({ opened }) => {
          clear()
          onClose()
          notifyDone(opened ? t('action.reopen.opened', { number: opened.number }) : t(`action.${name}.done`))
        },
        onError: (error) => notifyProblem(error, t),
      },
    )
  return (
    <Modal opened={isOpen} onClose={onClose} title={t(`action.${name}.title`)} closeButtonProps={{ 'aria-label': t('common.close') }}>
      <Stack gap="md">
        <Textarea
          data-autofocus
          autosize
          minRows={3}
          label={t(`action.${name}.reason`)}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {name === 'cancel' ? t('action.cancel.keep') : t('common.back')}
          </Button>
          <Button
            {...(name === 'cancel' ? { color: 'coral' } : {})}
            disabled={reason.trim() === ''}
            loading={act.isPending}
            onClick={submit}
          >
            {t(`action.${name}.submit`)}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}

export function ReasonButton({
  name,
  ticketId,
  variant = 'default',
}: {
  name: 'reopen' | 'cancel'
  ticketId: string
  variant?: 'default' | 'subtle'
}) {
  const { t } = useText()
  const [isOpen, modal] = useDisclosure(false)
  return (
    <>
      <Button variant={variant} {...(name === 'cancel' ? { color: 'gray' } : {})} onClick={modal.open}>
        {t(`action.${name}`)}
      </Button>
      <ReasonModal name={name} ticketId={ticketId} isOpen={isOpen} onClose={modal.close} />
    </>
  )
}

export function ActionButton({
  name,
  ticketId,
  body,
}: {
  name: Extract<TicketActionName, 'confirm' | 'retry'>
  ticketId: string
  body?: Record<string, unknown>
}) {
  const { t } = useText()
  const act = useTicketAction(ticketId)
  return (
    <Button
      loading={act.isPending}
      onClick={() =>
        act.mutate(
          { name, ...(body === undefined ? {} : { body }) },
          { onSuccess: () => notifyDone(t(`action.${name}.done`)), onError: (error) => notifyProblem(error, t) },
        )
      }
    >
      {t(`action.${name}`)}
    </Button>
  )
}

export interface SurveyFormProps {
  onSend: (answer: SurveyAnswer) => Promise<unknown>
  draft: string
}
/** Five steps and a comment; the same on the portal and behind the mail's link. */
export function SurveyForm({ onSend, draft }: SurveyFormProps) {
  const { t } = useText()
  const [answer, setAnswer, clear] = useDraft<SurveyAnswer>(`survey.${draft}`, { score: 0, comment: '' })
  const [isSending, setSending] = useState(false)
  const [isMissing, setMissing] = useState(false)
  const send = async (): Promise<void> => {
    if (answer.score === 0) return setMissing(true)
    setSending(true)
    try {
      await onSend({ score: answer.score, comment: answer.comment.trim() })
      clear()
    } catch (error) {
      notifyProblem(error, t)
    } finally {
      setSending(false)
    }
  }
  return (
    <Stack gap="md" align="stretch">
      <Group gap="sm" align="center">
        <Rating
          size="xl"
          color="amber"
          value={answer.score}
          onChange={(score) => {
            setAnswer({ ...answer, score })
            setMissing(false)
          }}
          getSymbolLabel={(score) => t(`survey.score.${score}` as TextKey)}
        />
        <Text size="sm" fw={600} aria-live="polite">
          {answer.score > 0 ? t(`survey.score.${answer.score}` as TextKey) : ''}
        </Text>
      </Group>
      {isMissing ? (
        <Text size="sm" c="coral" role="alert">
          {t('survey.pick')}
        </Text>
      ) : null}
      <Textarea
        label={t('survey.comment')}
        autosize
        minRows={3}
        value={answer.comment}
        onChange={(event) => setAnswer({ ...answer, comment: event.currentTarget.value })}
      />
      <div>
        <Button loading={isSending} onClick={() => void send()}>
          {t('survey.submit')}
        </Button>
      </div>
    </Stack>
  )
}
