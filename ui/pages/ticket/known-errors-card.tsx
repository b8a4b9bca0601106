import { Badge, Button, Group, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useApplyKnownError, useMatches } from '../../client/problems.ts'
import { useText } from '../../i18n/index.ts'
import { notifyDone, notifyProblem } from '../../templates/notify.tsx'
import { Panel } from '../../templates/page.tsx'
import '../problems/problems.css'

/** Known errors that fit this incident, and why; one is applied in a click. Nothing where none fits. */
export function KnownErrorsCard({ ticketId, mayApply }: { ticketId: string; mayApply: boolean }) {
  const { t } = useText()
  const { data } = useMatches(ticketId)
  const apply = useApplyKnownError(ticketId)
  if (!data || data.items.length === 0) return null
  return (
    <Panel title={t('known.fitting')}>
      <ul className="plain-list known-grid">
        {data.items.slice(0, 3).map((match) => (
          <li key={match.id}>
            <Link to="/known-errors/$id" params={{ id: match.id }} className="known-link">
              {match.title}
            </Link>
            <Group gap={4} my={4}>
              {match.reasons.map((reason) => (
                <Badge key={reason} size="xs" variant="light" color="gray">
                  {t(`known.reason.${reason}`)}
                </Badge>
              ))}
            </Group>
            {match.workaround ? (
              <Text size="sm" lineClamp={3} style={{ whiteSpace: 'pre-wrap' }}>
                {match.workaround}
              </Text>
            ) : null}
            {match.isApplied ? (
              <Badge variant="light">{t('known.applied')}</Badge>
            ) : mayApply ? (
              <Button
                size="xs"
                mt={6}
                loading={apply.isPending && apply.variables === match.id}
                onClick={() =>
                  apply.mutate(match.id, {
                    onSuccess: () => notifyDone(t('known.applied')),
                    onError: (problem) => notifyProblem(problem, t),
                  })
                }
              >
                {t('known.apply')}
              </Button>
            ) : null}
          </li>
        ))}
      </ul>
    </Panel>
  )
}
