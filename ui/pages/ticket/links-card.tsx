import { ActionIcon, Button, Group, Modal, Select, Stack, Text, Textarea, TextInput, Tooltip } from '@mantine/core'
import { useDebouncedValue, useDisclosure } from '@mantine/hooks'
import { IconLink, IconX } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { LinkDirection, LinkKind } from '#schema/ticket-link'
import type { TicketLinkView } from '#schema/view-links'
import { useLink, useLinks, useUnlink } from '../../client/incident.ts'
import { listTickets } from '../../client/tickets.ts'
import { StatusBadge } from '../../components/badges.tsx'
import { useText } from '../../i18n/index.ts'
import { notifyDone, notifyProblem } from '../../templates/notify.tsx'
import { Panel } from '../../templates/page.tsx'
import { ErrorState } from '../../templates/states.tsx'

/** Kind and direction as one choice, as people say it. */
const choices = ['childOf.out', 'childOf.in', 'duplicateOf.out', 'duplicateOf.in', 'causedBy.out', 'resolvedBy.out', 'related.out'] as const
type Choice = (typeof choices)[number]
const order = [
  'childOf.out',
  'duplicateOf.out',
  'childOf.in',
  'duplicateOf.in',
  'causedBy.out',
  'resolvedBy.out',
  'causedBy.in',
  'resolvedBy.in',
]
const placeOf = (link: TicketLinkView): string => (link.kind === 'related' ? 'related.out' : `${link.kind}.${link.direction}`)

function AddLink({ ticketId, isOpen, onClose }: { ticketId: string; isOpen: boolean; onClose: () => void }) {
  const { t } = useText()
  const link = useLink(ticketId)
  const [choice, setChoice] = useState<Choice>('related.out')
  const [typed, setTyped] = useState('')
  const [other, setOther] = useState<string | null>(null)
  const [reason, setReason] = useState('')
  const [q] = useDebouncedValue(typed.trim(), 200)
  const found = useQuery({
    queryKey: ['tickets', 'link', q],
    queryFn: ({ signal }) => listTickets({ view: 'all', q, limit: 10 }, null, signal),
    enabled: isOpen && q.length >= 2,
  })
  const rows = (found.data?.items ?? []).filter((row) => row.number !== ticketId && row.id !== ticketId)
  const submit = (): void => {
    if (other === null) return
    const [kind, direction] = choice.split('.') as [LinkKind, LinkDirection]
    link.mutate(
      { kind, direction, other, reason: reason.trim() },
      {
        onSuccess: () => {
          setOther(null)
          setTyped('')
          setReason('')
          onClose()
          notifyDone(t('links.done'))
        },
        onError: (error) => notifyProblem(error, t),
      },
    )
  }
  const hint = choice.startsWith('duplicateOf') ? t('links.duplicate.hint') : choice.startsWith('childOf') ? t('links.child.hint') : null
  return (
    <Modal opened={isOpen} onClose={onClose} title={t('links.add')} closeButtonProps={{ 'aria-label': t('common.close') }}>
      <Stack gap="md">
        <Select
          label={t('links.kind')}
          allowDeselect={false}
          value={choice}
          data={choices.map((each) => ({ value: each, label: t(`link.${each}`) }))}
          onChange={(next) => setChoice((next ?? 'related.out') as Choice)}
          description={hint}
        />
        <Select
          data-autofocus
          searchable
          label={t('links.other')}
          placeholder={t('links.other.placeholder')}
          value={other}
          onChange={setOther}
          searchValue={typed}
          onSearchChange={setTyped}
          filter={({ options }) => options}
          data={rows.map((row) => ({ value: row.number, label: `${row.number} · ${row.title}` }))}
          nothingFoundMessage={q.length < 2 || found.isFetching ? t('links.other.placeholder') : t('links.other.none')}
        />
        <Textarea
          label={t('links.reason')}
          autosize
          minRows={2}
          value={reason}
          maxLength={2_000}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('common.back')}
          </Button>
          <Button disabled={other === null} loading={link.isPending} onClick={submit}>
            {t('links.submit')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}

function RemoveLink({ ticketId, link, onClose }: { ticketId: string; link: TicketLinkView; onClose: () => void }) {
  const { t } = useText()
  const unlink = useUnlink(ticketId)
  const [reason, setReason] = useState('')
  const submit = (): void =>
    unlink.mutate(
      { linkId: link.linkId, reason: reason.trim() },
      {
        onSuccess: () => {
          onClose()
          notifyDone(t('links.removed'))
        },
        onError: (error) => notifyProblem(error, t),
      },
    )
  return (
    <Modal opened onClose={onClose} title={t('links.remove.title')} closeButtonProps={{ 'aria-label': t('common.close') }}>
      <Stack gap="md">
        <Text size="sm">
          {t(`link.${link.kind}.${link.direction}`)} <span className="mono">{link.other.number}</span> · {link.other.title}
        </Text>
        <TextInput
          data-autofocus
          label={t('links.remove.reason')}
          value={reason}
          maxLength={2_000}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('common.back')}
          </Button>
          <Button color="coral" disabled={reason.trim() === ''} loading={unlink.isPending} onClick={submit}>
            {t('links.remove.submit')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}

function LinkRow({ link, onRemove }: { link: TicketLinkView; onRemove: (() => void) | null }) {
  const { t } = useText()
  const { number, title, status } = link.other
  return (
    <li className="link-row">
      <Link to="/tickets/$id" params={{ id: number }} className="link-target" title={link.reason || title}>
        <span className="mono link-number">{number}</span>
        <span className="truncate">{title}</span>
      </Link>
      <StatusBadge status={status} size="sm" />
      {onRemove ? (
        <Tooltip label={t('links.remove', { number })}>
          <ActionIcon variant="subtle" color="gray" size="sm" aria-label={t('links.remove', { number })} onClick={onRemove}>
            <IconX size={14} />
          </ActionIcon>
        </Tooltip>
      ) : null}
    </li>
  )
}

/** Parent, children, duplicates and other relations; each opens in place. */
export function LinksCard({ ticketId, mayLink }: { ticketId: string; mayLink: boolean }) {
  const { t, tOr } = useText()
  const { data: links = [], error, refetch } = useLinks(ticketId)
  const [isAdding, adding] = useDisclosure(false)
  const [removed, setRemoved] = useState<TicketLinkView | null>(null)
  const places = [...order, 'related.out'].filter((place) => links.some((link) => placeOf(link) === place))
  return (
    <Panel
      title={t('links.title')}
      aside={
        mayLink ? (
          <Button size="compact-xs" variant="subtle" leftSection={<IconLink size={14} />} onClick={adding.open}>
            {t('links.add')}
          </Button>
        ) : null
      }
    >
      {error ? <ErrorState error={error} onRetry={() => void refetch()} isSmall /> : null}
      {!error && links.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t('links.empty')}
        </Text>
      ) : null}
      {places.map((place) => {
        const group = links.filter((link) => placeOf(link) === place)
        return (
          <section key={place} className="link-group">
            <h3 className="link-head">
              {tOr(`link.group.${place}`, place)}
              {group.length > 1 ? <span className="num"> {group.length}</span> : null}
            </h3>
            <ul className="link-list">
              {group.map((link) => (
                <LinkRow key={link.linkId} link={link} onRemove={mayLink ? () => setRemoved(link) : null} />
              ))}
            </ul>
          </section>
        )
      })}
      <AddLink ticketId={ticketId} isOpen={isAdding} onClose={adding.close} />
      {removed ? <RemoveLink ticketId={ticketId} link={removed} onClose={() => setRemoved(null)} /> : null}
    </Panel>
  )
}
