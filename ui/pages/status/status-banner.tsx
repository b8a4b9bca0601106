import { IconAlertTriangle } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useStatus } from '../../client/incident.ts'
import { useText } from '../../i18n/index.ts'
import { AffectsMe, LevelBadge } from './public-major.tsx'

/** On the portal: what is down now, and "this affects me too". Nothing when all is well. */
export function StatusBanner() {
  const { t, locale, ago } = useText()
  const current = useStatus().data?.current ?? []
  if (current.length === 0) return null
  return (
    <section className="status-banner" aria-label={t('status.title')}>
      {current.map((major) => (
        <div key={major.number} className="status-banner-row">
          <IconAlertTriangle size={20} aria-hidden />
          <div className="major-words">
            <strong>
              <Link to="/status">{major.title[locale]}</Link> <LevelBadge level={major.level} />
            </strong>
            <span>{major.updates[0] ? `${ago(major.updates[0].at)} · ${major.updates[0].text[locale]}` : t('status.noUpdate')}</span>
          </div>
          <AffectsMe major={major} />
        </div>
      ))}
    </section>
  )
}
