import { ActionIcon, Anchor, Badge, Text, Tooltip } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { nouns } from '#schema/nouns'
import type { ImpactItemView } from '#schema/record'
import { useImpact } from '../../client/records.ts'
import { hasRole, usePerson } from '../../client/session.ts'
import { PriorityMark, StatusBadge } from '../../components/badges.tsx'
import { useText } from '../../i18n/index.ts'
import { Panel } from '../../templates/page.tsx'
import { ErrorState, ListSkeleton } from '../../templates/states.tsx'

const relationWords = (kind: string, locale: 'fr' | 'en'): string =>
  nouns['ci-relation'].fields.kind.choices?.find((choice) => choice.value === kind)?.[locale] ?? kind
const classWords = (value: string, locale: 'fr' | 'en'): string =>
  nouns['configuration-item'].fields.class.choices?.find((choice) => choice.value === value)?.[locale] ?? value
const criticalityWords = (value: string, locale: 'fr' | 'en'): string =>
  nouns['configuration-item'].fields.criticality.choices?.find((choice) => choice.value === value)?.[locale] ?? value
const criticalityColor: Record<string, string> = { vital: 'coral', high: 'amber' }

function Branch({ items, viaId, isUpstream }: { items: ImpactItemView[]; viaId: string; isUpstream: boolean }) {
  const { t, locale } = useText()
  const own = items.filter((item) => item.viaId === viaId)
  if (own.length === 0) return null
  return (
    <ul className="impact-tree">
      {own.map((item) => (
        <li key={item.id}>
          <div className="impact-item">
            <Anchor
              component={Link}
              to="/register/$path/$id"
              params={{ path: 'configuration-items', id: item.id } as never}
              size="sm"
              fw={600}
            >
              {item.name}
            </Anchor>
            <Text span size="xs" c="dimmed">
              {classWords(item.class, locale)} ·{' '}
              {isUpstream ? relationWords(item.kind, locale) : t('register.impact.by', { relation: relationWords(item.kind, locale) })}
            </Text>
            {criticalityColor[item.criticality] ? (
              <Badge size="xs" variant="light" color={criticalityColor[item.criticality] ?? 'gray'}>
                {criticalityWords(item.criticality, locale)}
              </Badge>
            ) : null}
            {item.openTickets > 0 ? (
              <Badge size="xs" variant="light" color="coral">
                {t('register.impact.tickets', { count: item.openTickets })}
              </Badge>
            ) : null}
          </div>
          <Branch items={items} viaId={item.id} isUpstream={isUpstream} />
        </li>
      ))}
    </ul>
  )
}

function AddRelation({ field, id }: { field: 'fromId' | 'toId'; id: string }) {
  const { t } = useText()
  if (!hasRole(usePerson(), ...nouns['ci-relation'].writers)) return null
  return (
    <Tooltip label={t('register.impact.add')}>
      <ActionIcon
        component={Link}
        to="/register/$path/$id"
        params={{ path: 'ci-relations', id: 'new' } as never}
        search={{ [field]: id } as never}
        variant="subtle"
        aria-label={t('register.impact.add')}
      >
        <IconPlus size={17} />
      </ActionIcon>
    </Tooltip>
  )
}

/** What is hit when the item fails and what it relies on, as indented lists, with the open tickets on it. */
export function ImpactPanel({ id }: { id: string }) {
  const { t } = useText()
  const { data, error, isPending, refetch } = useImpact(id)
  if (isPending) return <ListSkeleton rows={4} />
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} isSmall />
  const services = [...new Set(data.upstream.flatMap((item) => (item.serviceName === null ? [] : [item.serviceName])))]
  return (
    <>
      <Panel title={t('register.impact.upstream')} aside={<AddRelation field="toId" id={id} />}>
        {data.upstream.length === 0 ? (
          <Text size="sm" c="dimmed">
            {t('register.impact.nothingHit')}
          </Text>
        ) : (
          <>
            <Text size="sm" mb={8}>
              {t('register.impact.count', { count: data.upstream.length })}
              {services.length > 0 ? ` · ${t('register.impact.services', { names: services.join(', ') })}` : ''}
            </Text>
            <Branch items={data.upstream} viaId={id} isUpstream />
          </>
        )}
      </Panel>
      <Panel title={t('register.impact.downstream')} aside={<AddRelation field="fromId" id={id} />}>
        {data.downstream.length === 0 ? (
          <Text size="sm" c="dimmed">
            {t('register.impact.reliesOnNothing')}
          </Text>
        ) : (
          <Branch items={data.downstream} viaId={id} isUpstream={false} />
        )}
        {data.isCut ? (
          <Text size="xs" c="dimmed" mt={8}>
            {t('register.impact.cut')}
          </Text>
        ) : null}
      </Panel>
      <Panel title={t('register.impact.open')}>
        {data.tickets.length === 0 ? (
          <Text size="sm" c="dimmed">
            {t('register.impact.noTicket')}
          </Text>
        ) : (
          <ul className="linked">
            {data.tickets.map((ticket) => (
              <li key={ticket.id}>
                <PriorityMark priority={ticket.priority} withWord={false} />
                <Anchor component={Link} to="/tickets/$id" params={{ id: ticket.number } as never} size="sm" className="truncate">
                  {ticket.number} · {ticket.title}
                </Anchor>
                <span className="linked-status">
                  <StatusBadge status={ticket.status} />
                </span>
              </li>
            ))}
          </ul>
        )}
      </Panel>
    </>
  )
}
