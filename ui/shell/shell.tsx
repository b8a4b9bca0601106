import { ActionIcon, Drawer } from '@mantine/core'
import { useDisclosure, useHotkeys } from '@mantine/hooks'
import { spotlight } from '@mantine/spotlight'
import { IconCircleCheck, IconHome2, IconMenu2, IconPlugConnectedX, IconPlus, IconSearch, IconShoppingCart } from '@tabler/icons-react'
import { Link, Outlet } from '@tanstack/react-router'
import { useEffect } from 'react'
import type { PersonView } from '#schema/view'
import { useLive } from '../client/live.ts'
import { hasRole, usePerson } from '../client/session.ts'
import { changeLocale, hasChosenLocale, useText } from '../i18n/index.ts'
import { AccountMenu } from './account-menu.tsx'
import { HelpModal } from './help.tsx'
import { NavigationLinks, navigationFor } from './navigation.tsx'
import { Palette } from './palette.tsx'

function Brand({ className }: { className: string }) {
  const { t } = useText()
  return (
    <Link to="/" className={className}>
      <img src="/guichet.svg" alt="" />
      <span>{t('app.name')}</span>
    </Link>
  )
}

function LiveBanner() {
  const { t } = useText()
  const state = useLive()
  return (
    <div role="status" aria-live="polite">
      {state === 'lost' ? (
        <div className="live-lost">
          <IconPlugConnectedX size={17} aria-hidden />
          {t('app.live.lost')}
        </div>
      ) : null}
    </div>
  )
}

interface FrameProps {
  person: PersonView
  onHelp: () => void
}

function StaffFrame({ person, onHelp }: FrameProps) {
  const { t } = useText()
  const [isOpen, menu] = useDisclosure(false)
  const rail = (onFollow?: () => void) => (
    <>
      <Brand className="rail-brand" />
      <button type="button" className="rail-search" onClick={() => spotlight.open()}>
        <IconSearch size={15} aria-hidden />
        {t('app.search')}
        <kbd>Ctrl K</kbd>
      </button>
      <NavigationLinks person={person} {...(onFollow ? { onFollow } : {})} />
      <AccountMenu person={person} onHelp={onHelp} />
    </>
  )
  return (
    <div className="shell">
      <header className="rail">{rail()}</header>
      <Drawer
        opened={isOpen}
        onClose={menu.close}
        size={264}
        withCloseButton={false}
        padding={0}
        attributes={{ content: { 'aria-label': t('app.menu') } }}
        styles={{ body: { height: '100%' }, content: { background: 'transparent' } }}
      >
        <div className="rail" style={{ height: '100%' }}>
          {rail(menu.close)}
        </div>
      </Drawer>
      <div className="shell-column">
        <header className="bar">
          <ActionIcon variant="transparent" size="lg" onClick={menu.open} aria-label={t('app.menu')}>
            <IconMenu2 size={22} />
          </ActionIcon>
          <Brand className="bar-brand" />
          <ActionIcon variant="transparent" size="lg" onClick={() => spotlight.open()} aria-label={t('app.search')}>
            <IconSearch size={20} />
          </ActionIcon>
        </header>
        <LiveBanner />
        <main id="content" className="shell-main" tabIndex={-1}>
          <Outlet />
        </main>
      </div>
    </div>
  )
}

/** People who only ask for things get a front door, not a cockpit. */
function RequesterFrame({ person, onHelp }: FrameProps) {
  const { t } = useText()
  return (
    <div className="portal-shell">
      <header className="portal-bar">
        <Brand className="rail-brand" />
        <nav aria-label={t('app.navigation')} style={{ display: 'flex', gap: 4 }}>
          <Link to="/portal" className="rail-link" activeOptions={{ exact: true }} aria-label={t('nav.portal')}>
            <IconHome2 size={18} aria-hidden />
            <span>{t('nav.portal')}</span>
          </Link>
          <Link to="/portal/new" className="rail-link" aria-label={t('portal.report')}>
            <IconPlus size={18} aria-hidden />
            <span>{t('portal.report')}</span>
          </Link>
          <Link to="/portal/catalogue" className="rail-link" aria-label={t('nav.catalogue')}>
            <IconShoppingCart size={18} aria-hidden />
            <span>{t('nav.catalogue')}</span>
          </Link>
          <Link to="/approvals" className="rail-link" aria-label={t('nav.approvals')}>
            <IconCircleCheck size={18} aria-hidden />
            <span>{t('nav.approvals')}</span>
          </Link>
        </nav>
        <div style={{ marginLeft: 'auto' }}>
          <AccountMenu person={person} onHelp={onHelp} links={navigationFor(person).flatMap(({ items }) => items)} />
        </div>
      </header>
      <LiveBanner />
      <main id="content" className="shell-main" tabIndex={-1}>
        <Outlet />
      </main>
    </div>
  )
}

/** The signed-in frame: navigation, palette, help, live connection. */
export function Shell() {
  const person = usePerson()
  const { t } = useText()
  const [isHelpOpen, help] = useDisclosure(false)
  useHotkeys([
    ['shift + ?', help.open],
    ['?', help.open],
  ])
  useEffect(() => {
    if (!hasChosenLocale()) changeLocale(person.locale)
  }, [person.locale])
  const isStaff = hasRole(person, 'agent', 'processOwner', 'auditor', 'administrator')
  const Frame = isStaff ? StaffFrame : RequesterFrame
  return (
    <>
      <a className="skip" href="#content">
        {t('app.skip')}
      </a>
      <Frame person={person} onHelp={help.open} />
      <Palette person={person} onHelp={help.open} />
      <HelpModal isOpen={isHelpOpen} onClose={help.close} />
    </>
  )
}
