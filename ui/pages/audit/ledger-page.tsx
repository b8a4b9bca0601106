import { Alert, Anchor, Button, Group, Text } from '@mantine/core'
import { IconShieldCheck, IconShieldX } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { LedgerReport } from '#schema/view'
import { useLedgerReport } from '../../client/index.ts'
import { useText } from '../../i18n/index.ts'
import { ErrorState, PageHeader, Panel, TableScroll } from '../../templates/index.ts'
import { FactExplorer } from './fact-explorer.tsx'
import './audit.css'

/** The ledger: prove that nothing was rewritten, and look up anything that happened. */
export function LedgerPage() {
  const { t } = useText()
  const report = useLedgerReport()
  return (
    <div className="page page-full">
      <PageHeader
        title={t('audit.title')}
        lead={t('audit.lead')}
        actions={
          <Button leftSection={<IconShieldCheck size={17} />} loading={report.isFetching} onClick={() => void report.refetch()}>
            {report.data ? t('audit.verifyAgain') : t('audit.verify')}
          </Button>
        }
      />
      <div aria-live="polite">
        {report.isError && !report.isFetching && <ErrorState error={report.error} onRetry={() => void report.refetch()} />}
        {report.data && <Verdict report={report.data} />}
      </div>
      <FactExplorer />
    </div>
  )
}

function Verdict({ report }: { report: LedgerReport }) {
  const { t, number, dateTime } = useText()
  const counts = t('audit.counts', {
    facts: number(report.facts),
    streams: number(report.streams),
    seals: number(report.seals),
    date: dateTime(report.checkedAt),
  })
  if (report.isIntact)
    return (
      <Alert color="moss" icon={<IconShieldCheck size={22} />} title={t('audit.intact')}>
        {counts}
      </Alert>
    )
  return (
    <Panel className="audit-broken">
      <Group gap="sm" mb="sm" wrap="nowrap" align="flex-start">
        <IconShieldX size={26} color="var(--gx-bad)" style={{ flex: 'none' }} />
        <div>
          <Text fw={650}>{t('audit.broken', { count: report.breaks.length })}</Text>
          <Text size="sm" c="dimmed">
            {counts}
          </Text>
        </div>
      </Group>
      <TableScroll label={t('audit.title')}>
        <table className="g-table">
          <thead>
            <tr>
              <th>{t('audit.break.where')}</th>
              <th>{t('audit.sequence')}</th>
              <th>{t('audit.break.kind')}</th>
              <th>{t('audit.break.detail')}</th>
            </tr>
          </thead>
          <tbody>
            {report.breaks.map((found) => (
              <tr key={`${found.streamId} ${found.sequence} ${found.kind}`}>
                <td>
                  {found.ticketNumber ? (
                    <Anchor component={Link} to="/audit/tickets/$id" params={{ id: found.ticketNumber } as never} size="sm" fw={600}>
                      {found.ticketNumber}
                    </Anchor>
                  ) : (
                    <code>{found.streamId}</code>
                  )}
                </td>
                <td className="num">{found.sequence}</td>
                <td>{t(`audit.kind.${found.kind}`)}</td>
                <td>
                  <Text size="sm">{found.detail}</Text>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableScroll>
    </Panel>
  )
}
