import { Anchor, Badge, Button, Text } from '@mantine/core'
import { modals } from '@mantine/modals'
import { IconArchive, IconArchiveOff } from '@tabler/icons-react'
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import type { Noun } from '#schema/noun'
import { nounByPath } from '#schema/nouns'
import type { RecordView } from '#schema/record'
import { useArchiveRecord, useRecord } from '../../client/records.ts'
import { hasRole, usePerson } from '../../client/session.ts'
import { useText } from '../../i18n/index.ts'
import type { RegisterSearch } from '../../routes/searches.ts'
import { NotFoundPage } from '../../shell/failure-pages.tsx'
import { notifyDone, notifyProblem } from '../../templates/notify.tsx'
import { PageHeader, Panel } from '../../templates/page.tsx'
import { RecordPage } from '../../templates/record-page.tsx'
import { ErrorState, RecordSkeleton } from '../../templates/states.tsx'
import { derivedColumns } from './derived.tsx'
import { ImpactPanel } from './impact-panel.tsx'
import { LinkedRecords } from './linked-records.tsx'
import { QuestionsPanel, SeatsPanel } from './questions-panel.tsx'
import { initialValues, RecordForm } from './record-form.tsx'
import { RecordHistory } from './record-history.tsx'
import './register.css'

function Crumbs({ noun }: { noun: Noun }) {
  const { locale } = useText()
  return (
    <Anchor component={Link} to="/register/$path" params={{ path: noun.path } as never} size="xs">
      {noun.many[locale]}
    </Anchor>
  )
}

function ArchiveButton({ noun, record }: { noun: Noun; record: RecordView }) {
  const { t } = useText()
  const archive = useArchiveRecord(noun.path)
  const send = (isArchived: boolean): void =>
    archive.mutate(
      { id: record.id, version: record.version, isArchived },
      {
        onSuccess: () => notifyDone(t(isArchived ? 'register.archived' : 'register.restored')),
        onError: (error) => notifyProblem(error, t),
      },
    )
  if (record.isArchived)
    return (
      <Button variant="default" leftSection={<IconArchiveOff size={16} />} loading={archive.isPending} onClick={() => send(false)}>
        {t('register.restore')}
      </Button>
    )
  const ask = (): void => {
    modals.openConfirmModal({
      title: t('register.archive.ask', { title: record.title }),
      children: <Text size="sm">{t('register.archive.hint')}</Text>,
      labels: { confirm: t('register.archive.do'), cancel: t('common.cancel') },
      onConfirm: () => send(true),
    })
  }
  return (
    <Button variant="default" leftSection={<IconArchive size={16} />} loading={archive.isPending} onClick={ask}>
      {t('register.archive.do')}
    </Button>
  )
}

function Derived({ noun, record }: { noun: Noun; record: RecordView }) {
  const texts = useText()
  const columns = (derivedColumns[noun.id] ?? []).map((column) => ({ ...column, shown: column.show(record, texts) }))
  const told = columns.filter(({ shown }) => shown !== null)
  if (told.length === 0) return null
  return (
    <Panel>
      <dl className="derived-facts">
        {told.map((column) => (
          <div key={column.label}>
            <dt>{texts.t(column.label)}</dt>
            <dd>{column.shown}</dd>
          </div>
        ))}
      </dl>
    </Panel>
  )
}

function Existing({ noun, id }: { noun: Noun; id: string }) {
  const { t } = useText()
  const person = usePerson()
  const { data: record, error, isPending, refetch } = useRecord(noun.path, id)
  if (isPending) return <RecordSkeleton />
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />
  const mayWrite = hasRole(person, ...noun.writers)
  return (
    <RecordPage
      header={
        <PageHeader
          title={record.title}
          crumbs={<Crumbs noun={noun} />}
          lead={record.isArchived ? <Badge color="gray">{t('register.archived.badge')}</Badge> : undefined}
          actions={mayWrite ? <ArchiveButton noun={noun} record={record} /> : undefined}
        />
      }
      aside={
        <>
          <LinkedRecords noun={noun} id={id} />
          <Panel title={t('register.history')}>
            <RecordHistory noun={noun} id={id} />
          </Panel>
        </>
      }
    >
      <Derived noun={noun} record={record} />
      {noun.id === 'licence' ? <SeatsPanel id={id} /> : null}
      {noun.id === 'licence' || noun.id === 'maintenance-contract' ? <QuestionsPanel path={noun.path} id={id} /> : null}
      <Panel>
        <RecordForm
          key={`${id}/${record.isArchived}`}
          noun={noun}
          record={record}
          initial={record.values}
          mayWrite={mayWrite && !record.isArchived}
          onSaved={() => undefined}
        />
      </Panel>
      {noun.id === 'configuration-item' ? <ImpactPanel id={id} /> : null}
    </RecordPage>
  )
}

function Fresh({ noun, given }: { noun: Noun; given: RegisterSearch }) {
  const { t, locale } = useText()
  const navigate = useNavigate()
  const presets = Object.fromEntries(Object.entries(given).filter((each): each is [string, string] => each[1] !== undefined))
  return (
    <RecordPage
      width="reading"
      header={<PageHeader title={t('register.add', { noun: noun.one[locale] })} crumbs={<Crumbs noun={noun} />} />}
    >
      <Panel>
        <RecordForm
          noun={noun}
          record={null}
          initial={initialValues(noun, presets)}
          mayWrite={hasRole(usePerson(), ...noun.writers)}
          onSaved={({ id }) => void navigate({ to: '/register/$path/$id', params: { path: noun.path, id }, search: {}, replace: true })}
        />
      </Panel>
    </RecordPage>
  )
}

/** One record of any noun: its fields, what is linked to it, its history; `new` makes one. */
export function RegisterRecordPage() {
  const { path, id } = useParams({ from: '/app/register/$path/$id' })
  const search = useSearch({ from: '/app/register/$path/$id' }) as RegisterSearch
  const noun = nounByPath(path)
  if (!noun) return <NotFoundPage />
  return id === 'new' ? <Fresh key={noun.id} noun={noun} given={search} /> : <Existing key={`${noun.id}/${id}`} noun={noun} id={id} />
}
