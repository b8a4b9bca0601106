import { Button, Group, Select, Text, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconFilterOff, IconHeadset, IconPlus, IconSearch } from '@tabler/icons-react'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { ChannelId } from '#schema/ticket'
import { type ContactRow, type DeskRow, useContacts, useDesks } from '../../client/desks.ts'
import { hasRole, usePerson } from '../../client/session.ts'
import { useText } from '../../i18n/index.ts'
import type { InteractionSearch } from '../../routes/searches.ts'
import { ListPage } from '../../templates/list-page.tsx'
import { EmptyState, ErrorState, ListSkeleton } from '../../templates/states.tsx'
import { CallFigures } from './call-figures.tsx'
import { ContactDialog } from './contact-dialog.tsx'
import { ContactTable } from './contact-table.tsx'
import { WalkInPanel } from './walk-in-panel.tsx'
import '../../styles/interactions.css'

const figureDays = 30
const states = ['open', 'answered', 'ticket', 'abandoned', 'automatic'] as const

interface FilterProps {
  desks: DeskRow[]
  search: InteractionSearch
  change: (part: InteractionSearch) => void
}

function Filters({ desks, search, change }: FilterProps) {
  const { t, locale } = useText()
  return (
    <>
      <TextInput
        className="filter-search"
        type="search"
        aria-label={t('interactions.search')}
        placeholder={t('interactions.search')}
        leftSection={<IconSearch size={16} />}
        value={search.q ?? ''}
        onChange={(event) => change({ q: event.currentTarget.value || undefined })}
      />
      <Select
        className="filter"
        clearable
        aria-label={t('desk.filter')}
        placeholder={t('desk.filter')}
        value={search.desk ?? null}
        data={desks.map((desk) => ({ value: desk.id, label: desk.name[locale] }))}
        onChange={(desk) => change({ desk: desk ?? undefined })}
      />
      <Select
        className="filter"
        clearable
        aria-label={t('interactions.channel')}
        placeholder={t('interactions.channel')}
        value={search.channel ?? null}
        data={ChannelId.options.map((channel) => ({ value: channel, label: t(`channel.${channel}`) }))}
        onChange={(channel) => change({ channel: channel ?? undefined, metric: undefined })}
      />
      <Select
        className="filter"
        clearable
        aria-label={t('interactions.state')}
        placeholder={t('interactions.state')}
        value={search.state ?? null}
        data={states.map((state) => ({ value: state, label: t(`disposition.${state}`) }))}
        onChange={(state) => change({ state: state ?? undefined })}
      />
      {search.metric ? (
        <Button
          variant="subtle"
          size="xs"
          leftSection={<IconFilterOff size={15} />}
          onClick={() => change({ metric: undefined, from: undefined })}
        >
          {t('interactions.counted', { name: search.metric })}
        </Button>
      ) : null}
    </>
  )
}

function List({ search, onWrapUp }: { search: InteractionSearch; onWrapUp?: (contact: ContactRow) => void }) {
  const { t } = useText()
  const [q] = useDebouncedValue(search.q, 250)
  const { desk, q: _, ...rest } = search
  const query = { ...rest, ...(desk ? { deskId: desk } : {}), ...(q ? { q } : {}) }
  const { data, error, isPending, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useContacts(query)
  const contacts = data?.pages.flatMap((page) => page.items) ?? []
  if (isPending) return <ListSkeleton />
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />
  if (contacts.length === 0)
    return <EmptyState icon={<IconHeadset size={26} stroke={1.5} />} title={t('interactions.empty')} hint={t('interactions.empty.hint')} />
  return (
    <>
      <Text size="sm" c="dimmed" px="md" pt="sm">
        {t('common.total', { count: data?.pages[0]?.total ?? contacts.length })}
      </Text>
      <ContactTable contacts={contacts} label={t('interactions.title')} {...(onWrapUp ? { onWrapUp } : {})} />
      {hasNextPage ? (
        <Group justify="center" p="sm">
          <Button variant="subtle" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            {t('common.loadMore')}
          </Button>
        </Group>
      ) : null}
    </>
  )
}

/** All that comes in, on every channel; agents note contacts here and call visitors. */
export function InteractionsPage() {
  const { t } = useText()
  const navigate = useNavigate()
  const search = useSearch({ strict: false }) as InteractionSearch
  const isAgent = hasRole(usePerson(), 'agent', 'administrator')
  const mine = (useDesks().data ?? []).filter((desk) => desk.isMine)
  const [noted, setNoted] = useState<ContactRow | 'new' | null>(null)
  const from = useMemo(() => new Date(new Date().setHours(0, 0, 0, 0) - figureDays * 86_400_000).toISOString(), [])
  const change = (part: InteractionSearch): void => {
    void navigate({ to: '/interactions', search: { ...search, ...part }, replace: true })
  }
  const channel = search.channel === 'walkIn' || search.channel === 'chat' ? search.channel : 'phone'
  const counters = mine.filter((desk) => desk.type === 'itServiceDesk' && (desk.channels.length === 0 || desk.channels.includes('walkIn')))
  return (
    <ListPage
      title={t('interactions.title')}
      lead={t('interactions.lead')}
      actions={
        isAgent ? (
          <Button leftSection={<IconPlus size={16} />} onClick={() => setNoted('new')}>
            {t('interactions.log')}
          </Button>
        ) : undefined
      }
      filters={<Filters desks={mine} search={search} change={change} />}
    >
      {isAgent ? counters.map((desk) => <WalkInPanel key={desk.id} desk={desk} onCalled={setNoted} />) : null}
      <CallFigures query={{ channel, from, ...(search.desk ? { deskId: search.desk } : {}) }} days={figureDays} />
      <div className="panel panel-flush">
        <List search={search} {...(isAgent ? { onWrapUp: setNoted } : {})} />
      </div>
      {noted && mine.length > 0 ? (
        <ContactDialog desks={mine} contact={noted === 'new' ? null : noted} onClose={() => setNoted(null)} />
      ) : null}
    </ListPage>
  )
}
