import { Anchor, Select, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { TicketFields } from '#schema/ticket'
import type { TicketView } from '#schema/view'
import { useGroups, usePeople } from '../../client/administration.ts'
import { useDesks } from '../../client/desks.ts'
import { useOptions } from '../../client/desk.ts'
import { usePatchTicket } from '../../client/tickets.ts'
import { PriorityMark } from '../../components/badges.tsx'
import { ItemPicker } from '../../components/reference-picker.tsx'
import { PersonTag } from '../../components/person.tsx'
import { useText } from '../../i18n/index.ts'
import { notifyDone, notifyProblem } from '../../templates/notify.tsx'

function Property({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="property">
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  )
}

type Editable = 'deskId' | 'impact' | 'urgency' | 'category' | 'service' | 'groupId' | 'assigneeId' | 'ciId'

interface PropertySelectProps {
  label: string
  value: string | null
  choices: { value: string; label: string }[]
  onPick: (value: string | null) => void
  isClearable?: boolean
}
function PropertySelect({ label, value, choices, onPick, isClearable = true }: PropertySelectProps) {
  const { t } = useText()
  const known = value === null || choices.some((choice) => choice.value === value) ? choices : [...choices, { value, label: value }]
  return (
    <Select
      size="xs"
      variant="filled"
      className="property-select"
      aria-label={label}
      placeholder={t('common.none')}
      data={known}
      value={value}
      clearable={isClearable}
      searchable={known.length > 6}
      allowDeselect={false}
      onChange={(next) => (next === value ? undefined : onPick(next))}
      comboboxProps={{ shadow: 'md' }}
    />
  )
}

/** The ticket's fields; those that the caller may edit are inputs and save at once. */
export function Properties({ ticket, ticketId }: { ticket: TicketView; ticketId: string }) {
  const { t, tOr, locale, dateTime } = useText()
  const mayEdit = ticket.actions.includes('edit')
  const people = usePeople('', mayEdit).data ?? []
  const groups = useGroups(mayEdit).data ?? []
  const options = useOptions().data
  const desks = useDesks().data ?? []
  const patch = usePatchTicket(ticketId)
  const set = (field: Editable, value: string | number | null): void =>
    patch.mutate({ [field]: value } as Partial<TicketFields>, {
      onSuccess: () => notifyDone(t('ticket.saved')),
      onError: (error) => notifyProblem(error, t),
    })
  const levels = (['1', '2', '3'] as const).map((level) => ({ value: level, label: t(`level.${level}`) }))
  const agents = people.filter((person) => person.roles.includes('agent'))
  const labelOf = (choices: { value: string; label: string }[] | undefined, value: string | null): string =>
    value === null ? t('common.none') : (choices?.find((choice) => choice.value === value)?.label ?? value)
  const editable = (
    field: Editable,
    choices: { value: string; label: string }[],
    value: string | null,
    shown: ReactNode,
    parse: (next: string) => string | number = (next) => next,
  ): ReactNode =>
    mayEdit ? (
      <PropertySelect
        label={t(`field.${field}`)}
        value={value}
        choices={choices}
        onPick={(next) => set(field, next === null ? null : parse(next))}
      />
    ) : (
      shown
    )
  return (
    <dl className="properties">
      <Property label={t('field.priority')}>
        <PriorityMark priority={ticket.priority} />
      </Property>
      {(['impact', 'urgency'] as const).map((field) => (
        <Property key={field} label={t(`field.${field}`)}>
          {editable(
            field,
            levels,
            ticket[field] === null ? null : String(ticket[field]),
            ticket[field] === null ? t('common.none') : tOr(`level.${ticket[field]}`, ''),
            Number,
          )}
        </Property>
      ))}
      <Property label={t('field.groupId')}>
        {editable(
          'groupId',
          groups.map((group) => ({ value: group.id, label: group.name })),
          ticket.group?.id ?? null,
          ticket.group?.name ?? t('common.none'),
        )}
      </Property>
      <Property label={t('field.assigneeId')}>
        {editable(
          'assigneeId',
          agents.map((agent) => ({ value: agent.id, label: agent.name })),
          ticket.assignee?.id ?? null,
          <PersonTag person={ticket.assignee} />,
        )}
      </Property>
      <Property label={t('field.category')}>
        {editable('category', options?.categories ?? [], ticket.category, labelOf(options?.categories, ticket.category))}
      </Property>
      <Property label={t('field.service')}>
        {editable('service', options?.services ?? [], ticket.service, labelOf(options?.services, ticket.service))}
      </Property>
      <Property label={t('field.ciId')}>
        {mayEdit ? (
          <ItemPicker
            size="xs"
            variant="filled"
            className="property-select"
            aria-label={t('field.ciId')}
            placeholder={t('common.none')}
            value={ticket.ci?.id ?? null}
            itemName={ticket.ci?.name ?? null}
            onPick={(next) => set('ciId', next)}
          />
        ) : (
          (ticket.ci?.name ?? t('common.none'))
        )}
        {ticket.ci ? (
          <Anchor component={Link} to="/register/$path/$id" params={{ path: 'configuration-items', id: ticket.ci.id } as never} size="xs">
            {t('ticket.impact')}
          </Anchor>
        ) : null}
      </Property>
      <Property label={t('field.requesterId')}>
        <PersonTag person={ticket.requester} />
        <Link to="/people/$id/contacts" params={{ id: ticket.requester.id }} className="contacts-link">
          {t('person.contacts')}
        </Link>
      </Property>
      {ticket.desk && desks.length > 1 ? (
        <Property label={t('field.deskId')}>
          {mayEdit ? (
            <PropertySelect
              label={t('field.deskId')}
              isClearable={false}
              choices={desks.filter((desk) => desk.isActive).map((desk) => ({ value: desk.id, label: desk.name[locale] }))}
              value={ticket.desk.id}
              onPick={(deskId) => set('deskId', deskId)}
            />
          ) : (
            ticket.desk.name[locale]
          )}
        </Property>
      ) : null}
      <Property label={t('field.channel')}>{t(`channel.${ticket.channel}`)}</Property>
      <Property label={t('field.openedAt')}>
        <span className="num">{dateTime(ticket.openedAt)}</span>
      </Property>
      <Property label={t('field.updatedAt')}>
        <span className="num">{dateTime(ticket.updatedAt)}</span>
      </Property>
      {ticket.pendingReason ? <Property label={t('field.pendingReason')}>{ticket.pendingReason}</Property> : null}
      {ticket.resolutionCode ? (
        <Property label={t('field.resolutionCode')}>
          {tOr(`resolutionCode.${ticket.resolutionCode}`, tOr(`change.outcome.${ticket.resolutionCode}`, ticket.resolutionCode))}
        </Property>
      ) : null}
      {ticket.reopenCount > 0 ? <Property label={t('field.reopenCount')}>{ticket.reopenCount}</Property> : null}
      {ticket.processId ? (
        <Property label={t('field.process')}>
          {ticket.processId}{' '}
          <Text span size="xs" c="dimmed">
            {t('field.version', { version: ticket.processVersion ?? 1 })}
          </Text>
        </Property>
      ) : null}
    </dl>
  )
}
