import { Alert, Button, PasswordInput, Stack, Text, TextInput, Title } from '@mantine/core'
import { useDocumentTitle } from '@mantine/hooks'
import { IconAlertTriangle, IconCheck } from '@tabler/icons-react'
import { useNavigate, useRouter, useSearch } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { isProblem } from '../client/http.ts'
import { mainRole, useHealth, useSignIn } from '../client/session.ts'
import type { DemoUser } from '../client/types.ts'
import { PersonAvatar } from '../components/person.tsx'
import { useText } from '../i18n/index.ts'
import { LanguageSwitch } from '../shell/account-menu.tsx'
import { problemWords } from '../templates/states.tsx'

const demoPassword = 'guichet'

/** A process drawn as a line of the house: what the product is about, at a glance. */
function EntryArt() {
  return (
    <svg className="entry-art" viewBox="0 0 560 150" fill="none" aria-hidden="true">
      <g stroke="#7fb9b4" strokeWidth="2">
        <path d="M46 75h52M196 75h40M284 75h50M260 99v26h110v-24M432 75h52" />
      </g>
      <g strokeWidth="2.500">
        <circle cx="30" cy="75" r="16" stroke="#cfe6e3" />
        <rect x="98" y="47" width="98" height="56" rx="12" stroke="#cfe6e3" fill="rgb(255 255 255 / 6%)" />
        <path d="m260 51 24 24-24 24-24-24Z" stroke="#cfe6e3" />
        <rect x="334" y="47" width="98" height="56" rx="12" stroke="#f19c86" fill="rgb(236 126 98 / 18%)" />
        <circle cx="502" cy="75" r="16" stroke="#cfe6e3" strokeWidth="4.500" />
      </g>
      <path d="m134 75 9 9 17-18" stroke="#cfe6e3" strokeWidth="3" strokeLinecap="round" strokeLinejoin="round" />
      <circle cx="383" cy="75" r="8" fill="#f19c86" />
    </svg>
  )
}

function DemoUsers({ users, onPick, isBusy }: { users: DemoUser[]; onPick: (user: DemoUser) => void; isBusy: boolean }) {
  const { t } = useText()
  const roleOf = (user: DemoUser): string => (user.roles ? t(`role.${mainRole(user.roles)}`) : user.email)
  return (
    <section aria-label={t('signIn.demo')}>
      <Text fw={600} size="sm" mb={8} mt="xl">
        {t('signIn.demo')}
      </Text>
      <div className="demo-users">
        {users.map((user) => (
          <button key={user.email} type="button" className="demo-user" disabled={isBusy} onClick={() => onPick(user)}>
            <PersonAvatar name={user.name} size={32} />
            <span style={{ minWidth: 0 }}>
              <Text span size="sm" fw={600} display="block" className="truncate">
                {user.name}
              </Text>
              <Text span size="xs" c="dimmed">
                {roleOf(user)}
              </Text>
            </span>
          </button>
        ))}
      </div>
      <Text size="xs" c="dimmed" mt={10}>
        {t('signIn.demo.hint')}
      </Text>
    </section>
  )
}

export function SignInPage() {
  const { t } = useText()
  useDocumentTitle(`${t('signIn.submit')} · Guichet`)
  const { next } = useSearch({ from: '/sign-in' })
  const navigate = useNavigate()
  const router = useRouter()
  const health = useHealth().data
  const signIn = useSignIn()
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const enter = (input: { email: string; password: string }): void =>
    signIn.mutate(input, { onSuccess: () => (next === undefined ? void navigate({ to: '/' }) : router.history.push(next)) })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    enter({ email: email.trim(), password })
  }
  const isUnknown = isProblem(signIn.error) && (signIn.error.status === 401 || signIn.error.status === 400 || signIn.error.status === 403)
  const words = signIn.error ? problemWords(signIn.error, t) : null
  return (
    <div className="entry">
      <header className="entry-pitch">
        <div className="entry-brand">
          <img src="/guichet.svg" alt="" />
          {t('app.name')}
        </div>
        <div>
          <h2>{t('signIn.pitch.title')}</h2>
          <ul>
            {(['signIn.pitch.1', 'signIn.pitch.2', 'signIn.pitch.3'] as const).map((key) => (
              <li key={key}>
                <IconCheck size={18} aria-hidden />
                {t(key)}
              </li>
            ))}
          </ul>
        </div>
        <EntryArt />
      </header>
      <main className="entry-form">
        <div className="entry-tools">
          <LanguageSwitch />
        </div>
        <div>
          <Title order={1}>{t('signIn.title')}</Title>
          <Text c="dimmed" mb="lg" mt={4}>
            {t('signIn.lead')}
          </Text>
          <form onSubmit={submit}>
            <Stack gap="md">
              <TextInput
                label={t('signIn.email')}
                type="email"
                autoComplete="username"
                required
                withAsterisk={false}
                size="md"
                value={email}
                onChange={(event) => setEmail(event.currentTarget.value)}
              />
              <PasswordInput
                label={t('signIn.password')}
                autoComplete="current-password"
                required
                withAsterisk={false}
                size="md"
                value={password}
                onChange={(event) => setPassword(event.currentTarget.value)}
              />
              {words ? (
                <Alert color="coral" icon={<IconAlertTriangle size={18} />} role="alert">
                  {isUnknown ? t('signIn.refused') : `${words.detail} ${words.remedy ?? ''}`}
                </Alert>
              ) : null}
              <Button type="submit" size="md" loading={signIn.isPending} fullWidth>
                {t('signIn.submit')}
              </Button>
            </Stack>
          </form>
          {health?.demo && health.demoUsers ? (
            <DemoUsers
              users={health.demoUsers}
              isBusy={signIn.isPending}
              onPick={(user) => enter({ email: user.email, password: user.password ?? demoPassword })}
            />
          ) : null}
        </div>
      </main>
    </div>
  )
}
