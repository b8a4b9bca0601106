import { Alert, Badge, Group, Text } from '@mantine/core'
import { IconSnowflake } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { ChangeView } from '#schema/change-view'
import type { TicketView } from '#schema/view'
import { useChange } from '../../../client/changes.ts'
import { PersonTag } from '../../../components/person.tsx'
import { useText } from '../../../i18n/index.ts'
import { Panel } from '../../../templates/page.tsx'
import { ErrorState, ListSkeleton } from '../../../templates/states.tsx'
import { RiskBadge, TypeBadge } from '../../changes/change-marks.tsx'
import { PlanPanel } from './plan-panel.tsx'
import '../../changes/changes.css'

function RiskPanel({ change }: { change: ChangeView }) {
  const { t, number } = useText()
  const { team } = change
  const percent = (rate: number): string => number(rate, { style: 'percent', maximumFractionDigits: 0 })
  const rows: [string, React.ReactNode][] =
    change.type === 'standard'
      ? [[t('change.riskPanel.template'), <RiskBadge key="r" risk={change.risk} />]]
      : [
          [t('change.riskPanel.calculated'), <RiskBadge key="c" risk={change.riskCalculated} />],
          [
            t('change.riskPanel.questionnaire', { score: change.questionnaireScore ?? '–' }),
            <RiskBadge key="q" risk={change.riskQuestionnaire} />,
          ],
          [t('change.riskPanel.final'), <RiskBadge key="f" risk={change.risk} />],
        ]
  for (const [key, points] of Object.entries(change.answers))
    rows.push([t(`change.q.${key as 'qReach'}`), t('change.points', { count: points })])
  if (team) {
    const record =
      team.successRate === null
        ? t('change.riskPanel.team.none')
        : t('change.riskPanel.team.value', { rate: percent(team.successRate), count: team.changes })
    rows.push([t('change.riskPanel.team'), record])
    rows.push([t('change.riskPanel.failures'), team.recentFailures], [t('change.riskPanel.incidents'), team.recentIncidents])
  }
  return (
    <Panel title={t('change.riskPanel')} aside={<TypeBadge type={change.type} isUnauthorised={change.isUnauthorised} />}>
      <dl className="properties">
        {rows.map(([label, value]) => (
          <div key={label} className="property">
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {change.type === 'standard' ? null : (
        <Text size="xs" c="dimmed" mt="xs">
          {t('change.riskPanel.rows')}
        </Text>
      )}
    </Panel>
  )
}

const decisionColors: Record<string, string> = { approved: 'moss', rejected: 'coral' }

/** What the votes beside do not say: how many it takes, who is silent, what the board said in session. */
function BoardPanel({ change }: { change: ChangeView }) {
  const { t } = useText()
  if (change.awaited.length === 0 && change.session === null) return null
  return (
    <Panel title={t('change.votes')}>
      {change.quorum === null ? null : (
        <Text size="sm" c="dimmed" mb="xs">
          {t('change.votes.quorum', { count: change.quorum })}
        </Text>
      )}
      <ul className="change-votes">
        {change.session ? (
          <li>
            <Badge color={decisionColors[change.session.decision] ?? 'amber'}>{t(`change.session.${change.session.decision}`)}</Badge>
            <Link to="/cab/$id" params={{ id: change.session.meetingId }}>
              {t('cab.minutes')}
            </Link>
            <span>{change.session.minutes}</span>
          </li>
        ) : null}
        {change.awaited.map((person) => (
          <li key={person.id}>
            <PersonTag person={person} />
            <Badge color="gray" variant="outline">
              {t('change.votes.awaited')}
            </Badge>
          </li>
        ))}
      </ul>
    </Panel>
  )
}

function RecordPanel({ change }: { change: ChangeView }) {
  const { t } = useText()
  const parts: [string, string | null][] = [
    [t('change.record.justification'), change.justification],
    [t('change.record.steps'), change.implementationPlan],
    [t('change.record.test'), change.testPlan],
    [t('change.record.backout'), change.backoutPlan],
    [t('change.record.lessons'), change.lessonsLearned],
  ]
  const shown = parts.filter(([, text]) => text !== null)
  if (shown.length === 0 && change.templateName === null && change.outcome === null && change.causedIncidents === 0) return null
  return (
    <Panel
      title={t('change.record')}
      aside={
        <Group gap="xs">
          {change.causedIncidents > 0 ? <Badge color="coral">{t('change.record.caused', { count: change.causedIncidents })}</Badge> : null}
          {change.outcome ? (
            <Badge color={change.outcome.startsWith('successful') ? 'moss' : change.outcome === 'canceled' ? 'gray' : 'coral'}>
              {t(`change.outcome.${change.outcome}`)}
            </Badge>
          ) : null}
        </Group>
      }
    >
      {change.templateName ? (
        <Text size="sm" c="dimmed" mb="sm">
          {t('change.record.template')} : {t('change.record.version', { name: change.templateName, version: change.templateVersion ?? 1 })}
        </Text>
      ) : null}
      {shown.map(([label, text]) => (
        <div key={label} className="change-part">
          <h3>{label}</h3>
          <div className="prose">{text}</div>
        </div>
      ))}
    </Panel>
  )
}

/** What a change has beside other tickets: plan and conflicts, freeze, risk, approvals, record and review. */
export function ChangeTab({ ticket }: { ticket: TicketView }) {
  const { t, dateTime } = useText()
  const { data: change, error, isPending, refetch } = useChange(ticket.number)
  if (isPending) return <ListSkeleton rows={4} />
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />
  return (
    <div className="change-tab">
      {change.freeze ? (
        <Alert color="coral" icon={<IconSnowflake size={18} />} title={ticket.status === 'pending' ? t('change.freeze') : undefined}>
          {t(ticket.status === 'pending' ? 'change.freeze.text' : 'change.freeze.on', {
            name: change.freeze.name,
            date: dateTime(change.freeze.until),
          })}
        </Alert>
      ) : null}
      <PlanPanel change={change} ticket={ticket} />
      <BoardPanel change={change} />
      <RiskPanel change={change} />
      <RecordPanel change={change} />
    </div>
  )
}
