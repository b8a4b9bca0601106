import { Button, Group, Textarea } from '@mantine/core'
import { IconCheck, IconX } from '@tabler/icons-react'
import { useState } from 'react'
import type { ApprovalDecision } from '#schema/approval'
import type { DecisionDraft } from '../../client/approvals.ts'
import { isProblem } from '../../client/http.ts'
import { useDraft } from '../../components/use-draft.ts'
import { useText } from '../../i18n/index.ts'
import { notifyDone, notifyProblem } from '../../templates/notify.tsx'

/** Approve, reject with a reason, or abstain. What was written stays when the answer is refused. */
export function DecisionForm({ draft, onDecide }: { draft: string; onDecide: (given: DecisionDraft) => Promise<unknown> }) {
  const { t } = useText()
  const [comment, setComment, forget] = useDraft(`approval.${draft}`, '')
  const [busy, setBusy] = useState<ApprovalDecision | null>(null)
  const [error, setError] = useState<string | null>(null)
  const decide = async (decision: ApprovalDecision): Promise<void> => {
    if (decision === 'rejected' && comment.trim() === '') {
      setError(t('approval.commentNeeded'))
      return
    }
    setBusy(decision)
    try {
      await onDecide({ decision, comment: comment.trim() })
      forget()
      notifyDone(t(`approval.done.${decision}`))
    } catch (refusal) {
      const places = isProblem(refusal) ? refusal.fieldErrors() : {}
      if (places.comment) setError(places.comment)
      else notifyProblem(refusal, t)
    } finally {
      setBusy(null)
    }
  }
  return (
    <div className="approval-decision">
      <Textarea
        label={t('approval.comment')}
        description={t('approval.comment.hint')}
        autosize
        minRows={2}
        maxLength={5_000}
        value={comment}
        error={error}
        onChange={(event) => {
          setComment(event.currentTarget.value)
          setError(null)
        }}
      />
      <Group gap="xs" mt="sm">
        <Button
          leftSection={<IconCheck size={16} />}
          loading={busy === 'approved'}
          disabled={busy !== null}
          onClick={() => void decide('approved')}
        >
          {t('approval.approve')}
        </Button>
        <Button
          variant="light"
          color="coral"
          leftSection={<IconX size={16} />}
          loading={busy === 'rejected'}
          disabled={busy !== null}
          onClick={() => void decide('rejected')}
        >
          {t('approval.reject')}
        </Button>
        <Button variant="subtle" loading={busy === 'abstained'} disabled={busy !== null} onClick={() => void decide('abstained')}>
          {t('approval.abstain')}
        </Button>
      </Group>
    </div>
  )
}
