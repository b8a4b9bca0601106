import { Button, Checkbox, Group, Select, Stack, Text } from '@mantine/core'
import { IconScale } from '@tabler/icons-react'
import { useState } from 'react'
import type { SlaScope } from '#schema/sla-recomputation'
import { hasRole, useDefinitions, useSession } from '../../client/index.ts'
import { useCompare, useRecomputations } from '../../client/service-levels.ts'
import { useText } from '../../i18n/index.ts'
import { EmptyState, ErrorState, ListSkeleton, notifyProblem, Panel } from '../../templates/index.ts'
import { ComparisonCard } from './comparison-card.tsx'

const kinds: SlaScope['kind'][] = ['sla', 'calendar', 'process']
/** How far back tickets that ended are compared, days. */
const pastDays = 90

/** An edit reaches open tickets here or not at all: compared first, applied on purpose. */
export function Comparisons() {
  const { t } = useText()
  const session = useSession()
  const operations = useRecomputations(true)
  const mayAct = session.data ? hasRole(session.data, 'processOwner', 'administrator') : false
  return (
    <Panel title={t('levels.compare')}>
      <Stack gap="lg">
        <Text size="sm" c="dimmed">
          {t('levels.compare.lead')}
        </Text>
        {mayAct && <CompareForm />}
        {operations.isPending && <ListSkeleton rows={2} />}
        {operations.isError && <ErrorState error={operations.error} onRetry={() => void operations.refetch()} />}
        {operations.data?.length === 0 && (
          <EmptyState icon={<IconScale size={24} stroke={1.5} />} title={t('levels.compare.none')} hint={t('levels.compare.none.hint')} />
        )}
        {operations.data?.map((operation) => (
          <ComparisonCard key={operation.id} operation={operation} mayAct={mayAct} />
        ))}
      </Stack>
    </Panel>
  )
}

function CompareForm() {
  const { t } = useText()
  const definitions = useDefinitions()
  const compare = useCompare()
  const [chosen, setChosen] = useState<string | null>(null)
  const [hasPast, setPast] = useState(false)
  const options = kinds.map((kind) => ({
    group: t(`studio.kinds.${kind}`),
    items: (definitions.data ?? [])
      .filter((row) => row.kind === kind)
      .map((row) => ({ value: `${kind} ${row.id}`, label: `${row.name} · v${row.version}` })),
  }))
  const submit = () => {
    const [kind, id] = (chosen ?? '').split(' ')
    if (!kind || !id) return
    const since = hasPast ? { since: new Date(Date.now() - pastDays * 86_400_000).toISOString() } : {}
    compare.mutate({ scope: { kind: kind as SlaScope['kind'], id }, ...since }, { onError: (error) => notifyProblem(error, t) })
  }
  return (
    <Group align="end" gap="md">
      <Select
        w={340}
        maw="100%"
        searchable
        label={t('levels.compare.what')}
        placeholder={t('levels.compare.choose')}
        data={options}
        value={chosen}
        onChange={setChosen}
      />
      <Checkbox
        label={t('levels.compare.past', { days: pastDays })}
        checked={hasPast}
        onChange={(event) => setPast(event.currentTarget.checked)}
        mb={8}
      />
      <Button leftSection={<IconScale size={16} />} onClick={submit} loading={compare.isPending} disabled={chosen === null}>
        {t('levels.compare.start')}
      </Button>
    </Group>
  )
}
