import { Button, Title } from '@mantine/core'
import { useDocumentTitle } from '@mantine/hooks'
import { IconAlertTriangle, IconArrowLeft, IconCircleCheck } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useOptions } from '../../client/desk.ts'
import { isProblem } from '../../client/http.ts'
import { useStatus } from '../../client/incident.ts'
import { useSession } from '../../client/session.ts'
import { useText } from '../../i18n/index.ts'
import { LanguageSwitch } from '../../shell/account-menu.tsx'
import { EmptyState, ErrorState, ListSkeleton } from '../../templates/states.tsx'
import { PublicMajorCard } from './public-major.tsx'

function StatusBody() {
  const { t, time } = useStatusText()
  const { data, error, isPending, refetch } = useStatus()
  const isSignedIn = Boolean(useSession().data)
  const services = useOptions(isSignedIn).data?.services ?? []
  const nameOf = (service: string | null): string | null => services.find(({ value }) => value === service)?.label ?? service
  if (isPending) return <ListSkeleton rows={4} />
  if (error) {
    if (isProblem(error) && error.status === 401)
      return (
        <EmptyState
          title={t('status.signIn')}
          hint={t('status.signIn.hint')}
          action={
            <Button component="a" href="/sign-in?next=%2Fstatus">
              {t('status.signIn.do')}
            </Button>
          }
        />
      )
    return <ErrorState error={error} onRetry={() => void refetch()} />
  }
  const isCalm = data.current.length === 0
  return (
    <>
      <div className="status-sum" data-calm={isCalm || undefined} role="status">
        {isCalm ? <IconCircleCheck size={28} aria-hidden /> : <IconAlertTriangle size={28} aria-hidden />}
        <div>
          <Title order={1}>{isCalm ? t('status.calm') : t('status.current', { count: data.current.length })}</Title>
          <p>{t('status.asOf', { time: time(data.at) })}</p>
        </div>
      </div>
      {data.current.map((major) => (
        <PublicMajorCard key={major.number} major={major} service={nameOf(major.service)} />
      ))}
      <Title order={2} size="h3" mt="lg">
        {t('status.history')}
      </Title>
      {data.history.length === 0 ? <p className="status-none">{t('status.history.none')}</p> : null}
      {data.history.map((major) => (
        <PublicMajorCard key={major.number} major={major} service={nameOf(major.service)} />
      ))}
    </>
  )
}

const useStatusText = () => {
  const text = useText()
  return { ...text, time: text.dateTime }
}

/** What is down, since when, and what was said of it: for everybody, in two languages. */
export function StatusPage() {
  const { t } = useText()
  const isSignedIn = Boolean(useSession().data)
  useDocumentTitle(`${t('status.title')} · Guichet`)
  return (
    <div className="status-screen">
      <header className="survey-top">
        <span className="entry-brand">
          <img src="/guichet.svg" alt="" />
          {t('app.name')} · {t('status.title')}
        </span>
        <span className="status-tools">
          {isSignedIn ? (
            <Link to="/" className="plain status-back">
              <IconArrowLeft size={15} aria-hidden /> {t('status.back')}
            </Link>
          ) : null}
          <LanguageSwitch />
        </span>
      </header>
      <main className="status-main" id="content">
        <StatusBody />
      </main>
    </div>
  )
}
