import { Text } from '@mantine/core'
import type { FiguresAnswer } from '#schema/view'
import type { FiguresQuery } from '../../client/index.ts'
import { useText } from '../../i18n/index.ts'
import { Panel } from '../../templates/page.tsx'
import { TableScroll } from '../../templates/table-scroll.tsx'
import { FigureLink, Formula } from './figure-link.tsx'

/** Requests of the catalogue, item by item: how long, how often on time, how long the approval took. */
export function RequestDelivery({ figures, query }: { figures: FiguresAnswer; query: FiguresQuery }) {
  const { t, locale, span, number } = useText()
  const rows = figures.requestDelivery
  if (rows.length === 0) return null
  const time = (ms: number | null): string => (ms === null ? '—' : span(ms))
  return (
    <Panel className="figures-days" isFlush title={t('figures.requests')} aside={<Formula of="requestDelivery" figures={figures} />}>
      <TableScroll label={t('figures.requests')}>
        <table className="g-table">
          <thead>
            <tr>
              <th>{t('figures.requests.item')}</th>
              <th style={{ textAlign: 'right' }}>{t('figures.requests.asked')}</th>
              <th style={{ textAlign: 'right' }}>{t('figures.requests.delivered')}</th>
              <th style={{ textAlign: 'right' }}>{t('figures.requests.onTime')}</th>
              <th style={{ textAlign: 'right' }}>{t('figures.requests.delivery')}</th>
              <th style={{ textAlign: 'right' }}>{t('figures.requests.approval')}</th>
              <th style={{ textAlign: 'right' }}>{t('figures.requests.rejected')}</th>
            </tr>
          </thead>
          <tbody className="num">
            {rows.map((row) => (
              <tr key={row.itemId}>
                <td>{row.name[locale]}</td>
                {(['asked', 'delivered'] as const).map((part) => (
                  <td key={part} style={{ textAlign: 'right' }}>
                    <FigureLink metric={`requestDelivery:${row.itemId}:${part}`} query={query}>
                      {number(row[part])}
                    </FigureLink>
                  </td>
                ))}
                <td style={{ textAlign: 'right' }}>
                  <FigureLink metric={`requestDelivery:${row.itemId}:onTime`} query={query}>
                    {row.onTimeRate === null ? '—' : number(row.onTimeRate, { style: 'percent' })}
                  </FigureLink>
                </td>
                <td style={{ textAlign: 'right' }}>
                  {time(row.medianDeliveryMs)}
                  <Text span size="xs" c="dimmed">
                    {row.p90DeliveryMs === null ? '' : ` · P90 ${time(row.p90DeliveryMs)}`}
                  </Text>
                </td>
                <td style={{ textAlign: 'right' }}>{time(row.medianApprovalMs)}</td>
                <td style={{ textAlign: 'right' }}>
                  <FigureLink metric={`requestDelivery:${row.itemId}:rejected`} query={query}>
                    {number(row.rejected)}
                  </FigureLink>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableScroll>
    </Panel>
  )
}
