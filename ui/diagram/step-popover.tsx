import { Badge, CloseButton, Divider, Group, Loader, Paper, Stack, Text } from '@mantine/core'
import { useEffect, useRef } from 'react'
import { useFacts } from '../client/index.ts'
import { useText } from '../i18n/index.ts'
import { factWords } from '../pages/ticket/fact-words.ts'
import { useNames } from '../pages/ticket/use-names.ts'
import { type Step, stepColour } from './progress.ts'

interface Props {
  ticketId: string
  viewer: BpmnViewer
  element: DiagramElement
  step: Step | undefined
  onClose: () => void
}

/** What happened at one element: passes, time spent, and the facts recorded there. */
export function StepPopover({ ticketId, viewer, element, step, onClose }: Props) {
  const { t, tOr, span } = useText()
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => place(viewer, element, box.current), [viewer, element])
  const name = element.businessObject.get('name')
  const documentation = (element.businessObject.get('documentation') as ModdleElement[] | undefined)?.[0]?.get('text')
  return (
    <Paper
      ref={box}
      className="gx-popover"
      shadow="lg"
      withBorder
      p="sm"
      radius="md"
      role="dialog"
      aria-label={String(name ?? element.id)}
      onClick={(event) => event.stopPropagation()}
    >
      <Group justify="space-between" align="flex-start" wrap="nowrap" gap="xs">
        <Text fw={600} size="sm">
          {typeof name === 'string' && name !== '' ? name : tOr(`diagram.kind.${element.type.slice(5)}`, element.type.slice(5))}
        </Text>
        <CloseButton size="sm" onClick={onClose} aria-label={t('diagram.close')} />
      </Group>
      {typeof documentation === 'string' && (
        <Text size="xs" c="dimmed" mb={4}>
          {documentation}
        </Text>
      )}
      {step ? (
        <Group gap={6} mt={4}>
          <Badge
            variant="light"
            color={{ active: 'coral', passed: 'petrol', terminated: 'amber', stalled: 'red', moved: 'grape' }[stepColour(step)]}
          >
            {t(`diagram.state.${stepColour(step)}`)}
          </Badge>
          <Text size="xs">{t('diagram.passes', { count: step.passed + step.tokens })}</Text>
          {step.spentMs > 0 && <Text size="xs">{t('diagram.spent', { time: span(step.spentMs) })}</Text>}
        </Group>
      ) : (
        <Text size="xs" c="dimmed">
          {t('diagram.notReached')}
        </Text>
      )}
      {step && <ElementFacts ticketId={ticketId} elementId={element.id} />}
    </Paper>
  )
}

function ElementFacts({ ticketId, elementId }: { ticketId: string; elementId: string }) {
  const texts = useText()
  const { t, dateTime } = texts
  const nameOf = useNames()
  const facts = useFacts(ticketId)
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = facts
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage()
  }, [hasNextPage, isFetchingNextPage, fetchNextPage])
  if (facts.isPending) return <Loader size="xs" mt="xs" />
  if (facts.isError) return null
  const here = facts.data.pages.flatMap((page) => page.items).filter((fact) => fact.elementId === elementId)
  return (
    <>
      <Divider my="xs" />
      <Stack gap={6}>
        {here.slice(-30).map((fact) => (
          <div key={fact.sequence}>
            <Text size="xs">{factWords(fact, texts, nameOf).text}</Text>
            <Text size="xs" c="dimmed">
              {dateTime(fact.at)} · {fact.actor.name}
            </Text>
          </div>
        ))}
        {here.length === 0 && (
          <Text size="xs" c="dimmed">
            {t('diagram.noFacts')}
          </Text>
        )}
      </Stack>
    </>
  )
}

/** Beside the element where there is room, inside the frame always. */
function place(viewer: BpmnViewer, element: DiagramElement, box: HTMLElement | null): void {
  const frame = box?.parentElement
  if (!box || !frame) return
  const at = viewer.get('canvas').getGraphics(element).getBoundingClientRect()
  const within = frame.getBoundingClientRect()
  const right = at.right - within.left + 12
  const left = at.left - within.left - box.offsetWidth - 12
  const x = right + box.offsetWidth + 8 <= within.width ? right : Math.max(8, left)
  const y = Math.min(Math.max(8, at.top - within.top), Math.max(8, within.height - box.offsetHeight - 8))
  box.style.left = `${x}px`
  box.style.top = `${y}px`
}
