import { Text } from '@mantine/core'
import type { FiguresAnswer } from '#schema/view'
import type { FiguresQuery } from '../../client/index.ts'
import { useText } from '../../i18n/index.ts'
import { Panel } from '../../templates/index.ts'
import { FigureLink, Formula } from './figure-link.tsx'

/** Success by team, share of emergencies, incidents caused: each number opens its tickets. Nothing without changes. */
export function ChangeFigures({ figures, query }: { figures: FiguresAnswer; query: FiguresQuery }) {
  const { t, number } = useText()
  const percent = (rate: number | null): string => (rate === null ? '–' : number(rate, { style: 'percent', maximumFractionDigits: 0 }))
  const { changeSuccess, changeEmergency, changeIncidents } = figures
  if (changeEmergency.changes === 0) return null
  return (
    <>
      <Panel title={t('figures.changeSuccess')} aside={<Formula of="changeSuccess" figures={figures} />}>
        {changeSuccess.length === 0 ? (
          <Text size="sm" c="dimmed">
            {t('figures.changeSuccess.none')}
          </Text>
        ) : null}
        <dl className="properties">
          {changeSuccess.map(({ groupId, name, closed, successful, rate }) => (
            <div key={groupId} className="property">
              <dt>{name ?? t('common.none')}</dt>
              <dd>
                <strong>{percent(rate)}</strong>{' '}
                <FigureLink metric={`changeSuccess:${groupId}:successful`} query={query}>
                  {successful}
                </FigureLink>
                {' / '}
                <FigureLink metric={`changeSuccess:${groupId}:closed`} query={query}>
                  {closed}
                </FigureLink>
              </dd>
            </div>
          ))}
        </dl>
      </Panel>
      <Panel title={t('change.title')} aside={<Formula of="changeEmergency" figures={figures} />}>
        <dl className="properties">
          <div className="property">
            <dt>{t('figures.changeEmergency')}</dt>
            <dd>
              <strong>{percent(changeEmergency.share)}</strong>{' '}
              <FigureLink metric="changeEmergency:emergencies" query={query}>
                {changeEmergency.emergencies}
              </FigureLink>
              {' / '}
              <FigureLink metric="changeEmergency:changes" query={query}>
                {changeEmergency.changes}
              </FigureLink>
            </dd>
          </div>
          <div className="property">
            <dt>{t('figures.changeIncidents')}</dt>
            <dd>
              <FigureLink metric="changeIncidents" query={query}>
                {changeIncidents}
              </FigureLink>{' '}
              <Formula of="changeIncidents" figures={figures} />
            </dd>
          </div>
        </dl>
      </Panel>
    </>
  )
}
