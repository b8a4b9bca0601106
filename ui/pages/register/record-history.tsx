import { Button, Text } from '@mantine/core'
import { IconArrowRight } from '@tabler/icons-react'
import type { Noun } from '#schema/noun'
import type { RecordChangeView } from '#schema/record'
import { useRecordHistory } from '../../client/records.ts'
import { useText } from '../../i18n/index.ts'
import { ErrorState, ListSkeleton } from '../../templates/states.tsx'
import { FieldValue } from './field-value.tsx'

function Change({ noun, change }: { noun: Noun; change: RecordChangeView }) {
  const { t, locale, dateTime } = useText()
  const field = noun.fields[change.field]
  const isArchiving = change.field === 'archivedAt'
  return (
    <li className="change">
      <Text size="xs" c="dimmed" className="num">
        {dateTime(change.at)} · {change.actor.name}
      </Text>
      <div className="change-words">
        {isArchiving ? (
          <strong>{t(change.to === null ? 'register.restored' : 'register.archived')}</strong>
        ) : (
          <>
            <strong>{field?.label[locale] ?? change.field}</strong>
            {field && change.from !== null ? (
              <>
                <span className="change-from">
                  <FieldValue name="" field={field} value={change.from} names={change.names} isShort />
                </span>
                <IconArrowRight size={14} aria-label={t('register.becomes')} />
              </>
            ) : null}
            {field ? <FieldValue name="" field={field} value={change.to} names={change.names} isShort /> : String(change.to)}
          </>
        )}
      </div>
    </li>
  )
}

/** Who changed what when, newest first. */
export function RecordHistory({ noun, id }: { noun: Noun; id: string }) {
  const { t } = useText()
  const { data, error, isPending, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = useRecordHistory(noun.path, id)
  if (isPending) return <ListSkeleton rows={3} />
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} isSmall />
  const changes = data.pages.flatMap((page) => page.items)
  return (
    <>
      <ol className="changes">
        {changes.map((change) => (
          <Change key={change.sequence} noun={noun} change={change} />
        ))}
      </ol>
      {hasNextPage ? (
        <Button variant="subtle" size="xs" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t('common.loadMore')}
        </Button>
      ) : null}
    </>
  )
}
