import { Badge, Select, Text } from '@mantine/core'
import type { MappingProposalView } from '#schema/process-migration'
import { useText } from '../../i18n/index.ts'

/** What the person chose instead of what was proposed: element id, or null for none. */
export type OwnChoices = Record<string, string | null>

interface Props {
  proposal: MappingProposalView
  own: OwnChoices
  /** Also steps that kept their id and that no ticket is at. */
  showsAll: boolean
  onChoose: (elementId: string, value: string | null) => void
}

const none = ''

/** Each step of the old version, and what stands for it in the new one: those first where tickets are. */
export function MappingTable({ proposal, own, showsAll, onChoose }: Props) {
  const { t, number } = useText()
  const rows = proposal.rows
    .filter((row) => showsAll || row.tickets > 0 || row.reason !== 'id' || own[row.from.id] !== undefined)
    .toSorted((a, b) => b.tickets - a.tickets)
  return (
    <div className="table-scroll">
      <table className="g-table" style={{ minWidth: 640 }}>
        <thead>
          <tr>
            <th>{t('migration.column.old', { version: proposal.fromVersion })}</th>
            <th style={{ textAlign: 'right' }}>{t('migration.column.tickets')}</th>
            <th>{t('migration.column.new', { version: proposal.toVersion })}</th>
            <th>{t('migration.column.why')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => {
            const chosen = own[row.from.id] === undefined ? row.toId : (own[row.from.id] ?? null)
            const reason = own[row.from.id] === undefined ? row.reason : 'own'
            const options = proposal.targets
              .filter(({ type }) => type === row.from.type)
              .map(({ id, name }) => ({ value: id, label: name || id }))
            return (
              <tr key={row.from.id}>
                <td>
                  <Text size="sm">{row.from.name || row.from.id}</Text>
                  <Text size="xs" c="dimmed" className="mono">
                    {row.from.id}
                  </Text>
                </td>
                <td style={{ textAlign: 'right' }} className="num">
                  {row.tickets > 0 ? <Badge color="petrol">{number(row.tickets)}</Badge> : '—'}
                </td>
                <td>
                  <Select
                    size="xs"
                    searchable
                    aria-label={row.from.name || row.from.id}
                    data={[{ value: none, label: t('migration.none') }, ...options]}
                    value={chosen ?? none}
                    onChange={(value) => onChoose(row.from.id, value === none ? null : value)}
                    allowDeselect={false}
                    error={chosen === null && row.tickets > 0}
                  />
                </td>
                <td>
                  <Text size="xs" c="dimmed">
                    {reason ? t(`migration.reason.${reason}`) : '—'}
                  </Text>
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}
