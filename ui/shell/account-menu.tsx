import { Menu, SegmentedControl, Text, useMantineColorScheme } from '@mantine/core'
import { IconBook2, IconKeyboard, IconLogout } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { PersonView } from '#schema/view'
import { mainRole, usePatchSession, useSignOut } from '../client/session.ts'
import { PersonAvatar } from '../components/person.tsx'
import { changeLocale, type Locale, useText } from '../i18n/index.ts'
import type { NavigationItem } from './navigation.tsx'

export function LanguageSwitch({ onChange }: { onChange?: (locale: Locale) => void }) {
  const { t, locale } = useText()
  const change = (value: string): void => {
    changeLocale(value as Locale)
    onChange?.(value as Locale)
  }
  return (
    <SegmentedControl
      size="xs"
      fullWidth
      aria-label={t('app.language')}
      value={locale}
      onChange={change}
      data={[
        { value: 'fr', label: 'Français' },
        { value: 'en', label: 'English' },
      ]}
    />
  )
}

export function ThemeSwitch() {
  const { t } = useText()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  return (
    <SegmentedControl
      size="xs"
      fullWidth
      aria-label={t('app.theme')}
      value={colorScheme}
      onChange={(value) => setColorScheme(value as 'light' | 'dark' | 'auto')}
      data={[
        { value: 'light', label: t('app.theme.light') },
        { value: 'dark', label: t('app.theme.dark') },
        { value: 'auto', label: t('app.theme.auto') },
      ]}
    />
  )
}

/** Who is signed in: his own pages where no rail names them, language, appearance, help, sign-out. */
export function AccountMenu({ person, onHelp, links = [] }: { person: PersonView; onHelp: () => void; links?: readonly NavigationItem[] }) {
  const { t } = useText()
  const signOut = useSignOut()
  const patch = usePatchSession()
  const role = mainRole(person.roles)
  return (
    <Menu width={290} position="top-start" shadow="md">
      <Menu.Target>
        <button type="button" className="rail-person">
          <PersonAvatar name={person.name} size={34} />
          <span className="rail-person-words" style={{ minWidth: 0 }}>
            <span className="rail-person-name truncate" style={{ display: 'block' }}>
              {person.name}
            </span>
            <span className="rail-person-role truncate" style={{ display: 'block' }}>
              {t(`role.${role}`)}
            </span>
          </span>
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{person.email}</Menu.Label>
        {links.map((item) => (
          <Menu.Item
            key={item.label}
            leftSection={<item.icon size={16} />}
            component={Link}
            to={item.to}
            params={(item.params ?? {}) as never}
          >
            {t(item.label)}
          </Menu.Item>
        ))}
        {links.length > 0 ? <Menu.Divider /> : null}
        <div style={{ padding: '4px 12px 10px', display: 'grid', gap: 10 }}>
          <div>
            <Text size="xs" c="dimmed" mb={4}>
              {t('app.language')}
            </Text>
            <LanguageSwitch onChange={(locale) => patch.mutate({ locale })} />
          </div>
          <div>
            <Text size="xs" c="dimmed" mb={4}>
              {t('app.theme')}
            </Text>
            <ThemeSwitch />
          </div>
        </div>
        <Menu.Divider />
        <Menu.Item leftSection={<IconKeyboard size={16} />} onClick={onHelp}>
          {t('app.help')}
        </Menu.Item>
        <Menu.Item leftSection={<IconBook2 size={16} />} component="a" href="/api/v1/docs" target="_blank">
          {t('app.docs')}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item
          leftSection={<IconLogout size={16} />}
          onClick={() => signOut.mutate(undefined, { onSettled: () => window.location.assign('/sign-in') })}
        >
          {t('app.signOut')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
