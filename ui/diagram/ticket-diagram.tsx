import { Alert, Skeleton, Stack, Text } from '@mantine/core'
import { IconRouteOff } from '@tabler/icons-react'
import { lazy, Suspense } from 'react'
import { useDiagram } from '../client/index.ts'
import { useText } from '../i18n/index.ts'
import { MoveToken } from './move-token.tsx'
import { problemText } from './words.ts'
import './diagram.css'

/** bpmn-js comes only with the first diagram that is looked at. */
const DiagramCanvas = lazy(() => import('./diagram-canvas.tsx'))

/** A ticket's own diagram: where it is, where it has been, and how long each step took. Follows the ticket live. */
export function TicketDiagram({ ticketId, height = 460 }: { ticketId: string; height?: number }) {
  const { t } = useText()
  const diagram = useDiagram(ticketId)
  if (diagram.isPending) return <Skeleton height={height} radius="md" role="status" aria-label={t('diagram.loading')} />
  if (diagram.isError) {
    return (
      <Alert color="gray" icon={<IconRouteOff size={18} />} title={t('diagram.unavailable')}>
        <Stack gap={4}>
          <Text size="sm">{problemText(diagram.error, t)}</Text>
        </Stack>
      </Alert>
    )
  }
  return (
    <Suspense fallback={<Skeleton height={height} radius="md" role="status" aria-label={t('diagram.loading')} />}>
      <MoveToken ticketId={ticketId} />
      <DiagramCanvas ticketId={ticketId} view={diagram.data} askedAt={diagram.dataUpdatedAt} height={height} />
    </Suspense>
  )
}
