import { Anchor, Badge, Group, SegmentedControl, Text, TextInput, ThemeIcon } from '@mantine/core'
import {
  IconCalendarTime,
  IconClockExclamation,
  IconForms,
  IconMailCode,
  IconSearch,
  IconShoppingCart,
  IconSitemap,
  IconTablePlus,
} from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { DefinitionRow } from '#schema/view'
import { type DefinitionKind, useDefinitions } from '../../client/index.ts'
import { readDraft } from '../../editor/drafts.ts'
import { useText } from '../../i18n/index.ts'
import { EmptyState, ErrorState, ListPage, ListSkeleton, Panel, TableScroll } from '../../templates/index.ts'

const kinds: { kind: DefinitionKind; icon: typeof IconSitemap }[] = [
  { kind: 'process', icon: IconSitemap },
  { kind: 'decision', icon: IconTablePlus },
  { kind: 'form', icon: IconForms },
  { kind: 'sla', icon: IconClockExclamation },
  { kind: 'calendar', icon: IconCalendarTime },
  { kind: 'template', icon: IconMailCode },
  { kind: 'catalogue', icon: IconShoppingCart },
]

/** All that the desk is made of: every definition, its version in force, and how many open tickets follow it. */
export function StudioListPage() {
  const { t } = useText()
  const [kind, setKind] = useState<DefinitionKind | 'all'>('all')
  const [q, setQ] = useState('')
  const definitions = useDefinitions()
  const found = (definitions.data ?? []).filter(
    (row) => (kind === 'all' || row.kind === kind) && `${row.name} ${row.id}`.toLocaleLowerCase().includes(q.trim().toLocaleLowerCase()),
  )
  const shown = kinds
    .map((entry) => ({ ...entry, rows: found.filter((row) => row.kind === entry.kind).sort((a, b) => a.name.localeCompare(b.name)) }))
    .filter((entry) => entry.rows.length > 0)
  return (
    <ListPage
      title={t('studio.title')}
      lead={t('studio.list.lead')}
      filters={
        <>
          <TextInput
            w={260}
            leftSection={<IconSearch size={15} />}
            placeholder={t('studio.list.search')}
            aria-label={t('studio.list.search')}
            value={q}
            onChange={(event) => setQ(event.currentTarget.value)}
          />
          <div className="table-scroll">
            <SegmentedControl
              value={kind}
              onChange={(value) => setKind(value as DefinitionKind | 'all')}
              data={[
                { value: 'all', label: t('common.all') },
                ...kinds.map((entry) => ({ value: entry.kind, label: t(`studio.kinds.${entry.kind}`) })),
              ]}
            />
          </div>
        </>
      }
    >
      {definitions.isPending && (
        <Panel isFlush>
          <ListSkeleton rows={6} />
        </Panel>
      )}
      {definitions.isError && <ErrorState error={definitions.error} onRetry={() => void definitions.refetch()} />}
      {definitions.isSuccess && shown.length === 0 && (
        <Panel>
          <EmptyState
            {...(definitions.data.length > 0
              ? { title: t('empty.filtered'), hint: t('empty.filtered.hint') }
              : { hint: t('studio.list.empty') })}
          />
        </Panel>
      )}
      {shown.map((entry) => (
        <DefinitionPanel key={entry.kind} kind={entry.kind} icon={entry.icon} rows={entry.rows} />
      ))}
    </ListPage>
  )
}

function DefinitionPanel({ kind, icon: Icon, rows }: { kind: DefinitionKind; icon: typeof IconSitemap; rows: DefinitionRow[] }) {
  const { t } = useText()
  return (
    <Panel
      isFlush
      title={
        <Group gap="xs">
          <ThemeIcon variant="light" size="sm" radius="sm">
            <Icon size={15} />
          </ThemeIcon>
          {t(`studio.kinds.${kind}`)}
          <Text span size="sm" c="dimmed" fw={400}>
            {rows.length}
          </Text>
        </Group>
      }
    >
      <TableScroll label={t(`studio.kinds.${kind}`)}>
        <table className="g-table" style={{ marginTop: 10, minWidth: 720, tableLayout: 'fixed' }}>
          <colgroup>
            <col style={{ width: '34%' }} />
            <col style={{ width: 92 }} />
            <col style={{ width: '20%' }} />
            <col />
            <col style={{ width: 150 }} />
          </colgroup>
          <thead>
            <tr>
              <th>{t('studio.list.name')}</th>
              <th>{t('studio.version')}</th>
              <th>{t('studio.list.deployed')}</th>
              <th>{t('studio.list.note')}</th>
              <th style={{ textAlign: 'right' }}>{kind === 'process' ? t('studio.list.open') : ''}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <DefinitionLine key={row.id} row={row} />
            ))}
          </tbody>
        </table>
      </TableScroll>
    </Panel>
  )
}

function DefinitionLine({ row }: { row: DefinitionRow }) {
  const { t, ago, dateTime, number } = useText()
  const hasDraft = readDraft(row.kind, row.id) !== null
  return (
    <tr>
      <td>
        <Anchor component={Link} to="/studio/$kind/$id" params={{ kind: row.kind, id: row.id } as never} fw={600} size="sm">
          {row.name}
        </Anchor>
        <Group gap={6}>
          <Text size="xs" c="dimmed" className="mono">
            {row.id}
          </Text>
          {hasDraft && (
            <Badge size="xs" color="amber">
              {t('studio.list.draft')}
            </Badge>
          )}
        </Group>
      </td>
      <td>
        <Badge color="gray" className="num">
          v{row.version}
        </Badge>
      </td>
      <td>
        <Text size="sm" truncate>
          {row.deployedBy.name}
        </Text>
        <Text size="xs" c="dimmed" title={dateTime(row.deployedAt)}>
          {ago(row.deployedAt)}
        </Text>
      </td>
      <td>
        <Text size="sm" c="dimmed" truncate title={row.note}>
          {row.note === '' ? '—' : row.note}
        </Text>
      </td>
      <td style={{ textAlign: 'right' }} className="num">
        {row.kind === 'process' ? number(row.openInstances) : ''}
      </td>
    </tr>
  )
}
