import { Badge } from '@mantine/core'
import type { GrantView } from '#schema/access'
import { useText } from '../../i18n/index.ts'

const colours = { active: 'moss', removing: 'amber', revoked: 'gray' } as const

/** Active (until when), being removed, removed (since when). */
export function GrantStateBadge({ grant }: { grant: GrantView }) {
  const { t, date } = useText()
  const words =
    grant.state === 'active'
      ? grant.expiresAt
        ? t('access.until', { date: date(grant.expiresAt) })
        : t('access.state.active')
      : grant.state === 'revoked' && grant.revokedAt
        ? t('access.revokedOn', { date: date(grant.revokedAt) })
        : t(`access.state.${grant.state}`)
  return <Badge color={colours[grant.state]}>{words}</Badge>
}
