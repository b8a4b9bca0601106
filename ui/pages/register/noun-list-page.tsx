import { Anchor, Badge, Button, CloseButton, SegmentedControl, Select, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { IconDatabase, IconFileImport, IconPlus, IconSearch } from '@tabler/icons-react'
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import type { Noun } from '#schema/noun'
import { nounByPath } from '#schema/nouns'
import type { RecordView } from '#schema/record'
import { useRecords, useReferenceChoices } from '../../client/records.ts'
import { hasRole, usePerson } from '../../client/session.ts'
import { useText } from '../../i18n/index.ts'
import type { RegisterSearch } from '../../routes/searches.ts'
import { NotFoundPage } from '../../shell/failure-pages.tsx'
import { ListPage } from '../../templates/list-page.tsx'
import { EmptyState, ErrorState, ListSkeleton } from '../../templates/states.tsx'
import { TableScroll } from '../../templates/table-scroll.tsx'
import { derivedColumns } from './derived.tsx'
import { FieldValue } from './field-value.tsx'
import './register.css'

type Change = (part: RegisterSearch) => void

function ReferenceFilter({ noun, name, value, change }: { noun: Noun; name: string; value: string | undefined; change: Change }) {
  const { locale, t } = useText()
  const field = noun.fields[name]
  const [isOpen, setOpen] = useState(value !== undefined)
  const choices = useReferenceChoices(field?.refersTo ?? '', '', isOpen).data ?? []
  const label = field?.label[locale] ?? name
  return (
    <Select
      className="filter register-filter"
      aria-label={label}
      placeholder={label}
      clearable
      searchable
      data={choices}
      value={value ?? null}
      nothingFoundMessage={t('palette.empty')}
      onDropdownOpen={() => setOpen(true)}
      onChange={(next) => change({ [name]: next ?? undefined })}
    />
  )
}

/** Filters in sight; the address takes all that the noun has. */
const filtersShown = 4

function Filters({ noun, search, change }: { noun: Noun; search: RegisterSearch; change: Change }) {
  const { t, locale } = useText()
  const [typed, setTyped] = useState(search.q ?? '')
  const send = useDebouncedCallback((q: string) => change({ q: q.trim() || undefined }), 250)
  const type = (q: string): void => {
    setTyped(q)
    send(q)
  }
  const names = noun.filters.filter((name, index) => index < filtersShown || search[name] !== undefined)
  return (
    <>
      <TextInput
        className="filter-search"
        type="search"
        aria-label={t('register.search', { noun: noun.many[locale].toLowerCase() })}
        placeholder={t('register.search', { noun: noun.many[locale].toLowerCase() })}
        leftSection={<IconSearch size={16} />}
        rightSection={typed === '' ? null : <CloseButton size="sm" onClick={() => type('')} aria-label={t('common.clear')} />}
        value={typed}
        onChange={(event) => type(event.currentTarget.value)}
      />
      {names.map((name) => {
        const field = noun.fields[name]
        if (!field?.choices) return <ReferenceFilter key={name} noun={noun} name={name} value={search[name]} change={change} />
        return (
          <Select
            key={name}
            className="filter register-filter"
            aria-label={field.label[locale]}
            placeholder={field.label[locale]}
            clearable
            data={field.choices.map((choice) => ({ value: choice.value, label: choice[locale] }))}
            value={search[name] ?? null}
            onChange={(next) => change({ [name]: next ?? undefined })}
          />
        )
      })}
      <SegmentedControl
        size="xs"
        aria-label={t('register.archive.which')}
        value={search.archived ?? 'no'}
        onChange={(next) => change({ archived: next === 'no' ? undefined : next })}
        data={[
          { value: 'no', label: t('register.current') },
          { value: 'only', label: t('register.archive') },
        ]}
      />
    </>
  )
}

function SortHeader({ name, label, search, change }: { name: string; label: string; search: RegisterSearch; change: Change }) {
  const isUp = search.sort === name
  const isDown = search.sort === `-${name}`
  return (
    <th scope="col" aria-sort={isUp ? 'ascending' : isDown ? 'descending' : 'none'}>
      <button type="button" className="sort-header" onClick={() => change({ sort: isUp ? `-${name}` : isDown ? undefined : name })}>
        {label} <span aria-hidden>{isUp ? '↑' : isDown ? '↓' : ''}</span>
      </button>
    </th>
  )
}

function Table({ noun, records, search, change }: { noun: Noun; records: RecordView[]; search: RegisterSearch; change: Change }) {
  const texts = useText()
  const { t, locale } = texts
  const derived = derivedColumns[noun.id] ?? []
  const mayOpen = (record: RecordView) => ({ path: noun.path, id: record.id })
  return (
    <TableScroll label={noun.many[locale]}>
      <table className="g-table">
        <thead>
          <tr>
            <th scope="col">{noun.title.length === 1 ? noun.fields[noun.title[0] ?? '']?.label[locale] : noun.one[locale]}</th>
            {derived.map((column) => (
              <th scope="col" key={column.label}>
                {t(column.label)}
              </th>
            ))}
            {noun.list.map((name) => (
              <SortHeader key={name} name={name} label={noun.fields[name]?.label[locale] ?? name} search={search} change={change} />
            ))}
          </tr>
        </thead>
        <tbody>
          {records.map((record) => (
            <tr key={record.id}>
              <td className="record-title">
                <Anchor component={Link} to="/register/$path/$id" params={mayOpen(record) as never} fw={600} size="sm">
                  {record.title}
                </Anchor>{' '}
                {record.isArchived ? <Badge color="gray">{t('register.archived.badge')}</Badge> : null}
              </td>
              {derived.map((column) => (
                <td key={column.label}>{column.show(record, texts)}</td>
              ))}
              {noun.list.map((name) => {
                const field = noun.fields[name]
                return (
                  <td key={name} className={field?.kind === 'references' ? 'cell-wide' : undefined}>
                    {field ? (
                      <FieldValue name={name} field={field} value={record.values[name]} names={record.names[name] ?? {}} isShort />
                    ) : null}
                  </td>
                )
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </TableScroll>
  )
}

function NounList({ noun }: { noun: Noun }) {
  const { t, locale } = useText()
  const navigate = useNavigate()
  const person = usePerson()
  const search = useSearch({ from: '/app/register/$path' }) as RegisterSearch
  const { data, error, isPending, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = useRecords(noun.path, search)
  const change: Change = (part) =>
    void navigate({
      to: '/register/$path',
      params: { path: noun.path },
      search: Object.fromEntries(Object.entries({ ...search, ...part }).filter(([, value]) => value !== undefined)),
      replace: true,
    })
  const records = data?.pages.flatMap((page) => page.items) ?? []
  const mayWrite = hasRole(person, ...noun.writers)
  const isNarrowed = Object.keys(search).some((name) => name !== 'sort')
  const add = mayWrite ? (
    <>
      <Button
        component={Link}
        to="/register/$path/import"
        params={{ path: noun.path } as never}
        variant="default"
        leftSection={<IconFileImport size={16} />}
      >
        {t('register.import')}
      </Button>
      <Button
        component={Link}
        to="/register/$path/$id"
        params={{ path: noun.path, id: 'new' } as never}
        leftSection={<IconPlus size={16} />}
      >
        {t('register.new')}
      </Button>
    </>
  ) : undefined
  return (
    <ListPage
      title={noun.many[locale]}
      lead={data?.pages[0]?.total === undefined ? undefined : t('common.total', { count: data.pages[0].total })}
      actions={add}
      filters={<Filters key={noun.id} noun={noun} search={search} change={change} />}
    >
      <div className="panel panel-flush">
        {isPending ? <ListSkeleton /> : null}
        {error ? <ErrorState error={error} onRetry={() => void refetch()} /> : null}
        {data && records.length === 0 ? (
          <EmptyState
            icon={<IconDatabase size={26} stroke={1.5} />}
            title={isNarrowed ? t('empty.filtered') : t('register.empty')}
            hint={isNarrowed ? t('empty.filtered.hint') : t('register.empty.hint')}
          />
        ) : null}
        {records.length > 0 ? <Table noun={noun} records={records} search={search} change={change} /> : null}
      </div>
      {hasNextPage ? (
        <Button variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()} className="load-more">
          {t('common.loadMore')}
        </Button>
      ) : null}
    </ListPage>
  )
}

/** The list of any noun of the register. */
export function NounListPage() {
  const { path } = useParams({ from: '/app/register/$path' })
  const noun = nounByPath(path)
  return noun ? <NounList key={noun.id} noun={noun} /> : <NotFoundPage />
}
