import { Text } from '@mantine/core'
import { IconTable } from '@tabler/icons-react'
import type { Json } from '#schema/json'
import type { TicketView } from '#schema/view'
import { Panel } from '../../templates/page.tsx'
import { useText } from '../../i18n/index.ts'
import { EmptyState } from '../../templates/states.tsx'
import type { NameOf } from './fact-words.ts'
import { RoutingPanel } from './routing-reason.tsx'
import { useNames } from './use-names.ts'

/** What a decision with one nameless output decides about the ticket. */
const decidedField: Record<string, string> = { 'incident-priority': 'priority', 'incident-routing': 'groupId' }

/** Inputs or outputs by name, ids and codes in the reader's words. A nameless value takes the name `field`. */
function Values({ values, nameOf, field }: { values: Json; nameOf: NameOf; field: string }) {
  const { tOr } = useText()
  const entries =
    typeof values === 'object' && values !== null && !Array.isArray(values) ? Object.entries(values) : [[field, values] as const]
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
export function Decisions({ ticket }: { ticket: TicketView }) {
  const { decisions } = ticket
  const { t, tOr, dateTime } = useText()
  const nameOf = useNames()
  if (decisions.length === 0)
    return <EmptyState isSmall icon={<IconTable size={20} stroke={1.5} />} title={t('decision.empty')} hint={t('decision.empty.hint')} />
  return (
    <div className="decisions">
      <RoutingPanel ticket={ticket} groupName={(id) => String(nameOf('groupId', id))} />
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
              <Values values={decision.inputs} nameOf={nameOf} field="" />
            </div>
            <div>
              <Text size="xs" c="dimmed" fw={600}>
                {t('decision.then')}
              </Text>
              <Values values={decision.outputs} nameOf={nameOf} field={decidedField[decision.decisionId] ?? ''} />
            </div>
          </div>
        </Panel>
      ))}
    </div>
  )
}
