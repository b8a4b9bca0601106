import { ActionIcon, Anchor, Popover, Text } from '@mantine/core'
import { IconInfoCircle } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { FiguresAnswer } from '#schema/view'
import type { FiguresQuery } from '../../client/index.ts'
import { useText } from '../../i18n/index.ts'

/** A number that opens exactly the tickets that it counts; `metric` names them (`byStatus:pending`). */
export function FigureLink({
  metric,
  query,
  children,
  className,
}: {
  metric: string
  query: FiguresQuery
  children: ReactNode
  className?: string
}) {
  const { t } = useText()
  const search = {
    view: 'all',
    metric,
    ...(query.from ? { from: query.from } : {}),
    ...(query.to ? { to: query.to } : {}),
    ...(query.source && query.source !== 'all' ? { source: query.source } : {}),
  }
  return (
    <Anchor
      component={Link}
      to="/queue"
      search={search as never}
      underline="hover"
      c="inherit"
      inherit
      className={className}
      title={t('figures.open')}
    >
      {children}
    </Anchor>
  )
}

/** How a figure is computed, in the words of who computes it, where it stands. */
export function Formula({ of, figures }: { of: string; figures: FiguresAnswer }) {
  const { t } = useText()
  const definition = figures.definitions.find(({ id }) => id === of)
  if (!definition) return null
  return (
    <Popover width={320} withArrow shadow="md" position="bottom-end">
      <Popover.Target>
        <ActionIcon variant="subtle" color="gray" size="sm" aria-label={`${t('figures.formula')} (${definition.title})`}>
          <IconInfoCircle size={16} />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown>
        <Text size="xs" fw={600} mb={4}>
          {definition.title}
        </Text>
        <Text size="sm">{definition.formula}</Text>
      </Popover.Dropdown>
    </Popover>
  )
}
