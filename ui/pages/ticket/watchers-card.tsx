import { ActionIcon, Autocomplete, Button, Group, Text, Tooltip } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconX } from '@tabler/icons-react'
import { useState } from 'react'
import { usePeople } from '../../client/administration.ts'
import { useUnwatch, useWatch, useWatchers } from '../../client/incident.ts'
import { PersonTag } from '../../components/person.tsx'
import { useText } from '../../i18n/index.ts'
import { notifyDone, notifyProblem } from '../../templates/notify.tsx'
import { Panel } from '../../templates/page.tsx'

const isAddress = (text: string): boolean => /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text)

function AddWatcher({ ticketId }: { ticketId: string }) {
  const { t } = useText()
  const watch = useWatch(ticketId)
  const [typed, setTyped] = useState('')
  const [q] = useDebouncedValue(typed.trim(), 200)
  const people = usePeople(q, q.length >= 2).data ?? []
  const person = people.find(({ name, email }) => `${name} · ${email}` === typed)
  const who = person ? { personId: person.id } : isAddress(typed.trim()) ? { address: typed.trim() } : null
  const add = (): void => {
    if (who === null) return
    watch.mutate(who, {
      onSuccess: ({ isNew }) => {
        setTyped('')
        notifyDone(isNew ? t('watchers.done') : t('watchers.known'))
      },
      onError: (error) => notifyProblem(error, t),
    })
  }
  return (
    <Group gap={6} wrap="nowrap" mt={8}>
      <Autocomplete
        size="xs"
        style={{ flex: 1 }}
        aria-label={t('watchers.placeholder')}
        placeholder={t('watchers.placeholder')}
        value={typed}
        onChange={setTyped}
        filter={({ options }) => options}
        data={[...new Set(people.slice(0, 8).map(({ name, email }) => `${name} · ${email}`))]}
        onKeyDown={(event) => (event.key === 'Enter' && who !== null ? add() : undefined)}
      />
      <Button size="xs" variant="default" disabled={who === null} loading={watch.isPending} onClick={add}>
        {t('watchers.add')}
      </Button>
    </Group>
  )
}

/** Who follows the ticket: told of public messages and of its end. */
export function WatchersCard({ ticketId, mayEdit }: { ticketId: string; mayEdit: boolean }) {
  const { t } = useText()
  const watchers = useWatchers(ticketId).data ?? []
  const unwatch = useUnwatch(ticketId)
  const remove = (address: string): void =>
    unwatch.mutate(address, { onSuccess: () => notifyDone(t('watchers.removed')), onError: (error) => notifyProblem(error, t) })
  return (
    <Panel title={t('watchers.title')}>
      {watchers.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t('watchers.empty')}
        </Text>
      ) : (
        <ul className="link-list">
          {watchers.map(({ address, name, reason }) => (
            <li key={address} className="link-row" title={reason === '' ? address : `${address} · ${t('watchers.because', { reason })}`}>
              <span className="link-target">
                <PersonTag person={{ name: name ?? address }} size={22} />
              </span>
              {mayEdit ? (
                <Tooltip label={t('watchers.remove', { name: name ?? address })}>
                  <ActionIcon
                    variant="subtle"
                    color="gray"
                    size="sm"
                    aria-label={t('watchers.remove', { name: name ?? address })}
                    onClick={() => remove(address)}
                  >
                    <IconX size={14} />
                  </ActionIcon>
                </Tooltip>
              ) : null}
            </li>
          ))}
        </ul>
      )}
      {mayEdit ? <AddWatcher ticketId={ticketId} /> : null}
    </Panel>
  )
}
