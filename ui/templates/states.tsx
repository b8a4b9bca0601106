import { Alert, Button, Group, Skeleton, Stack, Text, Title } from '@mantine/core'
import { IconAlertTriangle, IconInbox, IconRefresh } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { isProblem } from '../client/http.ts'
import { type T, useText } from '../i18n/index.ts'

export interface EmptyStateProps {
  title?: string
  hint?: ReactNode
  icon?: ReactNode
  action?: ReactNode
  /** Less air, inside a panel. */
  isSmall?: boolean
}

/** Nothing to show: says why and what to do next. */
export function EmptyState({ title, hint, icon, action, isSmall = false }: EmptyStateProps) {
  const { t } = useText()
  return (
    <div className={`empty ${isSmall ? 'empty-small' : ''}`}>
      <span className="empty-icon" aria-hidden>
        {icon ?? <IconInbox size={isSmall ? 20 : 26} stroke={1.5} />}
      </span>
      <Text fw={600} size={isSmall ? 'sm' : 'md'}>
        {title ?? t('empty.title')}
      </Text>
      {hint ? (
        <Text c="dimmed" size="sm" maw={420} component="div">
          {hint}
        </Text>
      ) : null}
      {action ? <div className="empty-action">{action}</div> : null}
    </div>
  )
}

export interface ProblemWords {
  title: string
  detail: string
  remedy: string | undefined
}

/** What went wrong and what to do, in the reader's words. */
export function problemWords(error: unknown, t: T): ProblemWords {
  if (!isProblem(error))
    return { title: t('error.title'), detail: error instanceof Error ? error.message : String(error), remedy: undefined }
  const { problem } = error
  if (problem.status === 0) return { title: t('error.title'), detail: t('error.network'), remedy: t('error.network.remedy') }
  const isAddressWrong = problem.status === 422 && problem.errors?.length && problem.errors.every(({ path }) => path.startsWith('path.'))
  if (isAddressWrong) return { title: t('error.notFound.title'), detail: t('error.notFound'), remedy: undefined }
  if (problem.status === 404)
    return { title: t('error.notFound.title'), detail: problem.detail ?? t('error.notFound'), remedy: problem.remedy }
  if (problem.status === 403)
    return { title: t('error.forbidden.title'), detail: problem.detail ?? t('error.forbidden'), remedy: problem.remedy }
  if (problem.status >= 500)
    return { title: t('error.server'), detail: problem.detail ?? '', remedy: problem.remedy ?? t('error.server.remedy') }
  const places = (problem.errors ?? []).map((place) => `${place.path === '' ? '' : `${place.path} : `}${place.message}`).slice(0, 4)
  return { title: problem.title, detail: [problem.detail, ...places].filter(Boolean).join(' · '), remedy: problem.remedy }
}

/** A refusal in the place of the content, with its remedy and a way to try again. */
export function ErrorState({ error, onRetry, isSmall = false }: { error: unknown; onRetry?: () => void; isSmall?: boolean }) {
  const { t } = useText()
  const words = problemWords(error, t)
  const retry = onRetry ? (
    <Button variant="light" color="coral" size="xs" leftSection={<IconRefresh size={15} />} onClick={onRetry}>
      {t('common.retry')}
    </Button>
  ) : null
  return (
    <Alert
      className={isSmall ? 'error-small' : 'error-state'}
      color="coral"
      icon={<IconAlertTriangle size={20} />}
      title={words.title}
      role="alert"
    >
      <Stack gap={6} align="flex-start">
        <Text size="sm">{words.detail}</Text>
        {words.remedy ? (
          <Text size="sm" fw={500}>
            {words.remedy}
          </Text>
        ) : null}
        {retry}
      </Stack>
    </Alert>
  )
}

/** A page whose record could not be read: why, and a way on. */
export function PageFailure({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const { t } = useText()
  const words = problemWords(error, t)
  return (
    <PageError
      title={words.title}
      detail={[words.detail, words.remedy].filter(Boolean).join(' ')}
      action={
        <Group gap="xs" justify="center">
          <Button component={Link} to="/" variant="light">
            {t('error.home')}
          </Button>
          <Button variant="subtle" leftSection={<IconRefresh size={15} />} onClick={onRetry}>
            {t('common.retry')}
          </Button>
        </Group>
      }
    />
  )
}

/** A whole page's place taken by a refusal (404, 403, a broken page). */
export function PageError({ title, detail, action }: { title: string; detail: string; action?: ReactNode }) {
  return (
    <div className="page page-reading">
      <div className="empty">
        <span className="empty-icon" aria-hidden>
          <IconAlertTriangle size={26} stroke={1.5} />
        </span>
        <Title order={1} size="h2">
          {title}
        </Title>
        <Text c="dimmed">{detail}</Text>
        {action ? <div className="empty-action">{action}</div> : null}
      </div>
    </div>
  )
}

const rowNumbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index)

export function ListSkeleton({ rows = 8 }: { rows?: number }) {
  const { t } = useText()
  return (
    <div aria-busy="true" role="status" aria-label={t('common.loading')} className="skeleton-list">
      {rowNumbers(rows).map((row) => (
        <div key={row} className="skeleton-row">
          <Skeleton height={12} width={84} />
          <Skeleton height={12} style={{ flex: 1, maxWidth: `${70 - ((row * 13) % 35)}%` }} />
          <Skeleton height={18} width={72} radius="sm" />
        </div>
      ))}
    </div>
  )
}

export function RecordSkeleton() {
  const { t } = useText()
  return (
    <div className="page page-full" aria-busy="true" role="status" aria-label={t('common.loading')}>
      <Skeleton height={14} width={120} mb={12} />
      <Skeleton height={28} width="46%" mb={28} />
      <div className="record-columns">
        <Stack gap="md">
          <Skeleton height={120} radius="lg" />
          <Skeleton height={90} radius="lg" />
          <Skeleton height={160} radius="lg" />
        </Stack>
        <Stack gap="md">
          <Skeleton height={200} radius="lg" />
          <Skeleton height={260} radius="lg" />
        </Stack>
      </div>
    </div>
  )
}

/** A page on its way (lazy chunk, studio canvas). */
export function PageSkeleton() {
  const { t } = useText()
  return (
    <div className="page page-full" aria-busy="true" role="status" aria-label={t('common.loading')}>
      <Skeleton height={28} width={240} mb={24} />
      <Skeleton height={320} radius="lg" />
    </div>
  )
}
