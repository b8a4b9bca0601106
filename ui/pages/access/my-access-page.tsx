import { Button, Group, Modal, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { IconKey } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { GrantView } from '#schema/access'
import { useExtend, useMyAccess } from '../../client/catalogue.ts'
import { isProblem } from '../../client/http.ts'
import { useText } from '../../i18n/index.ts'
import { ListPage } from '../../templates/list-page.tsx'
import { notifyDone } from '../../templates/notify.tsx'
import { Panel } from '../../templates/page.tsx'
import { EmptyState, ErrorState, ListSkeleton } from '../../templates/states.tsx'
import { GrantStateBadge } from './grant-state.tsx'
import '../catalogue/catalogue.css'

function ExtendDialog({ grant, onClose }: { grant: GrantView; onClose: () => void }) {
  const { t } = useText()
  const extend = useExtend()
  const [until, setUntil] = useState('')
  const [reason, setReason] = useState('')
  const errors = isProblem(extend.error) ? extend.error.fieldErrors() : {}
  const send = (): void =>
    extend.mutate(
      { grantId: grant.id, expiresAt: until === '' ? '' : new Date(until).toISOString(), reason },
      {
        onSuccess: () => {
          notifyDone(t('access.extend.sent'), grant.entitlement.name)
          onClose()
        },
      },
    )
  return (
    <Modal opened onClose={onClose} title={t('access.extend.title', { name: grant.entitlement.name })}>
      <Stack gap="sm">
        <TextInput
          type="datetime-local"
          label={t('access.extend.until')}
          required
          value={until}
          error={errors.expiresAt}
          onChange={(event) => setUntil(event.currentTarget.value)}
        />
        <Textarea
          label={t('access.reason')}
          required
          autosize
          minRows={2}
          value={reason}
          error={errors.reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        {extend.error && Object.keys(errors).length === 0 ? <ErrorState error={extend.error} isSmall /> : null}
        <Button loading={extend.isPending} disabled={until === '' || reason.trim() === ''} onClick={send}>
          {t('access.extend.send')}
        </Button>
      </Stack>
    </Modal>
  )
}

/** One's own rights: since when, why, until when; and the way to keep one for longer. */
export function MyAccessPage() {
  const { t, date } = useText()
  const { data, error, isPending, refetch } = useMyAccess()
  const [extending, setExtending] = useState<GrantView | null>(null)
  return (
    <ListPage width="reading" title={t('access.mine')} lead={t('access.mine.lead')}>
      {isPending ? <ListSkeleton rows={4} /> : null}
      {error ? <ErrorState error={error} onRetry={() => void refetch()} /> : null}
      {data?.length === 0 ? (
        <EmptyState
          icon={<IconKey size={26} stroke={1.5} />}
          title={t('access.mine.empty')}
          action={
            <Button component={Link} to="/portal/catalogue">
              {t('catalogue.browse')}
            </Button>
          }
        />
      ) : null}
      {data && data.length > 0 ? (
        <Panel isFlush>
          {data.map((grant) => (
            <div key={grant.id} className="review-row">
              <div>
                <Text fw={600}>{grant.entitlement.name}</Text>
                <Text size="sm" c="dimmed">
                  {t('access.since', { date: date(grant.grantedAt), name: grant.grantedBy.name })}
                  {grant.reason === '' ? '' : ` · ${grant.reason}`}
                </Text>
              </div>
              <Group gap="sm">
                <GrantStateBadge grant={grant} />
                {grant.state === 'active' && grant.expiresAt ? (
                  <Button size="xs" variant="default" onClick={() => setExtending(grant)}>
                    {t('access.extend')}
                  </Button>
                ) : null}
              </Group>
            </div>
          ))}
        </Panel>
      ) : null}
      {extending ? <ExtendDialog grant={extending} onClose={() => setExtending(null)} /> : null}
    </ListPage>
  )
}
