import { Text } from '@mantine/core'
import { IconLock, IconMessageCircle } from '@tabler/icons-react'
import type { MessageView } from '#schema/view'
import { useMessages } from '../../client/tickets.ts'
import { PersonAvatar } from '../../components/person.tsx'
import { FileChips } from '../../form/file-field.tsx'
import { useText } from '../../i18n/index.ts'
import { Panel } from '../../templates/page.tsx'
import { EmptyState, ErrorState, ListSkeleton } from '../../templates/states.tsx'

/** Mail is shown as text only: its HTML never enters the page. */
function Message({ message, isMine }: { message: MessageView; isMine: boolean }) {
  const { t, tOr, dateTime, ago } = useText()
  const isByDesk = message.author?.id === 'system'
  const author = isByDesk ? 'Guichet' : (message.author?.name ?? message.authorAddress ?? t('ticket.author.unknown'))
  const isNote = message.visibility === 'internal'
  return (
    <li className={`message ${isNote ? 'message-note' : isMine ? 'message-mine' : ''}`}>
      <PersonAvatar name={author} size={34} />
      <article className="message-body">
        <header className="message-head">
          <Text span fw={650} size="sm">
            {author}
          </Text>
          {isNote ? (
            <span className="message-tag">
              <IconLock size={12} aria-hidden />
              {t('ticket.internal')}
            </span>
          ) : null}
          <Text span size="xs" c="dimmed" ml="auto" title={dateTime(message.at)}>
            {ago(message.at)}
            {isByDesk ? '' : ` · ${tOr(`channel.${message.channel}`, message.channel)}`}
          </Text>
        </header>
        <div className="prose message-text">{message.text}</div>
        <FileChips files={message.attachments} />
      </article>
    </li>
  )
}

export interface ConversationProps {
  ticketId: string
  /** Messages of this direction are the reader's side. */
  ownDirection: 'in' | 'out'
  /** Shown first, unless a message already says the same (a report on the portal is its own first message). */
  description: string
}

export function Conversation({ ticketId, ownDirection, description }: ConversationProps) {
  const { t } = useText()
  const { data, error, isPending, refetch } = useMessages(ticketId)
  if (isPending) return <ListSkeleton rows={3} />
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} isSmall />
  const isSaid = description.trim() === '' || data.some((message) => message.text.trim() === description.trim())
  const opening = isSaid ? null : (
    <Panel title={t('ticket.description')}>
      <div className="prose">{description}</div>
    </Panel>
  )
  if (data.length === 0 && opening) return opening
  if (data.length === 0)
    return <EmptyState isSmall icon={<IconMessageCircle size={20} stroke={1.5} />} title={t('ticket.conversation.empty')} />
  return (
    <>
      {opening}
      <ol className="conversation" aria-label={t('ticket.conversation')}>
        {data.map((message) => (
          <Message key={message.id} message={message} isMine={message.direction === ownDirection} />
        ))}
      </ol>
    </>
  )
}
