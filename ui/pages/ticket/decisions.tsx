import { Text } from '@mantine/core'
import { IconTable } from '@tabler/icons-react'
import type { Json } from '#schema/json'
import type { TicketView } from '#schema/view'
import { Panel } from '../../templates/page.tsx'
import { useText } from '../../i18n/index.ts'
import { EmptyState } from '../../templates/states.tsx'
import type { NameOf } from './fact-words.ts'
import { useNames } from './use-names.ts'

/** One value of a decision: `0.3 h`-like objects are spelt as JSON, the rest by name. */
function Values({ values, nameOf }: { values: Json; nameOf: NameOf }) {
  const { tOr } = useText()
  const entries = typeof values === 'object' && values !== null && !Array.isArray(values) ? Object.entries(values) : [['', values] as const]
  return (
    <dl className="decision-values">
      {entries.map(([name, value]) => (
        <div key={name}>
          <dt>{tOr(`field.${name}`, name)}</dt>
          <dd>{nameOf(name, value)}</dd>
        </div>
      ))}
    </dl>
  )
}

/** Why this priority, why this group: the rows of the decision tables that fired. */
export function Decisions({ decisions }: { decisions: TicketView['decisions'] }) {
  const { t, tOr, dateTime } = useText()
  const nameOf = useNames()
  if (decisions.length === 0)
    return <EmptyState isSmall icon={<IconTable size={20} stroke={1.5} />} title={t('decision.empty')} hint={t('decision.empty.hint')} />
  return (
    <div className="decisions">
      {decisions.map((decision) => (
        <Panel
          key={`${decision.at}${decision.decisionId}`}
          title={tOr(`decision.${decision.decisionId}`, t('decision.other', { id: decision.decisionId }))}
          aside={
            <Text size="xs" c="dimmed">
              {decision.rows.length === 0
                ? t('decision.row_zero' as never)
                : t('decision.row', { count: decision.rows.length, rows: decision.rows.join(', ') })}{' '}
              · {dateTime(decision.at)}
            </Text>
          }
        >
          <div className="decision-sides">
            <div>
              <Text size="xs" c="dimmed" fw={600}>
                {t('decision.given')}
              </Text>
              <Values values={decision.inputs} nameOf={nameOf} />
            </div>
            <div>
              <Text size="xs" c="dimmed" fw={600}>
                {t('decision.then')}
              </Text>
              <Values values={decision.outputs} nameOf={nameOf} />
            </div>
          </div>
        </Panel>
      ))}
    </div>
  )
}
