import { Badge, Button, Group, Text } from '@mantine/core'
import { useState } from 'react'
import type { ReviewItemView } from '#schema/access'
import { useDecideReview } from '../../client/catalogue.ts'
import { useText } from '../../i18n/index.ts'
import { notifyProblem } from '../../templates/notify.tsx'
import { ReasonDialog } from './reason-dialog.tsx'

/** One right of a review: whose, why, and the decision. */
export function ReviewRow({ item, hasReviewer = false }: { item: ReviewItemView; hasReviewer?: boolean }) {
  const { t, date, dateTime } = useText()
  const decide = useDecideReview()
  const [isRevoking, setRevoking] = useState(false)
  const { grant, campaignId } = item
  const input = { campaignId, grantId: grant.id }
  return (
    <div className="review-row">
      <div>
        <Text fw={600}>
          {grant.person.name} · {grant.entitlement.name}
        </Text>
        <Text size="sm" c="dimmed">
          {t('access.since', { date: date(grant.grantedAt), name: grant.grantedBy.name })}
          {grant.reason === '' ? '' : ` · ${grant.reason}`}
          {hasReviewer ? ` · ${t('review.by', { name: item.reviewer.name })}` : ''}
        </Text>
        {item.decision && item.decidedAt ? (
          <Text size="sm">
            {item.isByPolicy
              ? t('review.byPolicy')
              : t('review.decided', { name: item.decidedBy?.name ?? '', date: dateTime(item.decidedAt) })}
            {item.comment ? ` : « ${item.comment} »` : ''}
          </Text>
        ) : null}
      </div>
      <Group gap="xs">
        {item.decision ? <Badge color={item.decision === 'keep' ? 'moss' : 'coral'}>{t(`review.decision.${item.decision}`)}</Badge> : null}
        {!item.decision && !item.mayDecide ? <Badge color="amber">{t('review.waiting')}</Badge> : null}
        {item.mayDecide ? (
          <>
            <Button
              size="xs"
              variant={item.decision === 'keep' ? 'light' : 'default'}
              disabled={item.decision === 'keep'}
              loading={decide.isPending}
              onClick={() => decide.mutate({ ...input, decision: 'keep', comment: '' }, { onError: (error) => notifyProblem(error, t) })}
            >
              {t('review.keep')}
            </Button>
            <Button size="xs" variant="light" color="coral" disabled={item.decision === 'revoke'} onClick={() => setRevoking(true)}>
              {t('review.revoke')}
            </Button>
          </>
        ) : null}
      </Group>
      {isRevoking ? (
        <ReasonDialog
          title={t('access.revoke.title', { name: grant.entitlement.name, person: grant.person.name })}
          label={t('access.reason')}
          submitLabel={t('review.revoke')}
          onClose={() => setRevoking(false)}
          onSend={(comment) => decide.mutateAsync({ ...input, decision: 'revoke', comment })}
        />
      ) : null}
    </div>
  )
}
