import { ActionIcon, Badge, Button, CopyButton, Group, Menu, Title, Tooltip } from '@mantine/core'
import { useDocumentTitle } from '@mantine/hooks'
import { IconArrowLeft, IconCheck, IconCopy, IconDownload } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { TicketView } from '#schema/view'
import { exportAddress } from '../../client/tickets.ts'
import { ClockChip, PriorityMark, StatusBadge } from '../../components/badges.tsx'
import { PersonTag } from '../../components/person.tsx'
import { useText } from '../../i18n/index.ts'

/** Number, title, state, priority, who has it, and the clocks that count down. */
export function TicketHeader({ ticket }: { ticket: TicketView }) {
  const { t, ago } = useText()
  useDocumentTitle(`${ticket.number} ${ticket.title} · Guichet`)
  const live = ticket.clocks.filter(
    (clock) => clock.kind === 'sla' && clock.stoppedAt === null && clock.state !== 'canceled' && clock.state !== 'met',
  )
  return (
    <header className="ticket-header">
      <Group gap={6} className="ticket-crumb">
        <Tooltip label={t('nav.queue')}>
          <ActionIcon component={Link} to="/queue" variant="subtle" color="gray" size="sm" aria-label={t('nav.queue')}>
            <IconArrowLeft size={16} />
          </ActionIcon>
        </Tooltip>
        <span className="mono ticket-number">{ticket.number}</span>
        <CopyButton value={ticket.number}>
          {({ copied, copy }) => (
            <ActionIcon variant="subtle" color="gray" size="sm" onClick={copy} aria-label={copied ? t('common.copied') : t('common.copy')}>
              {copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
            </ActionIcon>
          )}
        </CopyButton>
        <span className="ticket-origin">
          {t('ticket.requestedBy', { name: ticket.requester.name })} · {t(`channel.${ticket.channel}`)} · {ago(ticket.openedAt)}
        </span>
        <Menu position="bottom-end" shadow="md">
          <Menu.Target>
            <Button variant="subtle" color="gray" size="compact-xs" ml="auto" leftSection={<IconDownload size={14} />}>
              {t('ticket.export')}
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item component="a" href={exportAddress(ticket.id, 'csv')} download>
              {t('ticket.export.csv')}
            </Menu.Item>
            <Menu.Item component="a" href={exportAddress(ticket.id, 'json')} download>
              {t('ticket.export.json')}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </Group>
      <Title order={1}>{ticket.title}</Title>
      <Group gap="sm" mt={10} className="ticket-facts">
        <StatusBadge status={ticket.status} size="lg" />
        {ticket.isMajor ? <Badge color="coral">{t('major.title')}</Badge> : null}
        {ticket.isVip ? <Badge color="amber">{t('ticket.vip')}</Badge> : null}
        {ticket.isStalled ? <Badge color="coral">{t('queue.stalled')}</Badge> : null}
        {ticket.isImported ? <Badge color="gray">{t('queue.imported')}</Badge> : null}
        <PriorityMark priority={ticket.priority} />
        <span className="ticket-sep" aria-hidden />
        <PersonTag person={ticket.assignee} none={t('queue.unassigned')} />
        {ticket.group ? <span className="ticket-group">{ticket.group.name}</span> : null}
        {live.length > 0 ? <span className="ticket-sep" aria-hidden /> : null}
        {live.map((clock) => (
          <ClockChip key={clock.clockId} clock={clock} withMetric />
        ))}
      </Group>
    </header>
  )
}
