import { Button, Group, Text } from '@mantine/core'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import type { KnownErrorView } from '#schema/known-error'
import { useKnownError, useMoveKnownError } from '../../client/problems.ts'
import { hasRole, usePerson } from '../../client/session.ts'
import { useText } from '../../i18n/index.ts'
import { ListPage } from '../../templates/list-page.tsx'
import { notifyDone, notifyProblem } from '../../templates/notify.tsx'
import { Panel } from '../../templates/page.tsx'
import { ErrorState, ListSkeleton } from '../../templates/states.tsx'
import { KnownErrorForm } from './known-error-form.tsx'
import { KnownErrorBadge } from './known-errors-page.tsx'
import './problems.css'

function TextPanel({ title, text }: { title: string; text: string }) {
  if (text === '') return null
  return (
    <Panel title={title}>
      <div className="prose" style={{ whiteSpace: 'pre-wrap' }}>
        {text}
      </div>
    </Panel>
  )
}

function Actions({ known, onEdit }: { known: KnownErrorView; onEdit: () => void }) {
  const { t } = useText()
  const move = useMoveKnownError(known.id)
  const to = (state: 'published' | 'retired'): void =>
    move.mutate(state, { onSuccess: () => notifyDone(t(`known.done.${state}`)), onError: (problem) => notifyProblem(problem, t) })
  return (
    <Group gap="xs">
      <KnownErrorBadge state={known.state} />
      <Button variant="default" onClick={onEdit}>
        {t('known.edit')}
      </Button>
      {known.state === 'published' ? (
        <Button variant="subtle" color="coral" loading={move.isPending} onClick={() => to('retired')}>
          {t('known.retire')}
        </Button>
      ) : (
        <Button loading={move.isPending} onClick={() => to('published')}>
          {t('known.publish')}
        </Button>
      )}
    </Group>
  )
}

function Reader({ known }: { known: KnownErrorView }) {
  const { t, dateTime } = useText()
  return (
    <div className="known-grid">
      <TextPanel title={t('known.symptoms')} text={known.symptoms} />
      <TextPanel title={t('known.workaround')} text={known.workaround} />
      <TextPanel title={t('known.rootCause')} text={known.rootCause} />
      {known.usedIn.length > 0 ? (
        <Panel title={t('known.usedIn', { count: known.uses })}>
          {known.usedIn.map((use) => (
            <Text key={use.id} size="sm">
              <Link to="/tickets/$id" params={{ id: use.number }} className="mono">
                {use.number}
              </Link>{' '}
              {use.title} · {dateTime(use.at)}
            </Text>
          ))}
        </Panel>
      ) : null}
      {known.versions.length > 0 ? (
        <Panel title={t('known.versions')}>
          {known.versions.map((version) => (
            <Text key={version.version} size="sm" c="dimmed">
              {version.version} · {version.by.name} · {dateTime(version.at)} {version.note ? `· ${version.note}` : ''}
            </Text>
          ))}
        </Panel>
      ) : null}
    </div>
  )
}

/** One known error: read, edited, published, retired. `new` writes one. */
export function KnownErrorPage() {
  const { t } = useText()
  const { id } = useParams({ from: '/app/known-errors/$id' })
  const navigate = useNavigate()
  const mayEdit = hasRole(usePerson(), 'agent', 'processOwner', 'administrator')
  const [isEditing, setEditing] = useState(false)
  const { data: known, error, isLoading, refetch } = useKnownError(id)
  const isNew = id === 'new'
  const saved = (one: KnownErrorView): void => {
    setEditing(false)
    void navigate({ to: '/known-errors/$id', params: { id: one.id } })
  }
  return (
    <ListPage
      width="reading"
      title={isNew ? t('known.new') : (known?.title ?? t('known.title'))}
      crumbs={<Link to="/known-errors">{t('known.title')}</Link>}
      lead={
        known ? (
          <>
            <span className="mono">{known.number}</span> · {t(`known.audience.${known.audience}`)}
            {known.problem ? (
              <>
                {' · '}
                <Link to="/tickets/$id" params={{ id: known.problem.number }}>
                  {known.problem.number}
                </Link>
              </>
            ) : null}
          </>
        ) : undefined
      }
      actions={known && mayEdit && !isEditing ? <Actions known={known} onEdit={() => setEditing(true)} /> : null}
    >
      {isLoading ? <ListSkeleton /> : null}
      {error ? <ErrorState error={error} onRetry={() => void refetch()} /> : null}
      {isNew || (known && isEditing) ? (
        <Panel>
          <KnownErrorForm known={known ?? null} onSaved={saved} />
        </Panel>
      ) : known ? (
        <Reader known={known} />
      ) : null}
    </ListPage>
  )
}
