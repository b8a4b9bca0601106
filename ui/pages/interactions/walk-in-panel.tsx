import { Button, Group, Text } from '@mantine/core'
import { IconBellRinging } from '@tabler/icons-react'
import { type ContactRow, type DeskRow, useCallNext, useWalkIns } from '../../client/desks.ts'
import { useText } from '../../i18n/index.ts'
import { notifyDone, notifyProblem } from '../../templates/notify.tsx'
import { Panel } from '../../templates/page.tsx'

/** Who waits at the counter; the next one is called, and the contact opens to be noted. */
export function WalkInPanel({ desk, onCalled }: { desk: DeskRow; onCalled: (contact: ContactRow) => void }) {
  const { t, locale, span, ago } = useText()
  const { data } = useWalkIns(desk.id)
  const next = useCallNext(desk.id)
  if (!data || (data.waiting.length === 0 && data.called.length === 0)) return null
  const callNext = (): void =>
    next.mutate(undefined, {
      onSuccess: (contact) => {
        notifyDone(t('walkIn.called', { number: contact.visitNumber ?? '' }))
        onCalled(contact)
      },
      onError: (problem) => notifyProblem(problem, t),
    })
  return (
    <Panel
      title={t('walkIn.title', { name: desk.name[locale] })}
      aside={
        <Button
          className="walk-in-next"
          size="xs"
          leftSection={<IconBellRinging size={15} />}
          disabled={data.waiting.length === 0}
          loading={next.isPending}
          onClick={callNext}
        >
          {t('walkIn.next')}
        </Button>
      }
    >
      <Text size="sm" c="dimmed" mb={4}>
        {data.waiting.length === 0 ? t('walkIn.nobody') : t('walkIn.waiting', { count: data.waiting.length })}
      </Text>
      <Group gap="xs">
        {data.waiting.slice(0, 8).map((visit) => (
          <span key={visit.id} className="visit" title={`${visit.subject} · ${ago(visit.since)}`}>
            <strong className="mono">{visit.number}</strong> {visit.subject} · {span(visit.estimatedWaitMs)}
          </span>
        ))}
      </Group>
    </Panel>
  )
}
