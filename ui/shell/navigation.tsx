import type { Icon } from '@tabler/icons-react'
import {
  IconArrowsExchange,
  IconCalendarEvent,
  IconCalendarOff,
  IconCopyCheck,
  IconGavel,
  IconBeach,
  IconBuilding,
  IconCertificate,
  IconDeviceLaptop,
  IconFileCertificate,
  IconLicense,
  IconPhoneCall,
  IconPlugConnected,
  IconSitemap,
  IconStack2,
  IconTruckDelivery,
} from '@tabler/icons-react'
import {
  IconBell,
  IconCircleCheck,
  IconPlaneDeparture,
  IconBulb,
  IconZoomQuestion,
  IconBuildingStore,
  IconHeadset,
  IconPhoneIncoming,
  IconBook2,
  IconChartHistogram,
  IconChecklist,
  IconGauge,
  IconHome2,
  IconInbox,
  IconKey,
  IconLayoutKanban,
  IconListCheck,
  IconPackage,
  IconShoppingCart,
  IconMail,
  IconMailOff,
  IconShieldCheck,
  IconUsers,
  IconUsersGroup,
  IconVectorBezier2,
} from '@tabler/icons-react'
import { IconFlame, IconHeartbeat } from '@tabler/icons-react'
import { Link, useLocation } from '@tanstack/react-router'
import type { Role } from '#schema/role'
import type { PersonView } from '#schema/view'
import { hasRole } from '../client/session.ts'
import { type TextKey, useText } from '../i18n/index.ts'
import { isOpenAtFirst, NavigationGroupSection } from './navigation-group.tsx'

export interface NavigationItem {
  to:
    | '/portal'
    | '/queue'
    | '/tasks'
    | '/approvals'
    | '/delegations'
    | '/problems'
    | '/known-errors'
    | '/board'
    | '/figures'
    | '/service-levels'
    | '/audit'
    | '/studio'
    | '/admin/people'
    | '/admin/groups'
    | '/admin/api-keys'
    | '/admin/jobs'
    | '/mail'
    | '/mail/rejected'
    | '/notifications'
    | '/interactions'
    | '/admin/desks'
    | '/portal/catalogue'
    | '/portal/orders'
    | '/portal/access'
    | '/access/rights'
    | '/access/campaigns'
    | '/access/reviews'
    | '/on-call'
    | '/changes'
    | '/changes/calendar'
    | '/changes/templates'
    | '/changes/windows'
    | '/cab'
    | '/majors'
    | '/status'
    | '/register/$path'
  /** Of the address. */
  params?: { path: string }
  label: TextKey
  icon: Icon
  roles: Role[]
}
export interface NavigationGroup {
  label: TextKey
  items: NavigationItem[]
}

