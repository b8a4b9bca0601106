import { Button, Checkbox, Group, Modal, Select, Stack, Text, Textarea } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconArrowMoveRight } from '@tabler/icons-react'
import { useState } from 'react'
import { Variables } from '#schema/json'
import { hasRole, usePerson } from '../client/index.ts'
import { type TicketTokens, useMoveToken, useTokens } from '../client/process-migrations.ts'
import { useText } from '../i18n/index.ts'
import { ErrorState, ListSkeleton, notifyDone, notifyProblem } from '../templates/index.ts'

/** For operators: cancels tokens of a ticket and starts one elsewhere. Nothing for others. */
export function MoveToken({ ticketId }: { ticketId: string }) {
  const { t } = useText()
  const person = usePerson()
  const [isOpen, dialog] = useDisclosure(false)
  const tokens = useTokens(ticketId, isOpen)
  if (!hasRole(person, 'processOwner', 'administrator')) return null
  return (
    <>
      <Group justify="flex-end" mb="xs">
        <Button size="xs" variant="default" leftSection={<IconArrowMoveRight size={15} />} onClick={dialog.open}>
          {t('token.move')}
        </Button>
      </Group>
      <Modal opened={isOpen} onClose={dialog.close} title={t('token.move')} size="lg">
        {tokens.isPending && <ListSkeleton rows={3} />}
        {tokens.isError && <ErrorState error={tokens.error} onRetry={() => void tokens.refetch()} isSmall />}
        {tokens.data && <MoveForm ticketId={ticketId} {...tokens.data} onDone={dialog.close} />}
      </Modal>
    </>
  )
}

/** The object that was written; null when it is none. */
function parseVariables(text: string): Variables | null {
  if (text.trim() === '') return {}
  try {
    const parsed = Variables.safeParse(JSON.parse(text))
    return parsed.success ? parsed.data : null
  } catch {
    return null
  }
}

function MoveForm({ ticketId, tokens, targets, onDone }: TicketTokens & { ticketId: string; onDone: () => void }) {
  const { t } = useText()
  const move = useMoveToken(ticketId)
  const [cancel, setCancel] = useState<string[]>([])
  const [start, setStart] = useState<string | null>(null)
  const [text, setText] = useState('')
  const variables = parseVariables(text)
  const nameOf = (elementId: string): string => targets.find(({ id }) => id === elementId)?.name || elementId
  const submit = () => {
    if (variables === null) return
    const body = { cancel, start: start === null ? [] : [{ elementId: start, variables }] }
    move.mutate(body, {
      onSuccess: () => {
        notifyDone(t('token.moved'))
        onDone()
      },
      onError: (error) => notifyProblem(error, t),
    })
  }
  return (
    <Stack>
      <Text size="sm" c="dimmed">
        {t('token.lead')}
      </Text>
      <Checkbox.Group label={t('token.cancel')} value={cancel} onChange={setCancel}>
        <Stack gap={6} mt={6}>
          {tokens.map((token) => (
            <Checkbox key={token.key} value={token.key} label={`${nameOf(token.elementId)} (${token.key})`} />
          ))}
        </Stack>
      </Checkbox.Group>
      <Select
        label={t('token.start')}
        searchable
        clearable
        data={targets.map(({ id, name }) => ({ value: id, label: name ? `${name} (${id})` : id }))}
        value={start}
        onChange={setStart}
      />
      <Textarea
        label={t('token.variables')}
        classNames={{ input: 'mono' }}
        autosize
        minRows={2}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        error={variables === null ? t('token.variables.invalid') : null}
      />
      <Group justify="flex-end">
        <Button onClick={submit} loading={move.isPending} disabled={variables === null || (cancel.length === 0 && start === null)}>
          {t('token.submit')}
        </Button>
      </Group>
    </Stack>
  )
}
