import { Badge, Button, Modal, MultiSelect, NumberInput, Progress, SegmentedControl, Stack, Text, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconChecklist, IconPlus } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { CampaignView } from '#schema/access'
import { useCampaigns, useEntitlements, useStartCampaign } from '../../client/catalogue.ts'
import { isProblem } from '../../client/http.ts'
import { hasRole, usePerson } from '../../client/session.ts'
import { useText } from '../../i18n/index.ts'
import { ListPage } from '../../templates/list-page.tsx'
import { notifyDone } from '../../templates/notify.tsx'
import { EmptyState, ErrorState, ListSkeleton } from '../../templates/states.tsx'
import '../catalogue/catalogue.css'

export const campaignColours = { open: 'petrol', overdue: 'coral', closed: 'gray' } as const

/** How much of a campaign is kept, revoked, still open. */
export function CampaignProgress({ campaign }: { campaign: CampaignView }) {
  const { t } = useText()
  const part = (count: number): number => (campaign.total === 0 ? 0 : (count / campaign.total) * 100)
  return (
    <div>
      <Progress.Root size="lg" aria-label={t('review.progress')}>
        <Progress.Section value={part(campaign.kept)} color="moss" aria-label={t('review.kept')} />
        <Progress.Section value={part(campaign.revoked)} color="coral" aria-label={t('review.revoked')} />
      </Progress.Root>
      <Text size="xs" c="dimmed" mt={4} className="num">
        {t('review.counts', { kept: campaign.kept, revoked: campaign.revoked, waiting: campaign.waiting, byPolicy: campaign.byPolicy })}
      </Text>
    </div>
  )
}

const inTwoWeeks = (): string => new Date(Date.now() + 14 * 86_400_000).toISOString().slice(0, 16)

function StartDialog({ onClose }: { onClose: () => void }) {
  const { t } = useText()
  const start = useStartCampaign()
  const entitlements = useEntitlements().data ?? []
  const [draft, setDraft] = useState({
    name: '',
    entitlementIds: [] as string[],
    dueAt: inTwoWeeks(),
    graceDays: 5,
    unanswered: 'revoke' as 'revoke' | 'keep',
  })
  const errors = isProblem(start.error)
    ? Object.fromEntries((start.error.problem.errors ?? []).map(({ path, message }) => [path.split('.')[0] ?? '', message]))
    : {}
  const send = (): void =>
    start.mutate(
      { ...draft, dueAt: new Date(draft.dueAt).toISOString() },
      {
        onSuccess: () => {
          notifyDone(t('review.started'), draft.name)
          onClose()
        },
      },
    )
  return (
    <Modal opened onClose={onClose} title={t('review.start')}>
      <Stack gap="sm">
        <TextInput
          label={t('review.name')}
          required
          data-autofocus
          value={draft.name}
          error={errors.name}
          onChange={(event) => setDraft({ ...draft, name: event.currentTarget.value })}
        />
        <MultiSelect
          label={t('review.scope')}
          description={t('review.scope.hint')}
          searchable
          clearable
          error={errors.entitlementIds}
          data={entitlements.map(({ id, name, holders }) => ({ value: id, label: `${name} (${holders})` }))}
          value={draft.entitlementIds}
          onChange={(entitlementIds) => setDraft({ ...draft, entitlementIds })}
        />
        <TextInput
          type="datetime-local"
          label={t('review.due')}
          required
          value={draft.dueAt}
          error={errors.dueAt}
          onChange={(event) => setDraft({ ...draft, dueAt: event.currentTarget.value })}
        />
        <NumberInput
          label={t('review.grace')}
          description={t('review.grace.hint')}
          min={0}
          max={90}
          value={draft.graceDays}
          error={errors.graceDays}
          onChange={(value) => setDraft({ ...draft, graceDays: Number(value) || 0 })}
        />
        <div>
          <Text size="sm" fw={500} mb={4}>
            {t('review.unanswered')}
          </Text>
          <SegmentedControl
            fullWidth
            aria-label={t('review.unanswered')}
            value={draft.unanswered}
            onChange={(unanswered) => setDraft({ ...draft, unanswered: unanswered as 'revoke' | 'keep' })}
            data={(['revoke', 'keep'] as const).map((value) => ({ value, label: t(`review.unanswered.${value}`) }))}
          />
        </div>
        {start.error && Object.keys(errors).length === 0 ? <ErrorState error={start.error} isSmall /> : null}
        <Button loading={start.isPending} disabled={draft.name.trim() === '' || draft.dueAt === ''} onClick={send}>
          {t('review.start')}
        </Button>
      </Stack>
    </Modal>
  )
}

/** Recertification campaigns and how far each is. */
export function CampaignsPage() {
  const { t, date } = useText()
  const person = usePerson()
  const { data, error, isPending, refetch } = useCampaigns()
  const [isStarting, dialog] = useDisclosure(false)
  return (
    <ListPage
      title={t('review.campaigns')}
      lead={t('review.campaigns.lead')}
      actions={
        hasRole(person, 'processOwner', 'administrator') ? (
          <Button leftSection={<IconPlus size={16} />} onClick={dialog.open}>
            {t('review.start')}
          </Button>
        ) : undefined
      }
    >
      {isPending ? <ListSkeleton rows={3} /> : null}
      {error ? <ErrorState error={error} onRetry={() => void refetch()} /> : null}
      {data?.length === 0 ? (
        <EmptyState
          icon={<IconChecklist size={26} stroke={1.5} />}
          title={t('review.campaigns.empty')}
          hint={t('review.campaigns.empty.hint')}
        />
      ) : null}
      <div className="item-cards">
        {(data ?? []).map((campaign) => (
          <Link key={campaign.id} to="/access/campaigns/$id" params={{ id: campaign.id }} className="panel plain">
            <div className="panel-head">
              <strong>{campaign.name}</strong>
              <Badge color={campaignColours[campaign.state]}>{t(`review.state.${campaign.state}`)}</Badge>
            </div>
            <Text size="sm" c="dimmed" mb="sm">
              {campaign.endedAt
                ? t('review.endedOn', { date: date(campaign.endedAt) })
                : t('review.dueOn', { date: date(campaign.state === 'overdue' ? campaign.graceUntil : campaign.dueAt) })}
            </Text>
            <CampaignProgress campaign={campaign} />
          </Link>
        ))}
      </div>
      {isStarting ? <StartDialog onClose={dialog.close} /> : null}
    </ListPage>
  )
}
