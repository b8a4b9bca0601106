import { Button } from '@mantine/core'
import { IconFlame } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { TicketView } from '#schema/view'
import { useCommunicateNow, useLinks, useMajors } from '../../client/incident.ts'
import { useText } from '../../i18n/index.ts'
import { HandOverButton } from './hand-over.tsx'
import { notifyDone, notifyProblem } from '../../templates/notify.tsx'

/** On a major incident: its command at a glance. On an incident under one: the way there. */
export function MajorBanner({ ticket, ticketId }: { ticket: TicketView; ticketId: string }) {
  const { t, dateTime } = useText()
  const links = useLinks(ticketId).data ?? []
  const majors = useMajors().data ?? []
  const communicate = useCommunicateNow()
  const parent = links.find(({ kind, direction }) => kind === 'childOf' && direction === 'out')?.other
  const major = majors.find(({ number }) => number === (ticket.isMajor ? ticket.number : parent?.number))
  if (!major) return null
  const isOwn = ticket.isMajor
  const next = major.nextUpdateAt
  const isWaiting =
    isOwn && major.state === 'running' && next !== null && !ticket.tasks.some(({ elementId }) => elementId === 'communicate')
  return (
    <section className="major-banner" data-state={major.state} aria-label={t('major.title')}>
      <IconFlame size={20} aria-hidden />
      <div className="major-words">
        <strong>
          {isOwn ? t(`major.state.${major.state}`) : t('major.under')}
          {isOwn ? null : (
            <>
              {' '}
              <Link to="/tickets/$id" params={{ id: major.number }}>
                {major.number} · {major.title}
              </Link>
            </>
          )}
        </strong>
        <span>
          {[
            major.commander ? t('major.commander', { name: major.commander.name }) : null,
            major.communicationLead ? t('major.lead', { name: major.communicationLead.name }) : null,
            t('major.children', { count: major.childCount, open: major.openChildCount }),
            next ? t('major.next', { date: dateTime(next) }) : null,
            major.reviewDueAt ? t('major.reviewDue', { date: dateTime(major.reviewDueAt) }) : null,
          ]
            .filter(Boolean)
            .join(' · ')}
        </span>
      </div>
      {isOwn && major.state === 'running' && ticket.actions.includes('edit') ? <HandOverButton major={major} /> : null}
      {isWaiting && ticket.actions.includes('edit') ? (
        <Button
          size="xs"
          variant="default"
          loading={communicate.isPending}
          onClick={() =>
            communicate.mutate(ticket.number, {
              onSuccess: () => notifyDone(t('major.communicateNow.done')),
              onError: (error) => notifyProblem(error, t),
            })
          }
        >
          {t('major.communicateNow')}
        </Button>
      ) : null}
    </section>
  )
}
