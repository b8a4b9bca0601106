import { Badge, Button, CopyButton, Group, Modal, Text } from '@mantine/core'
import { IconCopy, IconPencil, IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import type { Desk } from '#schema/desk'
import { type DeskRow, useDesks } from '../../client/desks.ts'
import { useGroups } from '../../client/administration.ts'
import { useText } from '../../i18n/index.ts'
import { ListPage } from '../../templates/list-page.tsx'
import { ErrorState, ListSkeleton } from '../../templates/states.tsx'
import { DeskForm } from './desk-form.tsx'
import '../../styles/desks.css'

/** Only what a desk is, without what the list adds. */
const plain = ({
  id,
  type,
  name,
  isDefault,
  isActive,
  channels,
  kinds,
  groupIds,
  mailAddresses,
  phoneNumbers,
  calendarId,
}: DeskRow): Desk => ({
  id,
  type,
  name,
  isDefault,
  isActive,
  channels,
  kinds,
  groupIds,
  mailAddresses,
  phoneNumbers,
  calendarId,
})

function DeskCard({ desk, onEdit }: { desk: DeskRow; onEdit: () => void }) {
  const { t, locale } = useText()
  const groups = useGroups().data ?? []
  const nameOf = (id: string) => groups.find((group) => group.id === id)?.name ?? id
  const all = t('desks.all')
  const rows: [string, string][] = [
    [t('desks.channels'), desk.channels.map((channel) => t(`channel.${channel}`)).join(', ') || all],
    [t('desks.kinds'), desk.kinds.map((kind) => t(`kind.${kind}`)).join(', ') || all],
    [t('desks.groups'), desk.groupIds.map(nameOf).join(', ') || t('common.none')],
    [t('desks.mail'), desk.mailAddresses.join(', ') || t('common.none')],
    [t('desks.phones'), desk.phoneNumbers.join(', ') || t('common.none')],
  ]
  return (
    <section className="panel desk-card" aria-label={desk.name[locale]}>
      <Group justify="space-between" align="flex-start" wrap="nowrap" gap="sm">
        <div>
          <Text fw={650}>{desk.name[locale]}</Text>
          <Text size="sm" c="dimmed">
            {desk.typeName} · {t('desks.open', { count: desk.openTickets })}
          </Text>
        </div>
        <Button size="compact-sm" variant="default" leftSection={<IconPencil size={14} />} onClick={onEdit}>
          {t('desks.change')}
        </Button>
      </Group>
      <Group gap={6}>
        {desk.isDefault ? <Badge>{t('desks.default.badge')}</Badge> : null}
        {desk.isActive ? null : <Badge color="gray">{t('desks.closed')}</Badge>}
        {desk.hasOnSiteTasks ? null : (
          <Badge color="coral" variant="light">
            {t('desks.rule.noOnSite')}
          </Badge>
        )}
      </Group>
      <dl className="desk-facts">
        {rows.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {desk.kioskUrl ? (
        <CopyButton value={desk.kioskUrl}>
          {({ copied, copy }) => (
            <Button size="compact-sm" variant="subtle" leftSection={<IconCopy size={14} />} onClick={copy}>
              {copied ? t('common.copied') : t('desks.kiosk')}
            </Button>
          )}
        </CopyButton>
      ) : null}
    </section>
  )
}

export function DesksPage() {
  const { t, locale } = useText()
  const { data, error, isPending, refetch } = useDesks()
  const [edited, setEdited] = useState<DeskRow | 'new' | null>(null)
  return (
    <ListPage
      title={t('desks.title')}
      lead={t('desks.lead')}
      actions={
        <Button leftSection={<IconPlus size={16} />} onClick={() => setEdited('new')}>
          {t('desks.add')}
        </Button>
      }
    >
      {isPending ? <ListSkeleton /> : null}
      {error ? <ErrorState error={error} onRetry={() => void refetch()} /> : null}
      <div className="desk-cards">
        {(data ?? []).map((desk) => (
          <DeskCard key={desk.id} desk={desk} onEdit={() => setEdited(desk)} />
        ))}
      </div>
      <Modal
        opened={edited !== null}
        onClose={() => setEdited(null)}
        size="lg"
        title={edited === 'new' || edited === null ? t('desks.add') : t('desks.edit', { name: edited.name[locale] })}
        closeButtonProps={{ 'aria-label': t('common.close') }}
      >
        {edited ? <DeskForm desk={edited === 'new' ? null : plain(edited)} onDone={() => setEdited(null)} /> : null}
      </Modal>
    </ListPage>
  )
}
