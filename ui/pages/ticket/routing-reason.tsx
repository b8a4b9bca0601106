import { Text } from '@mantine/core'
import { RoutingReason } from '#domain/routing'
import type { TicketView } from '#schema/view'
import { useText } from '../../i18n/index.ts'
import { Panel } from '../../templates/page.tsx'

/** Why routing gave the ticket to this person, or to nobody: in words, with everybody who was looked at. */
export function RoutingPanel({ ticket, groupName }: { ticket: TicketView; groupName: (id: string) => string }) {
  const { t, number } = useText()
  const parsed = RoutingReason.safeParse(ticket.variables.routingReason)
  if (!parsed.success) return null
  const { groupId, chosen, why, skills, rows, candidates, mode } = parsed.data
  const group = groupId === null ? t('common.none') : groupName(groupId)
  return (
    <Panel title={t('routing.title')}>
      <Text size="sm">
        {t(`routing.why.${why}`, { name: chosen?.name ?? '', group, load: number(chosen?.load ?? 0), level: chosen?.level ?? 1 })}
      </Text>
      <Text size="xs" c="dimmed" mt={4}>
        {t('routing.rule', { rows: rows.join(', ') || '–', mode: t(`routing.mode.${mode}`) })}
        {skills.length > 0 ? ` · ${t('routing.skills', { skills: skills.join(', ') })}` : ''}
      </Text>
      {candidates.length > 0 ? (
        <ul className="linked routing-candidates">
          {candidates.map((candidate) => (
            <li key={candidate.id}>
              <Text span size="sm" fw={candidate.id === chosen?.id ? 650 : 400}>
                {candidate.name}
              </Text>
              <Text span size="xs" c="dimmed" className="linked-status">
                {candidate.isAway
                  ? t('routing.away')
                  : candidate.missingSkills.length > 0
                    ? t('routing.lacks', { skills: candidate.missingSkills.join(', ') })
                    : t('routing.load', { count: candidate.load })}
              </Text>
            </li>
          ))}
        </ul>
      ) : null}
    </Panel>
  )
}
