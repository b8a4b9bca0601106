import { ActionIcon, Anchor, Button, Group, Select, Text, TextInput, VisuallyHidden } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconChevronDown, IconChevronRight, IconFilterOff } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { Fragment, useState } from 'react'
import { DeskFact, EngineFact } from '#schema/fact'
import { type LedgerFact, type LedgerQuery, useLedgerFacts, usePeople } from '../../client/index.ts'
import { useText } from '../../i18n/index.ts'
import { EmptyState, ErrorState, ListSkeleton, Panel, TableScroll } from '../../templates/index.ts'
import { factWords } from '../ticket/fact-words.ts'
import { useNames } from '../ticket/use-names.ts'

const factTypes: string[] = [...DeskFact.options, ...EngineFact.options].map((option) => option.shape.type.value)
interface Filters {
  stream: string
  type: string | null
  actorId: string | null
  from: string
  to: string
}
const none: Filters = { stream: '', type: null, actorId: null, from: '', to: '' }

/** Midnight of that day, here; one day on for an inclusive end. */
const dayStart = (day: string, plusDays = 0): string | undefined => {
  if (day === '') return undefined
  const date = new Date(`${day}T00:00:00`)
  date.setDate(date.getDate() + plusDays)
  return date.toISOString()
}

/** Facts of all streams, newest first, by who, when, what and where. */
export function FactExplorer() {
  const { t } = useText()
  const [filters, setFilters] = useState(none)
  const [stream] = useDebouncedValue(filters.stream.trim(), 350)
  const query: LedgerQuery = {
    ...(stream ? { streamId: stream } : {}),
    ...(filters.type ? { type: filters.type } : {}),
    ...(filters.actorId ? { actorId: filters.actorId } : {}),
    ...(filters.from ? { from: dayStart(filters.from) } : {}),
    ...(filters.to ? { to: dayStart(filters.to, 1) } : {}),
  }
  const facts = useLedgerFacts(query)
  const rows = facts.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <Panel isFlush title={t('audit.explorer')}>
      <FilterBar filters={filters} onChange={setFilters} />
      {facts.isPending && <ListSkeleton rows={6} />}
      {facts.isError && (
        <div style={{ padding: 20 }}>
          <ErrorState error={facts.error} onRetry={() => void facts.refetch()} isSmall />
        </div>
      )}
      {facts.isSuccess && rows.length === 0 && <EmptyState isSmall title={t('empty.filtered')} hint={t('empty.filtered.hint')} />}
      {rows.length > 0 && <FactTable rows={rows} onStream={(id) => setFilters({ ...filters, stream: id })} />}
      {facts.hasNextPage && (
        <Group justify="center" p="sm">
          <Button variant="subtle" loading={facts.isFetchingNextPage} onClick={() => void facts.fetchNextPage()}>
            {t('common.loadMore')}
          </Button>
        </Group>
      )}
    </Panel>
  )
}

function FilterBar({ filters, onChange }: { filters: Filters; onChange: (filters: Filters) => void }) {
  const { t, tOr } = useText()
  const people = usePeople('').data ?? []
  const set = (change: Partial<Filters>) => onChange({ ...filters, ...change })
  const isFiltered = Object.values(filters).some((value) => value !== null && value !== '')
  return (
    <div className="page-filters" style={{ padding: '10px 20px 14px', alignItems: 'flex-end' }}>
      <TextInput
        label={t('audit.filter.stream')}
        placeholder="INC-000123"
        w={190}
        value={filters.stream}
        onChange={(event) => set({ stream: event.currentTarget.value })}
      />
      <Select
        label={t('audit.filter.type')}
        placeholder={t('common.all')}
        w={230}
        searchable
        clearable
        value={filters.type}
        onChange={(type) => set({ type })}
        data={factTypes.map((type) => ({ value: type, label: tOr(`audit.type.${type}`, type) }))}
      />
      <Select
        label={t('audit.filter.who')}
        placeholder={t('common.all')}
        w={210}
        searchable
        clearable
        value={filters.actorId}
        onChange={(actorId) => set({ actorId })}
        data={[
          { value: 'system', label: 'Guichet' },
          ...people.filter((person) => person.id !== 'system').map((person) => ({ value: person.id, label: person.name })),
        ]}
      />
      <TextInput
        type="date"
        label={t('audit.filter.from')}
        value={filters.from}
        max={filters.to || undefined}
        onChange={(event) => set({ from: event.currentTarget.value })}
      />
      <TextInput
        type="date"
        label={t('audit.filter.to')}
        value={filters.to}
        min={filters.from || undefined}
        onChange={(event) => set({ to: event.currentTarget.value })}
      />
      {isFiltered && (
        <Button variant="subtle" color="gray" leftSection={<IconFilterOff size={15} />} onClick={() => onChange(none)}>
          {t('common.clear')}
        </Button>
      )}
    </div>
  )
}

