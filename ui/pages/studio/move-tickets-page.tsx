import { Button, Checkbox, Group, Select, Stack, Switch, Text } from '@mantine/core'
import { IconArrowRight, IconChecklist, IconVersions } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import type { MappingProposalView } from '#schema/process-migration'
import type { DefinitionView } from '#schema/view'
import { useCheckMigration, useMappingProposal, useProcessMigrations } from '../../client/process-migrations.ts'
import { useDefinition } from '../../client/index.ts'
import { StudioCrumbs } from '../../editor/studio-head.tsx'
import { useText } from '../../i18n/index.ts'
import { EmptyState, ErrorState, PageFailure, ListPage, ListSkeleton, notifyProblem, PageSkeleton, Panel } from '../../templates/index.ts'
import { MappingTable, type OwnChoices } from './mapping-table.tsx'
import { MigrationCard } from './migration-card.tsx'

/** Moves the open tickets of a process from one version to another: mapping, dry run, move, with progress. */
export function MoveTicketsPage() {
  const { id } = useParams({ from: '/app/studio/process/$id/move' })
  const definition = useDefinition('process', id)
  if (definition.isPending) return <PageSkeleton />
  if (definition.isError) return <PageFailure error={definition.error} onRetry={() => void definition.refetch()} />
  return <MoveTickets definition={definition.data} />
}

function MoveTickets({ definition }: { definition: DefinitionView }) {
  const { t } = useText()
  const versions = [...definition.versions].sort((a, b) => b.version - a.version)
  const latest = versions[0]?.version ?? 1
  // The older version that most tickets follow is the likeliest to be left.
  const busiest = versions.slice(1).sort((a, b) => b.openInstances - a.openInstances || b.version - a.version)[0]
  const [from, setFrom] = useState<number | null>(busiest?.version ?? null)
  const [to, setTo] = useState<number | null>(latest)
  const options = versions.map(({ version, openInstances }) => ({
    value: String(version),
    label: t('migration.version', { version, count: openInstances }),
  }))
  const pick = (set: (version: number) => void) => (value: string | null) => value !== null && set(Number(value))
  return (
    <ListPage
      title={`${t('migration.title')} · ${definition.name}`}
      lead={t('migration.lead')}
      crumbs={<StudioCrumbs kind="process" id={definition.id} />}
    >
      {versions.length < 2 ? (
        <Panel>
          <EmptyState
            icon={<IconVersions size={24} stroke={1.5} />}
            title={t('migration.oneVersion')}
            hint={t('migration.oneVersion.hint')}
          />
        </Panel>
      ) : (
        <Panel>
          <Group align="end" gap="md">
            <Select
              w={230}
              label={t('migration.from')}
              data={options}
              value={String(from)}
              onChange={pick(setFrom)}
              allowDeselect={false}
            />
            <IconArrowRight size={18} style={{ marginBottom: 9 }} aria-hidden />
            <Select w={230} label={t('migration.to')} data={options} value={String(to)} onChange={pick(setTo)} allowDeselect={false} />
          </Group>
        </Panel>
      )}
      {from !== null && to !== null && from !== to && <Proposal key={`${from} ${to}`} processId={definition.id} from={from} to={to} />}
      <Operations processId={definition.id} />
    </ListPage>
  )
}

function Proposal({ processId, from, to }: { processId: string; from: number; to: number }) {
  const proposal = useMappingProposal(processId, from, to)
  if (proposal.isPending)
    return (
      <Panel isFlush>
        <ListSkeleton rows={4} />
      </Panel>
    )
  if (proposal.isError) return <ErrorState error={proposal.error} onRetry={() => void proposal.refetch()} />
  return <MappingForm proposal={proposal.data} />
}

function MappingForm({ proposal }: { proposal: MappingProposalView }) {
  const { t } = useText()
  const [own, setOwn] = useState<OwnChoices>({})
  const [showsAll, setShowsAll] = useState(false)
  const [retimesTimers, setRetimes] = useState(false)
  const check = useCheckMigration(proposal.processId)
  const mapping = Object.fromEntries(
    proposal.rows.flatMap(({ from, toId }) => {
      const chosen = own[from.id] === undefined ? toId : own[from.id]
      return chosen ? [[from.id, chosen]] : []
    }),
  )
  const { fromVersion, toVersion } = proposal
  const submit = () => check.mutate({ fromVersion, toVersion, mapping, retimesTimers }, { onError: (error) => notifyProblem(error, t) })
  return (
    <Panel
      title={t('migration.mapping')}
      aside={
        <Switch
          size="xs"
          label={t('migration.mapping.all')}
          checked={showsAll}
          onChange={(event) => setShowsAll(event.currentTarget.checked)}
        />
      }
    >
      <Text size="sm" c="dimmed" mb="sm">
        {t('migration.mapping.hint')}
      </Text>
      <MappingTable
        proposal={proposal}
        own={own}
        showsAll={showsAll}
        onChoose={(id, value) => setOwn((old) => ({ ...old, [id]: value }))}
      />
      <Group justify="space-between" align="end" mt="md">
        <Checkbox
          label={t('migration.retime')}
          description={t('migration.retime.hint')}
          checked={retimesTimers}
          onChange={(event) => setRetimes(event.currentTarget.checked)}
        />
        <Button leftSection={<IconChecklist size={16} />} onClick={submit} loading={check.isPending} disabled={proposal.openTickets === 0}>
          {t('migration.check')}
        </Button>
      </Group>
    </Panel>
  )
}

function Operations({ processId }: { processId: string }) {
  const { t } = useText()
  const operations = useProcessMigrations(processId)
  const client = useQueryClient()
  const states = operations.data?.map(({ state }) => state).join(' ')
  // An operation that came a step further has changed how many tickets follow which version.
  // biome-ignore lint/correctness/useExhaustiveDependencies: `states` is what is watched
  useEffect(() => {
    void client.invalidateQueries({ queryKey: ['definition', 'process', processId] })
    void client.invalidateQueries({ queryKey: ['process-migrations', 'proposal', processId] })
  }, [client, processId, states])
  if (operations.isError) return <ErrorState error={operations.error} onRetry={() => void operations.refetch()} />
  if (!operations.data?.length) return null
  return (
    <Panel title={t('migration.operations')}>
      <Stack gap="lg">
        {operations.data.map((migration) => (
          <MigrationCard key={migration.id} migration={migration} />
        ))}
      </Stack>
    </Panel>
  )
}
