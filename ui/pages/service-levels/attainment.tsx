import { Badge, Table, Text } from '@mantine/core'
import type { FiguresAnswer } from '#schema/view'
import type { FiguresQuery } from '../../client/index.ts'
import { useText } from '../../i18n/index.ts'
import { EmptyState, Panel, TableScroll } from '../../templates/index.ts'
import { FigureLink, Formula } from '../reports/figure-link.tsx'

interface Props {
  figures: FiguresAnswer
  query: FiguresQuery
}
/** Below it a promise is in trouble, below the second it fails. */
const good = 0.95
const fair = 0.8

export function Rate({ rate }: { rate: number | null }) {
  const { number } = useText()
  if (rate === null) return <>—</>
  const color = rate >= good ? 'moss' : rate >= fair ? 'amber' : 'coral'
  return (
    <span className="num" style={{ whiteSpace: 'nowrap' }}>
      <span className="levels-bar" aria-hidden>
        <i style={{ width: `${rate * 100}%`, background: `var(--mantine-color-${color}-filled)` }} />
      </span>
      {number(rate, { style: 'percent', maximumFractionDigits: 1 })}
    </span>
  )
}

/** Attainment of each promise, by policy and version: a figure is compared with itself only. */
export function AttainmentTable({ figures, query }: Props) {
  const { t, tOr, number } = useText()
  return (
    <Panel title={t('levels.attainment')} aside={<Formula of="slaByPolicy" figures={figures} />}>
      {figures.slaByPolicy.length === 0 ? (
        <EmptyState title={t('levels.none')} hint={t('levels.none.hint')} />
      ) : (
        <TableScroll label={t('levels.attainment')}>
          <Table verticalSpacing={6} miw={620}>
            <Table.Thead>
              <Table.Tr>
                {(['kind', 'policy', 'promise', 'met', 'missed', 'rate'] as const).map((column) => (
                  <Table.Th key={column}>{t(`levels.column.${column}`)}</Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {figures.slaByPolicy.map((row) => {
                const part = `slaByPolicy:${row.kind}:${row.policyId}:${row.policyVersion}:${row.metric}`
                return (
                  <Table.Tr key={part}>
                    <Table.Td>
                      <Badge color={row.kind === 'sla' ? 'petrol' : 'gray'}>{t(`clock.kind.${row.kind}`)}</Badge>
                    </Table.Td>
                    <Table.Td>
                      {row.policyId}{' '}
                      <Text span size="xs" c="dimmed">
                        v{row.policyVersion}
                      </Text>
                    </Table.Td>
                    <Table.Td>{tOr(`clock.${row.metric}`, row.metric)}</Table.Td>
                    <Table.Td className="num">
                      <FigureLink metric={`${part}:met`} query={query}>
                        {number(row.met)}
                      </FigureLink>
                    </Table.Td>
                    <Table.Td className="num">
                      <FigureLink metric={`${part}:breached`} query={query}>
                        {number(row.breached)}
                      </FigureLink>
                    </Table.Td>
                    <Table.Td>
                      <Rate rate={row.rate} />
                    </Table.Td>
                  </Table.Tr>
                )
              })}
            </Table.Tbody>
          </Table>
        </TableScroll>
      )}
    </Panel>
  )
}

export function GroupTimes({ figures, query }: Props) {
  const { t, span, number } = useText()
  const time = (ms: number | null) => (ms === null ? '—' : span(ms))
  return (
    <Panel title={t('levels.groups')} aside={<Formula of="groupTime" figures={figures} />}>
      {figures.groupTime.length === 0 ? (
        <EmptyState title={t('levels.none')} hint={t('levels.groups.none.hint')} />
      ) : (
        <TableScroll label={t('levels.groups')}>
          <Table verticalSpacing={6}>
            <Table.Thead>
              <Table.Tr>
                {(['group', 'tickets', 'missed', 'rate', 'median', 'p90'] as const).map((column) => (
                  <Table.Th key={column}>{t(`levels.column.${column}`)}</Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {figures.groupTime.map((row) => (
                <Table.Tr key={row.groupId}>
                  <Table.Td>{row.name}</Table.Td>
                  <Table.Td className="num">
                    <FigureLink metric={`groupTime:${row.groupId}:all`} query={query}>
                      {number(row.tickets)}
                    </FigureLink>
                  </Table.Td>
                  <Table.Td className="num">
                    <FigureLink metric={`groupTime:${row.groupId}:breached`} query={query}>
                      {number(row.breached)}
                    </FigureLink>
                  </Table.Td>
                  <Table.Td>
                    <Rate rate={row.rate} />
                  </Table.Td>
                  <Table.Td className="num">{time(row.medianMs)}</Table.Td>
                  <Table.Td className="num">{time(row.p90Ms)}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </TableScroll>
      )}
    </Panel>
  )
}

export function BreachTimes({ figures, query }: Props) {
  const { t, span, number } = useText()
  const most = Math.max(1, ...figures.breachTime.map(({ ownedMs }) => ownedMs))
  return (
    <Panel title={t('levels.breachTime')} aside={<Formula of="breachTime" figures={figures} />}>
      {figures.breachTime.length === 0 ? (
        <EmptyState title={t('levels.breachTime.none')} hint={t('levels.breachTime.none.hint')} />
      ) : (
        <Table verticalSpacing={6}>
          <Table.Tbody>
            {figures.breachTime.map((row) => (
              <Table.Tr key={row.groupId}>
                <Table.Td>{row.groupId === 'unassigned' ? t('clock.unassigned') : row.name}</Table.Td>
                <Table.Td className="num">
                  <span className="levels-bar" aria-hidden>
                    <i style={{ width: `${(row.ownedMs / most) * 100}%`, background: 'var(--mantine-color-coral-filled)' }} />
                  </span>
                  {span(row.ownedMs)}
                </Table.Td>
                <Table.Td className="num">
                  <FigureLink metric={`breachTime:${row.groupId}`} query={query}>
                    {t('levels.tickets', { count: row.tickets, shown: number(row.tickets) })}
                  </FigureLink>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </Panel>
  )
}