function FactTable({ rows, onStream }: { rows: LedgerFact[]; onStream: (streamId: string) => void }) {
  const { t } = useText()
  return (
    <TableScroll label={t('audit.explorer')}>
      <table className="g-table audit-table" style={{ minWidth: 860 }}>
        <thead>
          <tr>
            <th style={{ width: 40 }}>
              <VisuallyHidden>{t('audit.detail')}</VisuallyHidden>
            </th>
            <th>{t('audit.when')}</th>
            <th>{t('audit.stream')}</th>
            <th>{t('audit.who')}</th>
            <th>{t('audit.what')}</th>
            <th>{t('audit.hash')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((fact) => (
            <FactRow key={`${fact.streamId} ${fact.sequence}`} fact={fact} onStream={onStream} />
          ))}
        </tbody>
      </table>
    </TableScroll>
  )
}

function FactRow({ fact, onStream }: { fact: LedgerFact; onStream: (streamId: string) => void }) {
  const texts = useText()
  const { t, dateTime } = texts
  const nameOf = useNames()
  const [isOpen, setOpen] = useState(false)
  return (
    <Fragment>
      <tr>
        <td>
          <ActionIcon
            variant="subtle"
            color="gray"
            size="sm"
            aria-expanded={isOpen}
            aria-label={t('audit.detail')}
            onClick={() => setOpen(!isOpen)}
          >
            {isOpen ? <IconChevronDown size={15} /> : <IconChevronRight size={15} />}
          </ActionIcon>
        </td>
        <td className="num" style={{ whiteSpace: 'nowrap' }} title={fact.at}>
          {dateTime(fact.at)}
        </td>
        <td style={{ whiteSpace: 'nowrap' }}>
          {fact.ticketNumber ? (
            <Anchor component={Link} to="/audit/tickets/$id" params={{ id: fact.ticketNumber } as never} size="sm" fw={600}>
              {fact.ticketNumber}
            </Anchor>
          ) : (
            <Anchor component="button" size="sm" onClick={() => onStream(fact.streamId)}>
              {fact.streamId.length > 22 ? `${fact.streamId.slice(0, 20)}…` : fact.streamId}
            </Anchor>
          )}{' '}
          <Text span size="xs" c="dimmed" className="num">
            #{fact.sequence}
          </Text>
        </td>
        <td>
          <Text size="sm">{fact.actor.name}</Text>
        </td>
        <td>
          <Text size="sm">{factWords(fact, texts, nameOf).text}</Text>
          <Text size="xs" c="dimmed" className="mono">
            {fact.type}
          </Text>
        </td>
        <td>
          <Text size="xs" c="dimmed" className="mono" title={fact.hash}>
            {fact.hash.slice(0, 10)}
          </Text>
        </td>
      </tr>
      {isOpen && (
        <tr className="audit-fact">
          <td />
          <td colSpan={5}>
            <pre>
              {JSON.stringify(fact.fact, null, 2)}
              {'\n'}sha256 {fact.hash}
              {'\n'}
              {t('audit.recorded', { date: dateTime(fact.recordedAt) })}
            </pre>
          </td>
        </tr>
      )}
    </Fragment>
  )
}
