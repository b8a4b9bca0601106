import { useDebouncedValue } from '@mantine/hooks'
import { Spotlight, type SpotlightActionGroupData } from '@mantine/spotlight'
import { IconKeyboard, IconPlus, IconSearch, IconTicket } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { PersonView } from '#schema/view'
import { hasRole } from '../client/session.ts'
import { listTickets } from '../client/tickets.ts'
import { useText } from '../i18n/index.ts'
import { navigationFor } from './navigation.tsx'

/** Ctrl+K: pages, tickets by number or word, actions. */
export function Palette({ person, onHelp }: { person: PersonView; onHelp: () => void }) {
  const { t } = useText()
  const navigate = useNavigate()
  const [typed, setTyped] = useState('')
  const [q] = useDebouncedValue(typed.trim(), 180)
  const isStaff = hasRole(person, 'agent', 'processOwner', 'auditor', 'administrator')
  const found = useQuery({
    queryKey: ['tickets', 'palette', q, isStaff],
    queryFn: ({ signal }) => listTickets({ view: isStaff ? 'all' : 'requested', q, limit: 8 }, null, signal),
    enabled: q.length >= 2,
  })
  const open = (id: string): void =>
    void (isStaff ? navigate({ to: '/tickets/$id', params: { id } }) : navigate({ to: '/portal/tickets/$id', params: { id } }))
  const actions: SpotlightActionGroupData[] = [
    {
      group: t('palette.tickets'),
      actions: (q.length >= 2 ? (found.data?.items ?? []) : []).map((row) => ({
        id: row.id,
        label: `${row.number} · ${row.title}`,
        description: `${t(`status.${row.status}`)} · ${row.requester.name}`,
        keywords: [q, typed],
        leftSection: <IconTicket size={20} stroke={1.6} />,
        onClick: () => open(row.number),
      })),
    },
    {
      group: t('palette.pages'),
      actions: navigationFor(person).flatMap((group) =>
        group.items.map((item) => ({
          id: item.label,
          label: t(item.label),
          description: t(group.label),
          leftSection: <item.icon size={20} stroke={1.6} />,
          onClick: () => void navigate({ to: item.to, params: (item.params ?? {}) as never }),
        })),
      ),
    },
    {
      group: t('palette.actions'),
      actions: [
        {
          id: 'report',
          label: t('portal.report'),
          leftSection: <IconPlus size={20} stroke={1.6} />,
          onClick: () => void navigate({ to: '/portal/new' }),
        },
        { id: 'help', label: t('app.help'), leftSection: <IconKeyboard size={20} stroke={1.6} />, onClick: onHelp },
      ],
    },
  ]
  return (
    <Spotlight
      actions={actions.filter((group) => group.actions.length > 0)}
      query={typed}
      onQueryChange={setTyped}
      shortcut={['mod + K']}
      highlightQuery
      scrollable
      maxHeight={460}
      limit={24}
      radius="lg"
      nothingFound={t('palette.empty')}
      searchProps={{ leftSection: <IconSearch size={18} />, placeholder: t('palette.placeholder'), 'aria-label': t('app.search') }}
    />
  )
}
