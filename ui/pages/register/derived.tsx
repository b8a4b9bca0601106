import { Badge } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { RecordView } from '#schema/record'
import type { TextKey, Texts } from '../../i18n/index.ts'

interface DerivedColumn {
  label: TextKey
  /** Null: nothing to tell. */
  show: (record: RecordView, texts: Texts) => ReactNode
}
const at = (day: unknown): string => `${String(day)}T12:00:00`
const positionColor: Record<string, string> = { over: 'coral', full: 'amber', ok: 'moss' }
const noticeColor: Record<string, string> = { due: 'amber', past: 'coral', later: 'gray', settled: 'gray' }

function licencePosition({ derived, values }: RecordView, { t, number }: Texts): ReactNode {
  const state = String(derived.state)
  const free = derived.free
  const words =
    free === null ? t('register.licence.unlimited') : t(`register.licence.${state}` as TextKey, { count: Math.abs(Number(free)) })
  return (
    <span className="derived">
      <span className="num">
        {number(Number(derived.used))} / {free === null ? '∞' : number(Number(values.seats))}
      </span>
      <Badge variant="light" color={positionColor[state] ?? 'gray'}>
        {words}
      </Badge>
    </span>
  )
}

function notice({ derived }: RecordView, { t, date }: Texts): ReactNode {
  const state = String(derived.state)
  return (
    <span className="derived">
      <span className="num">{date(at(derived.noticeOn))}</span>
      {state === 'settled' ? null : (
        <Badge variant="light" color={noticeColor[state] ?? 'gray'}>
          {state === 'past'
            ? t('register.notice.past')
            : state === 'due'
              ? t('register.notice.due', { count: Number(derived.daysToNotice) })
              : t('register.notice.later', { count: Number(derived.daysToNotice) })}
        </Badge>
      )}
    </span>
  )
}

interface ShortApproval {
  processId: string
  elementId: string
  quorum: number
  voters: number
  decisionId: string | null
  row: number | null
}

/** Approvals that ask for more voices than the group has members, each with the definition in which that is mended. */
function shortApprovals({ derived }: RecordView, { t }: Texts): ReactNode {
  const short = (derived.shortApprovals ?? []) as unknown as ShortApproval[]
  if (short.length === 0) return null
  return (
    <span className="derived">
      {short.map(({ processId, elementId, quorum, voters, decisionId, row }) => (
        <Link
          key={`${processId} ${elementId} ${quorum} ${row}`}
          to="/studio/$kind/$id"
          params={{ kind: decisionId === null ? 'process' : 'decision', id: decisionId ?? processId }}
          className="record-link"
        >
          <Badge variant="light" color="amber" style={{ textTransform: 'none' }}>
            {decisionId === null
              ? t('register.group.short', { quorum, count: voters, place: `${processId}, ${elementId}` })
              : t('register.group.short', { quorum, count: voters, place: `${decisionId}, ${row}` })}
          </Badge>
        </Link>
      ))}
    </span>
  )
}

/** Columns worked out by the API, by noun: shown in the list, and first on the record. */
export const derivedColumns: Record<string, DerivedColumn[]> = {
  group: [{ label: 'register.group.approvals', show: shortApprovals }],
  licence: [
    { label: 'register.licence.position', show: licencePosition },
    {
      label: 'register.licence.unused',
      show: ({ derived }, { t }) =>
        Number(derived.unused) > 0 ? (
          <Badge variant="light" color="amber">
            {t('register.licence.reclaimable', { count: Number(derived.unused) })}
          </Badge>
        ) : (
          '–'
        ),
    },
    {
      label: 'register.licence.renewal',
      show: ({ derived }, { t, date }) =>
        derived.renewOn === null ? (
          '–'
        ) : (
          <span className="derived">
            <span className="num">{date(at(derived.renewOn))}</span>
            {derived.isRenewalDue === true ? (
              <Badge variant="light" color="amber">
                {t('register.licence.renewalDue')}
              </Badge>
            ) : null}
          </span>
        ),
    },
  ],
  'maintenance-contract': [{ label: 'register.notice.title', show: notice }],
  asset: [
    {
      label: 'register.warranty',
      show: ({ derived }, { t }) =>
        derived.isUnderWarranty === null ? (
          '–'
        ) : (
          <Badge variant="light" color={derived.isUnderWarranty === true ? 'moss' : 'gray'}>
            {t(derived.isUnderWarranty === true ? 'register.warranty.on' : 'register.warranty.over')}
          </Badge>
        ),
    },
  ],
}
