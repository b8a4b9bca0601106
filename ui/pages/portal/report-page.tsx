import { Select, Stack, Text } from '@mantine/core'
import { Link, useNavigate } from '@tanstack/react-router'
import { useRef, useState } from 'react'
import type { Variables } from '#schema/json'
import type { ChannelId } from '#schema/ticket'
import { usePeople } from '../../client/administration.ts'
import { useForm, useReport } from '../../client/desk.ts'
import { newIdempotencyKey } from '../../client/http.ts'
import { hasRole, usePerson } from '../../client/session.ts'
import { FormRenderer } from '../../form/form-renderer.tsx'
import { useText } from '../../i18n/index.ts'
import { notifyDone } from '../../templates/notify.tsx'
import { PageHeader, Panel } from '../../templates/page.tsx'
import { RecordPage } from '../../templates/record-page.tsx'
import { KnownProblemsPanel } from './known-problems.tsx'
import { ErrorState, ListSkeleton } from '../../templates/states.tsx'

const formId = 'incident-report'
const textOf = (values: Variables, ...keys: string[]): string => {
  for (const key of keys) {
    const value = values[key]
    if (typeof value === 'string' && value.trim() !== '') return value.trim()
  }
  return ''
}
const filesOf = (values: Variables): string[] =>
  Object.values(values).flatMap((value) => (Array.isArray(value) ? value.filter((each) => typeof each === 'string') : []))

interface Origin {
  requesterId: string | null
  channel: ChannelId
}
const spokenChannels = ['portal', 'phone', 'chat', 'walkIn', 'social'] as const

/** An agent reports for whoever called or stood at the counter. */
function OriginPanel({ origin, onChange }: { origin: Origin; onChange: (origin: Origin) => void }) {
  const { t } = useText()
  const people = usePeople('').data ?? []
  return (
    <Panel>
      <Stack gap="sm">
        <Select
          label={t('portal.for')}
          description={t('portal.for.hint')}
          searchable
          clearable
          data={people.map((person) => ({ value: person.id, label: `${person.name} (${person.email})` }))}
          value={origin.requesterId}
          onChange={(requesterId) => onChange({ ...origin, requesterId })}
        />
        <Select
          label={t('portal.channel')}
          allowDeselect={false}
          data={spokenChannels.map((channel) => ({ value: channel, label: t(`channel.${channel}`) }))}
          value={origin.channel}
          onChange={(channel) => onChange({ ...origin, channel: (channel ?? 'portal') as ChannelId })}
        />
      </Stack>
    </Panel>
  )
}

/** The portal's incident form, as deployed by the process owner. */
export function ReportPage() {
  const { t, locale } = useText()
  const navigate = useNavigate()
  const { data: form, error, isPending, refetch } = useForm(formId)
  const person = usePerson()
  const isAgent = hasRole(person, 'agent')
  const [origin, setOrigin] = useState<Origin>({ requesterId: null, channel: 'portal' })
  const report = useReport()
  const key = useRef(newIdempotencyKey())
  const submit = async (values: Variables): Promise<void> => {
    const attachmentIds = filesOf(values)
    const answer = await report.mutateAsync({
      draft: {
        channel: origin.channel,
        ...(origin.requesterId === null ? {} : { requesterId: origin.requesterId }),
        subject: textOf(values, 'title', 'subject'),
        body: textOf(values, 'description', 'body'),
        form: { id: formId, values },
        ...(attachmentIds.length > 0 ? { attachmentIds } : {}),
      },
      idempotencyKey: key.current,
    })
    key.current = newIdempotencyKey()
    const number = answer.number ?? ''
    notifyDone(t('portal.sent.hint'), t('portal.sent', { number }))
    const params = { id: number }
    await navigate(
      number === ''
        ? { to: '/portal' }
        : origin.requesterId !== null
          ? { to: '/tickets/$id', params }
          : { to: '/portal/tickets/$id', params },
    )
  }
  const aside = isAgent ? (
    <OriginPanel origin={origin} onChange={setOrigin} />
  ) : (
    <>
      <KnownProblemsPanel />
      <Panel title={t('portal.next')}>
        <ol className="next-steps">
          {(['portal.next.1', 'portal.next.2', 'portal.next.3'] as const).map((step) => (
            <li key={step}>{t(step)}</li>
          ))}
        </ol>
      </Panel>
    </>
  )
  return (
    <RecordPage
      width="wide"
      isAsideFirst={isAgent}
      header={
        <PageHeader
          title={(locale === 'fr' ? form?.title_fr : undefined) ?? form?.title ?? t('portal.report')}
          lead={t('portal.form.lead')}
          crumbs={
            <Link to="/portal" className="plain">
              {t('nav.requests')}
            </Link>
          }
        />
      }
      aside={aside}
    >
      <Panel>
        {isPending ? <ListSkeleton rows={4} /> : null}
        {error ? <ErrorState error={error} onRetry={() => void refetch()} /> : null}
        {form ? (
          <FormRenderer
            form={form}
            draft={formId}
            submitLabel={t('portal.submit')}
            onSubmit={submit}
            secondary={
              <Text component={Link} to="/portal" size="sm" c="dimmed">
                {t('common.cancel')}
              </Text>
            }
          />
        ) : null}
      </Panel>
    </RecordPage>
  )
}
