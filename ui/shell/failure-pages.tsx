import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useText } from '../i18n/index.ts'
import { ErrorState, PageError } from '../templates/states.tsx'

function HomeButton() {
  const { t } = useText()
  return (
    <Button component={Link} to="/" variant="light">
      {t('error.home')}
    </Button>
  )
}

export function NotFoundPage() {
  const { t } = useText()
  return <PageError title={t('error.notFound.title')} detail={t('error.notFound')} action={<HomeButton />} />
}
export function ForbiddenPage() {
  const { t } = useText()
  return <PageError title={t('error.forbidden.title')} detail={t('error.forbidden')} action={<HomeButton />} />
}
export function FailurePage({ error, reset }: { error: unknown; reset?: () => void }) {
  return (
    <div className="page page-reading">
      <ErrorState error={error} {...(reset ? { onRetry: reset } : {})} />
      <div>
        <HomeButton />
      </div>
    </div>
  )
}
