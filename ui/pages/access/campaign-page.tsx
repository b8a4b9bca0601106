import { Badge, Text } from '@mantine/core'
import { Link, useParams } from '@tanstack/react-router'
import { useCampaign } from '../../client/catalogue.ts'
import { useText } from '../../i18n/index.ts'
import { PageHeader, Panel } from '../../templates/page.tsx'
import { RecordPage } from '../../templates/record-page.tsx'
import { PageFailure, RecordSkeleton } from '../../templates/states.tsx'
import { CampaignProgress, campaignColours } from './campaigns-page.tsx'
import { ReviewRow } from './review-row.tsx'
import '../catalogue/catalogue.css'

/** One campaign: its progress by owner, and every right with what was decided about it, by whom, when. */
export function CampaignPage() {
  const { t, dateTime } = useText()
  const { id } = useParams({ from: '/app/access/campaigns/$id' })
  const { data, error, isPending, refetch } = useCampaign(id)
  if (isPending) return <RecordSkeleton />
  if (error) return <PageFailure error={error} onRetry={() => void refetch()} />
  const { campaign, items } = data
  const aside = (
    <Panel title={t('review.progress')}>
      <CampaignProgress campaign={campaign} />
      <dl className="properties">
        <div className="property">
          <dt>{t('review.due')}</dt>
          <dd className="num">{dateTime(campaign.dueAt)}</dd>
        </div>
        <div className="property">
          <dt>{t('review.graceUntil')}</dt>
          <dd className="num">{dateTime(campaign.graceUntil)}</dd>
        </div>
        <div className="property">
          <dt>{t('review.unanswered')}</dt>
          <dd>{t(`review.unanswered.${campaign.unanswered}`)}</dd>
        </div>
        {campaign.owners.map((owner) => (
          <div className="property" key={owner.id}>
            <dt>{owner.name}</dt>
            <dd className="num">
              {owner.answered} / {owner.total}
            </dd>
          </div>
        ))}
      </dl>
    </Panel>
  )
  return (
    <RecordPage
      isAsideFirst
      header={
        <PageHeader
          title={campaign.name}
          lead={t('review.startedBy', { name: campaign.startedBy.name, date: dateTime(campaign.startedAt) })}
          crumbs={
            <Link to="/access/campaigns" className="plain">
              {t('review.campaigns')}
            </Link>
          }
          actions={<Badge color={campaignColours[campaign.state]}>{t(`review.state.${campaign.state}`)}</Badge>}
        />
      }
      aside={aside}
    >
      <Panel isFlush>
        {items.map((item) => (
          <ReviewRow key={item.grant.id} item={item} hasReviewer />
        ))}
        {items.length === 0 ? <Text p="md">{t('review.campaigns.empty')}</Text> : null}
      </Panel>
    </RecordPage>
  )
}
