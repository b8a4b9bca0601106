import { Button, Stack, Text, TextInput, Title } from '@mantine/core'
import { IconDoorOff } from '@tabler/icons-react'
import { useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { type KioskView, useKiosk, useLeaveQueue, useTakeNumber, useVisit } from '../client/desks.ts'
import { isProblem } from '../client/http.ts'
import { useText } from '../i18n/index.ts'
import { notifyProblem } from '../templates/notify.tsx'
import { EmptyState, ErrorState, ListSkeleton } from '../templates/states.tsx'
import '../styles/interactions.css'
import { FrontPage } from '../templates/front-page.tsx'

function TakeNumber({ token, kiosk, onTaken }: { token: string; kiosk: KioskView; onTaken: (id: string) => void }) {
  const { t, locale, span } = useText()
  const [name, setName] = useState('')
  const [subject, setSubject] = useState('')
  const take = useTakeNumber(token)
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        take.mutate({ name, subject }, { onSuccess: (visit) => onTaken(visit.id), onError: (problem) => notifyProblem(problem, t) })
      }}
    >
      <Stack gap="md">
        <div>
          <Title order={1}>{t('kiosk.title')}</Title>
          <Text c="dimmed">{kiosk.desk[locale]}</Text>
        </div>
        <Text>
          {t('kiosk.waiting', { count: kiosk.waiting })} · {t('kiosk.wait', { time: span(kiosk.estimatedWaitMs) })}
        </Text>
        <TextInput
          size="md"
          label={t('kiosk.subject')}
          maxLength={200}
          value={subject}
          onChange={(e) => setSubject(e.currentTarget.value)}
        />
        <TextInput size="md" label={t('kiosk.name')} maxLength={100} value={name} onChange={(e) => setName(e.currentTarget.value)} />
        <Button size="xl" type="submit" loading={take.isPending}>
          {t('kiosk.take')}
        </Button>
        <Called kiosk={kiosk} />
      </Stack>
    </form>
  )
}

function Called({ kiosk }: { kiosk: KioskView }) {
  const { t } = useText()
  if (kiosk.called.length === 0) return null
  return (
    <div>
      <Text size="sm" c="dimmed">
        {t('kiosk.lately')}
      </Text>
      <div className="kiosk-called">
        {kiosk.called.map(({ number }) => (
          <strong key={number} className="visit mono">
            {number}
          </strong>
        ))}
      </div>
    </div>
  )
}

/** The visitor's number, until he is called or leaves. */
function Visit({ token, id, onDone }: { token: string; id: string; onDone: () => void }) {
  const { t, span } = useText()
  const { data } = useVisit(token, id)
  const leave = useLeaveQueue(token)
  if (!data) return <ListSkeleton rows={3} />
  return (
    <Stack gap="md" align="center" aria-live="polite">
      <Text c="dimmed">{t('kiosk.yours')}</Text>
      <div className="kiosk-number mono">{data.number}</div>
      {data.state === 'waiting' ? (
        <>
          <Text size="lg">{t('kiosk.position', { position: data.position })}</Text>
          <Text c="dimmed">{t('kiosk.wait', { time: span(data.estimatedWaitMs) })}</Text>
          <Button variant="default" loading={leave.isPending} onClick={() => leave.mutate(id, { onSuccess: onDone })}>
            {t('kiosk.leave')}
          </Button>
        </>
      ) : (
        <Text size="lg" fw={600}>
          {t(data.state === 'called' ? 'kiosk.called' : 'kiosk.left')}
        </Text>
      )}
      <Button variant="subtle" onClick={onDone}>
        {t('kiosk.done')}
      </Button>
    </Stack>
  )
}

function KioskBody({ token }: { token: string }) {
  const { t } = useText()
  const [visitId, setVisitId] = useState<string | null>(null)
  const { data, error, isPending, refetch } = useKiosk(token)
  if (isPending) return <ListSkeleton rows={3} />
  if (error) {
    if (isProblem(error) && error.status === 404)
      return <EmptyState icon={<IconDoorOff size={26} stroke={1.5} />} title={t('kiosk.invalid')} hint={t('kiosk.invalid.hint')} />
    return <ErrorState error={error} onRetry={() => void refetch()} />
  }
  return visitId ? (
    <Visit token={token} id={visitId} onDone={() => setVisitId(null)} />
  ) : (
    <TakeNumber token={token} kiosk={data} onTaken={setVisitId} />
  )
}

/** On a tablet at the counter: no sign-in; whoever stands there takes a number, and sees his place. */
export function KioskPage() {
  const { t } = useText()
  const { token } = useParams({ from: '/kiosk/$token' })
  return (
    <FrontPage title={t('kiosk.title')} className="kiosk">
      <KioskBody token={token} />
    </FrontPage>
  )
}
