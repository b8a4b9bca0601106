import { Badge, Text } from '@mantine/core'
import { IconCheck, IconX } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { RequestView } from '#schema/request'
import { useRequest } from '../../client/catalogue.ts'
import { useText } from '../../i18n/index.ts'
import { Panel } from '../../templates/page.tsx'
import { ItemIcon, moneyWords, PriceWords, StageBadge } from './parts.tsx'
import './catalogue.css'

const decisionColours = { approved: 'moss', rejected: 'coral', waiting: 'amber', abstained: 'gray', none: 'gray' } as const

/** The line of steps: approved and delivered are two of them. */
export function RequestSteps({ request }: { request: RequestView }) {
  const { t, dateTime } = useText()
  return (
    <ol className="request-steps" aria-label={t('portal.steps')}>
      {request.steps.map((step) => (
        <li key={step.stage} data-state={step.state} aria-current={step.state === 'now' ? 'step' : undefined}>
          <span className="request-step-dot" aria-hidden>
            {step.state === 'done' ? <IconCheck size={13} stroke={3} /> : step.state === 'failed' ? <IconX size={13} stroke={3} /> : null}
          </span>
          <span>
            {t(`stage.${step.stage}`)}
            {step.at ? (
              <Text span size="xs" c="dimmed" className="num" display="block">
                {dateTime(step.at)}
              </Text>
            ) : step.stage === 'delivered' && request.promisedAt ? (
              <Text span size="xs" c="dimmed" className="num" display="block">
                {t('request.promised', { date: dateTime(request.promisedAt) })}
              </Text>
            ) : null}
          </span>
        </li>
      ))}
    </ol>
  )
}

function Approvals({ request }: { request: RequestView }) {
  const { t, tOr } = useText()
  if (request.approvals.length === 0) return null
  return (
    <ul className="request-approvals">
      {request.approvals.map((approval) => (
        <li key={`${approval.subject}${approval.approver.id}`}>
          <span>
            {approval.approver.name}{' '}
            <Text span size="xs" c="dimmed">
              {tOr(`approval.subject.${approval.subject}`, approval.subject)}
            </Text>
          </span>
          <Badge color={decisionColours[approval.decision]}>{t(`request.decision.${approval.decision}`)}</Badge>
          {approval.comment ? (
            <Text size="sm" c="dimmed" className="request-approval-comment">
              « {approval.comment} »
            </Text>
          ) : null}
        </li>
      ))}
    </ul>
  )
}

function Details({ request }: { request: RequestView }) {
  const texts = useText()
  const { t, dateTime } = texts
  const shown = (value: unknown): string =>
    typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value)
      ? dateTime(value)
      : typeof value === 'string'
        ? value
        : JSON.stringify(value)
  return (
    <dl className="properties">
      <div className="property">
        <dt>{t('request.order')}</dt>
        <dd className="mono">{request.orderNumber}</dd>
      </div>
      <div className="property">
        <dt>{t('catalogue.price')}</dt>
        <dd className="num">
          {request.price && request.quantity > 1 ? (
            moneyWords(texts, { ...request.price, amount: request.total })
          ) : (
            <PriceWords price={request.price} />
          )}
        </dd>
      </div>
      {request.answers.map(({ key, label, value }) => (
        <div className="property" key={key}>
          <dt>{label}</dt>
          <dd>{shown(value)}</dd>
        </div>
      ))}
      {request.deliveryNotes === '' ? null : (
        <div className="property">
          <dt>{t('cart.notes')}</dt>
          <dd>{request.deliveryNotes}</dd>
        </div>
      )}
    </dl>
  )
}

/** For those who deliver: item and version, answers, approvals, how far the delivery is and what went wrong. */
export function RequestPanel({ ticketId }: { ticketId: string }) {
  const { t } = useText()
  const { data: request } = useRequest(ticketId)
  if (!request) return null
  return (
    <Panel
      title={
        <span className="request-title">
          <ItemIcon icon={request.item.icon} size={18} />
          {request.item.name}
          {request.quantity > 1 ? ` × ${request.quantity}` : ''}
          <Text span size="xs" c="dimmed" fw={400}>
            {t('field.version', { version: request.item.version })}
          </Text>
        </span>
      }
      aside={<StageBadge stage={request.stage} />}
    >
      <RequestSteps request={request} />
      {request.fulfilment.lastProblem ? (
        <Text size="sm" c="coral" my="sm" role="alert">
          {t('request.lastProblem', { count: request.fulfilment.attempts, problem: request.fulfilment.lastProblem })}
        </Text>
      ) : null}
      <Details request={request} />
      <Text size="xs" c="dimmed" mt="xs">
        {t('request.fulfilment')}{' '}
        <Link to="/studio/$kind/$id" params={{ kind: 'process', id: request.fulfilment.processId } as never} className="plain mono">
          {request.fulfilment.processId}
        </Link>
      </Text>
    </Panel>
  )
}

/** For the requester: the steps in plain words, what he answered, who decides. */
export function RequestFollowUp({
  ticketId,
  fallback,
}: {
  ticketId: string /** For a request that is not of the catalogue. */
  fallback: ReactNode
}) {
  const { t } = useText()
  const { data: request, isError } = useRequest(ticketId)
  if (!request) return isError ? fallback : null
  return (
    <Panel title={t('request.steps')}>
      <RequestSteps
        request={{
          ...request,
          steps: request.steps.map((step) =>
            step.state === 'failed' && step.stage === 'beingDelivered' ? { ...step, state: 'now' } : step,
          ),
        }}
      />
      <Approvals request={request} />
      <Details request={request} />
    </Panel>
  )
}
