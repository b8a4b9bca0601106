import { Text } from '@mantine/core'
import { IconCircleCheck } from '@tabler/icons-react'
import { useReviews } from '../../client/catalogue.ts'
import { useText } from '../../i18n/index.ts'
import { ListPage } from '../../templates/list-page.tsx'
import { Panel } from '../../templates/page.tsx'
import { EmptyState, ErrorState, ListSkeleton } from '../../templates/states.tsx'
import { ReviewRow } from './review-row.tsx'
import '../catalogue/catalogue.css'

/** What one has to keep or revoke, campaign by campaign, soonest due first. */
export function ReviewsPage() {
  const { t, date, ago } = useText()
  const { data, error, isPending, refetch } = useReviews()
  const campaigns = [...new Set((data ?? []).map(({ campaignId }) => campaignId))]
  return (
    <ListPage width="reading" title={t('review.mine')} lead={t('review.mine.lead')}>
      {isPending ? <ListSkeleton rows={4} /> : null}
      {error ? <ErrorState error={error} onRetry={() => void refetch()} /> : null}
      {data?.length === 0 ? <EmptyState icon={<IconCircleCheck size={26} stroke={1.5} />} title={t('review.mine.empty')} /> : null}
      {campaigns.map((campaignId) => {
        const items = (data ?? []).filter((item) => item.campaignId === campaignId)
        const [first] = items
        if (!first) return null
        const open = items.filter(({ decision }) => decision === null).length
        return (
          <Panel
            key={campaignId}
            isFlush
            className="panel-listed"
            title={first.campaignName}
            aside={
              <Text size="sm" c="dimmed" title={date(first.dueAt)}>
                {open === 0 ? t('review.allDone') : t('review.left', { count: open, due: ago(first.dueAt) })}
              </Text>
            }
          >
            {items.map((item) => (
              <ReviewRow key={item.grant.id} item={item} />
            ))}
          </Panel>
        )
      })}
    </ListPage>
  )
}
