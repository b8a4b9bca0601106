import { ActionIcon, Badge, Button, Group, Stack, Text, Textarea } from '@mantine/core'
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { CabDecision } from '#schema/change'
import type { AgendaItemView, MeetingDetailView } from '#schema/change-view'
import { useDecide, useEditMinutes } from '../../client/changes.ts'
import { isProblem } from '../../client/http.ts'
import { useText } from '../../i18n/index.ts'
import { notifyDone, notifyProblem } from '../../templates/notify.tsx'
import { Panel } from '../../templates/page.tsx'
import { RiskBadge, Span } from './change-marks.tsx'

const decisionColors = { approved: 'moss', rejected: 'coral', deferred: 'amber' } as const

function DecideForm({ item, meeting, present }: { item: AgendaItemView; meeting: MeetingDetailView; present: string[] }) {
  const { t } = useText()
  const decide = useDecide(meeting.id)
  const [minutes, setMinutes] = useState('')
  const [error, setError] = useState<string | null>(null)
  const say = (decision: CabDecision): void => {
    if (minutes.trim().length < 3) {
      setError(t('common.required'))
      return
    }
    decide.mutate(
      { ticketId: item.ticketId, decision, minutes, attendeeIds: present },
      {
        onSuccess: () => notifyDone(t('cab.decided'), item.number),
        onError: (refused) => {
          if (isProblem(refused)) setError(refused.fieldErrors().attendeeIds ?? refused.fieldErrors().minutes ?? null)
          notifyProblem(refused, t)
        },
      },
    )
  }
  return (
    <Stack gap="xs" mt="sm">
      <Textarea
        label={t('cab.minutes')}
        description={t('cab.minutes.hint')}
        required
        autosize
        minRows={2}
        error={error}
        value={minutes}
        onChange={(event) => {
          setMinutes(event.currentTarget.value)
          setError(null)
        }}
      />
      <Group gap="xs">
        {CabDecision.options.map((decision) => (
          <Button
            key={decision}
            size="xs"
            variant={decision === 'approved' ? 'filled' : 'light'}
            color={decisionColors[decision]}
            loading={decide.isPending}
            onClick={() => say(decision)}
          >
            {t(`cab.decide.${decision}`)}
          </Button>
        ))}
      </Group>
    </Stack>
  )
}

function Movers({ number, onMove }: { number: string; onMove: NonNullable<ItemProps['onMove']> }) {
  const { t } = useText()
  return (
    <Group gap={2} wrap="nowrap">
      {(['up', 'down'] as const).map((way) => (
        <ActionIcon
          key={way}
          variant="subtle"
          color="gray"
          disabled={onMove[way] === null}
          aria-label={t(`cab.agenda.${way}`, { number })}
          onClick={() => onMove[way]?.()}
        >
          {way === 'up' ? <IconArrowUp size={16} /> : <IconArrowDown size={16} />}
        </ActionIcon>
      ))}
    </Group>
  )
}

/** What was said; the chair mends its words until the meeting is closed. */
function Minutes({ item, meeting, minutes }: { item: AgendaItemView; meeting: MeetingDetailView; minutes: string }) {
  const { t } = useText()
  const save = useEditMinutes(meeting.id)
  const [draft, setDraft] = useState<string | null>(null)
  if (draft === null)
    return (
      <Group align="flex-start" gap="xs" mt="xs">
        <Text size="sm" className="prose">
          {minutes}
        </Text>
        {meeting.mayDecide ? (
          <Button size="compact-xs" variant="subtle" onClick={() => setDraft(minutes)}>
            {t('cab.minutes.edit')}
          </Button>
        ) : null}
      </Group>
    )
  const send = (): void =>
    save.mutate(
      { ticketId: item.ticketId, minutes: draft },
      {
        onSuccess: () => {
          setDraft(null)
          notifyDone(t('cab.minutes.saved'), item.number)
        },
        onError: (error) => notifyProblem(error, t),
      },
    )
  return (
    <Stack gap="xs" mt="xs">
      <Textarea
        label={t('cab.minutes')}
        autosize
        minRows={2}
        data-autofocus
        value={draft}
        error={draft.trim().length < 3 ? t('form.minLength', { min: 3 }) : null}
        onChange={(event) => setDraft(event.currentTarget.value)}
      />
      <Group gap="xs">
        <Button size="xs" disabled={draft.trim().length < 3} loading={save.isPending} onClick={send}>
          {t('cab.form.save')}
        </Button>
        <Button size="xs" variant="subtle" color="gray" onClick={() => setDraft(null)}>
          {t('common.cancel')}
        </Button>
      </Group>
    </Stack>
  )
}

interface ItemProps {
  item: AgendaItemView
  meeting: MeetingDetailView
  present: string[]
  /** Moves it on the agenda by one place; null where it cannot go. */
  onMove: { up: (() => void) | null; down: (() => void) | null } | null
}

/** One change on the agenda: who asks, who votes how, what the board says of it. */
export function AgendaItem({ item, meeting, present, onMove }: ItemProps) {
  const { t, tOr } = useText()
  return (
    <Panel>
      <Group justify="space-between" gap="xs">
        <Link to="/tickets/$id" params={{ id: item.number }} search={{ tab: 'change' }} className="cab-item">
          <span className="num">{item.number}</span> {item.title}
        </Link>
        <Group gap="xs">
          <RiskBadge risk={item.risk} />
          {item.decision ? <Badge color={decisionColors[item.decision]}>{t(`cab.decision.${item.decision}`)}</Badge> : null}
          {onMove ? <Movers number={item.number} onMove={onMove} /> : null}
        </Group>
      </Group>
      <Text size="sm" c="dimmed">
        {item.requester.name}
        {item.implementer ? ` → ${item.implementer.name}` : ''} · <Span from={item.plannedStart} to={item.plannedEnd} />
      </Text>
      {item.votes.length > 0 ? (
        <Group gap={6} mt={6}>
          {item.votes.map(({ approver, decision }) => (
            <Badge key={approver.id} variant="light" color={decision === 'approved' ? 'moss' : decision === 'rejected' ? 'coral' : 'gray'}>
              {approver.name} : {tOr(`change.vote.${decision}`, decision)}
            </Badge>
          ))}
        </Group>
      ) : null}
      {item.minutes ? <Minutes key={item.minutes} item={item} meeting={meeting} minutes={item.minutes} /> : null}
      {item.isWaiting && meeting.mayDecide ? <DecideForm item={item} meeting={meeting} present={present} /> : null}
    </Panel>
  )
}
