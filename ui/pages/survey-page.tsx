import { Text, Title } from '@mantine/core'
import { IconLinkOff, IconMoodSmile } from '@tabler/icons-react'
import { useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { useAnswerSurvey, useSurvey } from '../client/desk.ts'
import { isProblem } from '../client/http.ts'
import { useText } from '../i18n/index.ts'
import { EmptyState, ErrorState, ListSkeleton } from '../templates/states.tsx'
import { SurveyForm } from './ticket/ticket-actions.tsx'
import { FrontPage } from '../templates/front-page.tsx'

function SurveyBody({ token }: { token: string }) {
  const { t } = useText()
  const { data, error, isPending, refetch } = useSurvey(token)
  const answer = useAnswerSurvey(token)
  const [isSent, setSent] = useState(false)
  if (isPending) return <ListSkeleton rows={3} />
  if (error) {
    if (isProblem(error) && (error.status === 404 || error.status === 410 || error.status === 422))
      return <EmptyState icon={<IconLinkOff size={26} stroke={1.5} />} title={t('survey.invalid')} hint={t('survey.invalid.hint')} />
    return <ErrorState error={error} onRetry={() => void refetch()} />
  }
  if (isSent || data.survey)
    return <EmptyState icon={<IconMoodSmile size={26} stroke={1.5} />} title={t('survey.thanks')} hint={t('survey.thanks.hint')} />
  return (
    <>
      <Text c="dimmed" size="sm">
        <span className="mono">{data.number}</span> · {data.title}
      </Text>
      <Title order={1} mt={6} mb={4}>
        {t('survey.title')}
      </Title>
      <Text c="dimmed" mb="lg">
        {t('survey.lead', { number: data.number })}
      </Text>
      <SurveyForm
        draft={token}
        onSend={async (given) => {
          await answer.mutateAsync(given)
          setSent(true)
        }}
      />
    </>
  )
}

/** Opened from the link in the mail: no sign-in. */
export function SurveyPage() {
  const { t } = useText()
  const { token } = useParams({ from: '/survey/$token' })
  return (
    <FrontPage title={t('survey.title')}>
      <SurveyBody token={token} />
    </FrontPage>
  )
}