const staff: Role[] = ['agent', 'processOwner', 'auditor', 'administrator']
const noun = (path: string, label: TextKey, icon: Icon): NavigationItem => ({
  to: '/register/$path',
  params: { path },
  label,
  icon,
  roles: staff,
})
const groups: NavigationGroup[] = [
  {
    label: 'nav.work',
    items: [
      { to: '/queue', label: 'nav.queue', icon: IconInbox, roles: staff },
      { to: '/tasks', label: 'nav.tasks', icon: IconChecklist, roles: ['agent'] },
      { to: '/interactions', label: 'nav.interactions', icon: IconPhoneIncoming, roles: ['agent', 'administrator', 'auditor'] },
      { to: '/board', label: 'nav.board', icon: IconLayoutKanban, roles: staff },
    ],
  },
  {
    label: 'nav.service',
    items: [
      { to: '/access/rights', label: 'nav.rights', icon: IconKey, roles: staff },
      { to: '/access/campaigns', label: 'nav.campaigns', icon: IconListCheck, roles: staff },
      { to: '/majors', label: 'nav.majors', icon: IconFlame, roles: staff },
      { to: '/status', label: 'nav.status', icon: IconHeartbeat, roles: staff },
      { to: '/problems', label: 'nav.problems', icon: IconZoomQuestion, roles: staff },
      { to: '/known-errors', label: 'nav.knownErrors', icon: IconBulb, roles: staff },
      { to: '/changes', label: 'nav.changes', icon: IconArrowsExchange, roles: staff },
      { to: '/changes/calendar', label: 'nav.changeCalendar', icon: IconCalendarEvent, roles: staff },
      { to: '/cab', label: 'nav.cab', icon: IconGavel, roles: staff },
      { to: '/changes/templates', label: 'nav.changeTemplates', icon: IconCopyCheck, roles: staff },
      { to: '/changes/windows', label: 'nav.changeWindows', icon: IconCalendarOff, roles: staff },
    ],
  },
  {
    label: 'nav.steer',
    items: [
      { to: '/figures', label: 'nav.figures', icon: IconChartHistogram, roles: staff },
      { to: '/service-levels', label: 'nav.levels', icon: IconGauge, roles: staff },
      { to: '/studio', label: 'nav.studio', icon: IconVectorBezier2, roles: ['processOwner', 'administrator', 'agent', 'auditor'] },
      { to: '/audit', label: 'nav.audit', icon: IconShieldCheck, roles: ['auditor'] },
    ],
  },
  {
    label: 'nav.register',
    items: [
      noun('services', 'nav.services', IconStack2),
      noun('configuration-items', 'nav.configurationItems', IconSitemap),
      noun('assets', 'nav.assets', IconDeviceLaptop),
      noun('licences', 'nav.licences', IconLicense),
      noun('contracts', 'nav.contracts', IconFileCertificate),
      noun('suppliers', 'nav.suppliers', IconTruckDelivery),
      noun('customers', 'nav.customers', IconBuildingStore),
      noun('sites', 'nav.sites', IconBuilding),
    ],
  },
  {
    label: 'nav.admin',
    items: [
      { to: '/on-call', label: 'nav.onCall', icon: IconPhoneCall, roles: staff },
      noun('absences', 'nav.absences', IconBeach),
      { to: '/admin/people', label: 'nav.people', icon: IconUsers, roles: ['administrator'] },
      { to: '/admin/groups', label: 'nav.groups', icon: IconUsersGroup, roles: ['administrator'] },
      { ...noun('skills', 'nav.skills', IconCertificate), roles: ['administrator'] },
      { to: '/admin/desks', label: 'nav.desks', icon: IconHeadset, roles: ['administrator'] },
      { to: '/admin/api-keys', label: 'nav.apiKeys', icon: IconKey, roles: ['administrator'] },
      { to: '/admin/jobs', label: 'nav.jobs', icon: IconPlugConnected, roles: ['administrator', 'processOwner'] },
      { to: '/mail', label: 'nav.mail', icon: IconMail, roles: ['administrator'] },
      { to: '/mail/rejected', label: 'nav.rejectedMail', icon: IconMailOff, roles: ['administrator'] },
    ],
  },
  {
    label: 'nav.self',
    items: [
      { to: '/portal', label: 'nav.requests', icon: IconHome2, roles: ['requester', ...staff] },
      { to: '/approvals', label: 'nav.approvals', icon: IconCircleCheck, roles: ['requester', ...staff] },
      { to: '/delegations', label: 'nav.delegations', icon: IconPlaneDeparture, roles: ['requester', ...staff] },
      { to: '/portal/catalogue', label: 'nav.catalogue', icon: IconShoppingCart, roles: ['requester', ...staff] },
      { to: '/portal/orders', label: 'nav.orders', icon: IconPackage, roles: ['requester', ...staff] },
      { to: '/portal/access', label: 'nav.myAccess', icon: IconKey, roles: ['requester', ...staff] },
      { to: '/access/reviews', label: 'nav.reviews', icon: IconListCheck, roles: ['requester', ...staff] },
      { to: '/notifications', label: 'nav.notifications', icon: IconBell, roles: ['requester', ...staff] },
    ],
  },
]

/** The entries that a person may open, in order. */
export const navigationFor = (person: Pick<PersonView, 'roles'>): NavigationGroup[] =>
  groups
    .map((group) => ({ ...group, items: group.items.filter((item) => hasRole(person, ...item.roles)) }))
    .filter((group) => group.items.length > 0)

export const docsIcon = IconBook2

const addressOf = (item: NavigationItem): string =>
  Object.entries(item.params ?? {}).reduce<string>((address, [name, value]) => address.replace(`$${name}`, value), item.to)

/** Entries whose own address is the beginning of others' that are entries too. */
const exactAddresses: readonly string[] = ['/mail', '/portal', '/changes']

export function NavigationLinks({ person, onFollow }: { person: Pick<PersonView, 'roles'>; onFollow?: () => void }) {
  const { t } = useText()
  const path = useLocation({ select: ({ pathname }) => pathname })
  const shown = navigationFor(person)
  const entries = shown.reduce((sum, { items }) => sum + items.length, 0)
  const isHere = (item: NavigationItem) => path === addressOf(item) || path.startsWith(`${addressOf(item)}/`)
  return (
    <nav className="rail-nav" aria-label={t('app.navigation')}>
      {shown.map((group) => {
        const isCurrent = group.items.some(isHere)
        return (
          <NavigationGroupSection
            key={group.label}
            label={group.label}
            isOpenInitially={isOpenAtFirst(group, entries, isCurrent)}
            isCurrent={isCurrent}
          >
            {group.items.map((item) => (
              <Link
                key={item.label}
                to={item.to}
                params={(item.params ?? {}) as never}
                className="rail-link"
                activeOptions={{ exact: exactAddresses.includes(item.to), includeSearch: false }}
                {...(onFollow ? { onClick: onFollow } : {})}
              >
                <item.icon size={18} stroke={1.7} aria-hidden />
                <span>{t(item.label)}</span>
              </Link>
            ))}
          </NavigationGroupSection>
        )
      })}
    </nav>
  )
}
