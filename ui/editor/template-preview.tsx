import { Badge, Button, Group, SegmentedControl, Stack, Text, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconSend } from '@tabler/icons-react'
import { useState } from 'react'
import { type TemplatePreview as Shown, useTemplatePreview, useTestSend } from '../client/notifications.ts'
import { hasRole, usePerson } from '../client/session.ts'
import { useText } from '../i18n/index.ts'
import { notifyDone, notifyProblem } from '../templates/notify.tsx'
import { ErrorState, ListSkeleton } from '../templates/states.tsx'
import '../styles/notifications.css'

type Part = 'html' | 'text'

function Language({ locale, shown, part }: { locale: 'fr' | 'en'; shown: Shown | null; part: Part }) {
  const { t } = useText()
  const title = t(`template.preview.${locale}`)
  return (
    <section className="template-preview" aria-label={title} lang={locale}>
      <header>
        <Group gap="xs" justify="space-between">
          <Text size="xs" c="dimmed" fw={600}>
            {title}
          </Text>
          {shown?.isMandatory ? <Badge size="xs">{t('template.preview.mandatory')}</Badge> : null}
        </Group>
        {shown ? (
          <Text size="sm" fw={600}>
            {shown.subject}
          </Text>
        ) : (
          <Text size="sm" c="coral">
            {t('template.preview.missing')}
          </Text>
        )}
        {shown?.unknown.map(({ name, line }) => (
          <Text key={`${line} ${name}`} size="xs" c="coral">
            {t('template.preview.unknown', { name, line })}
          </Text>
        ))}
      </header>
      {shown ? <Content shown={shown} part={part} title={title} /> : null}
    </section>
  )
}

function Content({ shown, part, title }: { shown: Shown; part: Part; title: string }) {
  const { t } = useText()
  if (part === 'text') return <pre>{shown.text}</pre>
  if (shown.html === null)
    return (
      <Text size="sm" c="dimmed" p="md">
        {t('template.preview.noHtml')}
      </Text>
    )
  return <iframe title={title} sandbox="" srcDoc={shown.html} />
}

function TestSend({ name, locale, source, ticket }: { name: string; locale: 'fr' | 'en'; source: string; ticket: string }) {
  const { t } = useText()
  const person = usePerson()
  const test = useTestSend()
  const [to, setTo] = useState('')
  const isAdministrator = hasRole(person, 'administrator')
  const send = (): void =>
    test.mutate(
      { name, locale, draft: { locale, source }, ...(ticket ? { ticket } : {}), ...(to.trim() ? { to: to.trim() } : {}) },
      {
        onSuccess: (sent) => notifyDone(t('template.test.sent', { to: sent.to })),
        onError: (problem) => notifyProblem(problem, t),
      },
    )
  return (
    <Group gap="xs">
      {isAdministrator ? (
        <TextInput
          size="xs"
          type="email"
          aria-label={t('template.test.to')}
          placeholder={person.email}
          value={to}
          onChange={(event) => setTo(event.currentTarget.value)}
        />
      ) : null}
      <Button size="xs" variant="light" leftSection={<IconSend size={15} />} loading={test.isPending} onClick={send}>
        {t('template.test')}
      </Button>
    </Group>
  )
}

/** The mail in both languages: the one being edited as it stands, the other as it is deployed. */
export default function TemplatePreview({ source, id }: { source: string; id: string }) {
  const { t } = useText()
  const [first = 'fr', name = id] = id.split('/')
  const locale = first === 'en' ? 'en' : 'fr'
  const [part, setPart] = useState<Part>('html')
  const [typed, setTyped] = useState('')
  const [ticket] = useDebouncedValue(typed.trim(), 400)
  const [shownSource] = useDebouncedValue(source, 300)
  const { data, error, isPending } = useTemplatePreview({ name, draft: { locale, source: shownSource }, ...(ticket ? { ticket } : {}) })
  return (
    <Stack gap="sm">
      <Group gap="xs" justify="space-between">
        <Group gap="xs">
          <SegmentedControl
            size="xs"
            aria-label={t('studio.preview')}
            value={part}
            onChange={(value) => setPart(value === 'text' ? 'text' : 'html')}
            data={[
              { value: 'html', label: t('template.preview.html') },
              { value: 'text', label: t('template.preview.text') },
            ]}
          />
          <TextInput
            size="xs"
            w={190}
            aria-label={t('template.preview.with')}
            placeholder={`${t('template.preview.with')}…`}
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
        </Group>
        <TestSend name={name} locale={locale} source={source} ticket={ticket} />
      </Group>
      {isPending && !error ? <ListSkeleton rows={4} /> : null}
      {error ? <ErrorState error={error} isSmall /> : null}
      {data && !error ? (
        <div className="template-previews">
          <Language locale="fr" shown={data.fr} part={part} />
          <Language locale="en" shown={data.en} part={part} />
        </div>
      ) : null}
    </Stack>
  )
}
