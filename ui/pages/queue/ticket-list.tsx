import { Badge } from '@mantine/core'
import { IconAlertTriangle, IconFlame } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useRef } from 'react'
import type { TicketRow } from '#schema/view'
import { ClockChip, PriorityMark, StatusBadge } from '../../components/badges.tsx'
import { PersonTag } from '../../components/person.tsx'
import { useText } from '../../i18n/index.ts'

const rowHeight = 62
const narrowRowHeight = 104

function Row({ row, isChosen, height, top, index }: { row: TicketRow; isChosen: boolean; height: number; top: number; index: number }) {
  const { t, ago, dateTime } = useText()
  return (
    <li className="queue-row" data-index={index} data-chosen={isChosen || undefined} style={{ height, transform: `translateY(${top}px)` }}>
      <Link to="/tickets/$id" params={{ id: row.number }} className="queue-link" data-ticket={row.number}>
        <PriorityMark priority={row.priority} withWord={false} />
        <span className="queue-words">
          <span className="queue-title truncate">
            {row.isStalled ? <IconAlertTriangle size={15} className="queue-stalled" aria-label={t('queue.stalled')} /> : null}
            {row.isMajor ? <IconFlame size={15} className="queue-stalled" aria-label={t('major.title')} /> : null}
            {row.title}
          </span>
          <span className="queue-sub truncate">
            <span className="mono">{row.number}</span> · {row.requester.name}
            {row.isVip ? ` (${t('ticket.vip')})` : ''} · {t(`channel.${row.channel}`)}
            {row.isImported ? ` · ${t('queue.imported')}` : ''}
          </span>
        </span>
        <span className="queue-status">
          <StatusBadge status={row.status} />
        </span>
        <span className="queue-group truncate">{row.group?.name ?? ''}</span>
        <span className="queue-assignee">
          <PersonTag person={row.assignee} size={22} none={t('queue.unassigned')} />
        </span>
        <span className="queue-clock">{row.nextClock ? <ClockChip clock={row.nextClock} /> : null}</span>
        <span className="queue-time num" title={dateTime(row.updatedAt)}>
          {ago(row.updatedAt)}
        </span>
      </Link>
    </li>
  )
}

export interface TicketListProps {
  rows: TicketRow[]
  chosen: number
  isNarrow: boolean
  hasMore: boolean
  isFetching: boolean
  onMore: () => void
}

/** The queue itself: only the rows in sight are in the page. */
export function TicketList({ rows, chosen, isNarrow, hasMore, isFetching, onMore }: TicketListProps) {
  const { t } = useText()
  const parent = useRef<HTMLDivElement>(null)
  const height = isNarrow ? narrowRowHeight : rowHeight
  const virtual = useVirtualizer({ count: rows.length, getScrollElement: () => parent.current, estimateSize: () => height, overscan: 12 })
  useEffect(() => {
    if (chosen >= 0) virtual.scrollToIndex(chosen, { align: 'auto' })
  }, [chosen, virtual])
  const shown = virtual.getVirtualItems()
  const last = shown.at(-1)?.index ?? 0
  useEffect(() => {
    if (hasMore && !isFetching && last >= rows.length - 15) onMore()
  }, [hasMore, isFetching, last, rows.length, onMore])
  return (
    <div ref={parent} className="queue-scroll">
      <ol className="queue-list" style={{ height: virtual.getTotalSize() }} aria-label={t('queue.list')}>
        {shown.map((item) => {
          const row = rows[item.index]
          return row ? (
            <Row key={row.id} row={row} index={item.index} isChosen={item.index === chosen} height={item.size} top={item.start} />
          ) : null
        })}
      </ol>
      {isFetching && hasMore ? (
        <Badge variant="light" className="queue-more">
          {t('common.loading')}
        </Badge>
      ) : null}
    </div>
  )
}
