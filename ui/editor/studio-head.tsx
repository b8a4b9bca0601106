import { Anchor, Button, Group, Text } from '@mantine/core'
import { IconPencil } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { DefinitionView } from '#schema/view'
import { hasRole, usePerson } from '../client/index.ts'
import { useText } from '../i18n/index.ts'
import type { Draft } from './drafts.ts'

export function StudioCrumbs({ kind, id }: { kind: string; id: string }) {
  const { t, tOr } = useText()
  return (
    <>
      <Anchor component={Link} to="/studio" size="sm">
        {t('studio.title')}
      </Anchor>{' '}
      / {tOr(`studio.kind.${kind}`, kind)} / <code>{id}</code>
    </>
  )
}

/** Who deployed what is shown, and whether there are edits that nobody else sees yet. */
export function StudioLead({
  definition,
  latest,
  draft,
  onDiscard,
}: {
  definition: DefinitionView
  latest: number
  draft: Draft | null
  onDiscard: () => void
}) {
  const { t, ago } = useText()
  const person = usePerson()
  return (
    <Group gap="xs">
      <Text size="sm" c="dimmed">
        {t('studio.lead', { version: definition.version, name: definition.deployedBy.name, date: ago(definition.deployedAt) })}
      </Text>
      {definition.version < latest && (
        <Text size="sm" c="amber.7">
          {t('studio.older', { latest })}
        </Text>
      )}
      {definition.kind === 'process' && latest > 1 && hasRole(person, 'processOwner', 'administrator') && (
        <Anchor component={Link} to="/studio/process/$id/move" params={{ id: definition.id } as never} size="sm">
          {t('migration.link')}
        </Anchor>
      )}
      {draft && (
        <Group gap={4}>
          <IconPencil size={14} />
          <Text size="sm">{t('studio.draft', { version: draft.baseVersion, date: ago(draft.savedAt) })}</Text>
          <Button variant="subtle" size="compact-xs" color="gray" onClick={onDiscard}>
            {t('studio.draft.discard')}
          </Button>
        </Group>
      )}
    </Group>
  )
}
