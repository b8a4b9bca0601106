import { Alert, Anchor, Badge, Button, FileButton, Group, Select, Text } from '@mantine/core'
import { IconAlertTriangle, IconCheck, IconDownload, IconFileSpreadsheet, IconUpload } from '@tabler/icons-react'
import { Link, useParams } from '@tanstack/react-router'
import { useRef, useState } from 'react'
import type { Noun } from '#schema/noun'
import { nounByPath } from '#schema/nouns'
import type { ImportReport, ImportRow } from '#schema/record'
import { useImportRecords } from '../../client/records.ts'
import { useText } from '../../i18n/index.ts'
import { NotFoundPage } from '../../shell/failure-pages.tsx'
import { notifyDone } from '../../templates/notify.tsx'
import { PageHeader, Panel } from '../../templates/page.tsx'
import { EmptyState, ErrorState } from '../../templates/states.tsx'
import { TableScroll } from '../../templates/table-scroll.tsx'
import { FieldValue } from './field-value.tsx'
import './register.css'

const outcomeColor = { add: 'moss', change: 'petrol', unchanged: 'gray', refused: 'coral' } as const
const outcomes = ['add', 'change', 'unchanged', 'refused'] as const
/** No column is taken for this field. */
const ignored = '-'

const quoted = (text: string): string => `"${(/^[=+\-@\t\r]/.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`
/** The refused rows as a file to mend: the columns as they were, then why. */
function refusedFile(report: ImportReport, why: string): Blob {
  const lines = report.rows
    .filter((row) => row.outcome === 'refused')
    .map((row) => [...(row.cells ?? []), row.problems.map((problem) => `${problem.column} : ${problem.message}`).join(' / ')])
  const text = [[...report.headers.map(({ header }) => header), why], ...lines]
    .map((row) => row.map(quoted).join(report.delimiter))
    .join('\r\n')
  return new Blob(['\ufeff', text], { type: 'text/csv' })
}
function download(blob: Blob, name: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(blob)
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 1_000)
}

function Columns({ noun, report, onMap }: { noun: Noun; report: ImportReport; onMap: (header: string, field: string | null) => void }) {
  const { t, locale } = useText()
  const choices = [
    { value: ignored, label: t('register.import.ignored') },
    ...Object.entries(noun.fields).map(([name, field]) => ({ value: name, label: field.label[locale] })),
  ]
  return (
    <Panel title={t('register.import.columns')}>
      <Text size="sm" c="dimmed" mb={10}>
        {t('register.import.read', { encoding: report.encoding, delimiter: report.delimiter === '\t' ? 'tab' : report.delimiter })}
      </Text>
      <div className="import-columns">
        {report.headers.map(({ header, field }) => (
          <Select
            key={header}
            size="xs"
            label={header}
            data={choices}
            value={field ?? ignored}
            allowDeselect={false}
            searchable
            onChange={(next) => onMap(header, next === ignored || next === null ? null : next)}
            disabled={!report.isDryRun}
          />
        ))}
      </div>
    </Panel>
  )
}

function RowWords({ noun, row }: { noun: Noun; row: ImportRow }) {
  const { locale } = useText()
  if (row.problems.length > 0)
    return (
      <ul className="import-problems">
        {row.problems.map((problem) => (
          <li key={`${problem.column}${problem.code}`}>
            <strong>{problem.column}</strong> {problem.message}
          </li>
        ))}
      </ul>
    )
  return (
    <span>
      {row.changes.map(({ field, from, to }, index) => {
        const declared = noun.fields[field]
        return declared ? (
          <span key={field}>
            {index > 0 ? ' · ' : ''}
            {declared.label[locale]} : <FieldValue name="" field={declared} value={from} names={{}} isShort /> →{' '}
            <FieldValue name="" field={declared} value={to} names={{}} isShort />
          </span>
        ) : null
      })}
    </span>
  )
}

function Rows({ noun, report }: { noun: Noun; report: ImportReport }) {
  const { t } = useText()
  const rows = report.rows.filter(({ outcome }) => outcome !== 'unchanged')
  if (rows.length === 0) return <EmptyState isSmall icon={<IconCheck size={20} />} title={t('register.import.nothing')} />
  return (
    <TableScroll label={t('register.import.rows')}>
      <table className="g-table">
        <thead>
          <tr>
            <th scope="col">{t('register.import.line')}</th>
            <th scope="col">{t('register.import.outcome')}</th>
            <th scope="col">{t('register.import.record')}</th>
            <th scope="col">{t('register.import.what')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.line}>
              <td className="num">{row.line}</td>
              <td>
                <Badge variant="light" color={outcomeColor[row.outcome]}>
                  {t(`register.import.${row.outcome}`)}
                </Badge>
              </td>
              <td>{row.title}</td>
              <td>
                <RowWords noun={noun} row={row} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableScroll>
  )
}

function Report({ noun, report, onApply, isApplying }: { noun: Noun; report: ImportReport; onApply: () => void; isApplying: boolean }) {
  const { t, number } = useText()
  const useful = report.counts.add + report.counts.change
  return (
    <Panel
      isFlush
      title={t(report.isDryRun ? 'register.import.would' : 'register.import.did')}
      aside={
        <Group gap={8}>
          {report.counts.refused > 0 ? (
            <Button
              variant="default"
              size="xs"
              leftSection={<IconDownload size={15} />}
              onClick={() => download(refusedFile(report, t('register.import.why')), `${noun.path}-refused.csv`)}
            >
              {t('register.import.download')}
            </Button>
          ) : null}
          {report.isDryRun ? (
            <Button size="xs" onClick={onApply} loading={isApplying} disabled={useful === 0}>
              {t('register.import.apply', { count: useful })}
            </Button>
          ) : null}
        </Group>
      }
    >
      <dl className="import-counts">
        {outcomes.map((outcome) => (
          <div key={outcome}>
            <dt>{t(`register.import.${outcome}`)}</dt>
            <dd className="num">{number(report.counts[outcome])}</dd>
          </div>
        ))}
      </dl>
      <Rows noun={noun} report={report} />
      {report.isCut ? (
        <Text size="xs" c="dimmed" p="md">
          {t('register.import.cut')}
        </Text>
      ) : null}
    </Panel>
  )
}

function Import({ noun }: { noun: Noun }) {
  const { t, locale } = useText()
  const [file, setFile] = useState<File | null>(null)
  const [mapping, setMapping] = useState<Record<string, string | null>>({})
  const run = useImportRecords(noun.path)
  const reset = useRef<() => void>(null)
  const look = (chosen: File, map: Record<string, string | null>): void => {
    setFile(chosen)
    setMapping(map)
    run.mutate({ file: chosen, isDryRun: true, mapping: map })
  }
  const apply = (): void => {
    if (file) run.mutate({ file, isDryRun: false, mapping }, { onSuccess: () => notifyDone(t('register.import.done')) })
  }
  const report = run.data
  const template = new Blob(
    [
      '\ufeff',
      Object.values(noun.fields)
        .map((field) => quoted(field.label[locale]))
        .join(';'),
    ],
    { type: 'text/csv' },
  )
  const keys = noun.key.map((name) => noun.fields[name]?.label[locale] ?? name).join(', ')
  return (
    <div className="page page-wide">
      <PageHeader
        title={t('register.import.title', { noun: noun.many[locale] })}
        lead={t('register.import.lead', { keys })}
        crumbs={
          <Anchor component={Link} to="/register/$path" params={{ path: noun.path } as never} size="xs">
            {noun.many[locale]}
          </Anchor>
        }
        actions={
          <>
            <Button variant="default" leftSection={<IconDownload size={16} />} onClick={() => download(template, `${noun.path}.csv`)}>
              {t('register.import.template')}
            </Button>
            <FileButton
              resetRef={reset}
              accept=".csv,text/csv,text/plain"
              onChange={(chosen) => {
                // a mended file of the same name is a choice too
                reset.current?.()
                if (chosen) look(chosen, {})
              }}
            >
              {(props) => (
                <Button {...props} leftSection={<IconUpload size={16} />} loading={run.isPending}>
                  {t('register.import.choose')}
                </Button>
              )}
            </FileButton>
          </>
        }
      />
      {run.error ? <ErrorState error={run.error} /> : null}
      {report ? (
        <>
          {report.isDryRun ? (
            <Alert color="petrol" icon={<IconAlertTriangle size={18} />}>
              {t('register.import.dry', { file: file?.name ?? '' })}
            </Alert>
          ) : null}
          <Columns
            noun={noun}
            report={report}
            onMap={(header, field) => (file ? look(file, { ...mapping, [header]: field }) : undefined)}
          />
          <Report noun={noun} report={report} onApply={apply} isApplying={run.isPending} />
        </>
      ) : run.error ? null : (
        <Panel>
          <EmptyState
            icon={<IconFileSpreadsheet size={26} stroke={1.5} />}
            title={t('register.import.none')}
            hint={t('register.import.hint')}
          />
        </Panel>
      )}
    </div>
  )
}

/** A CSV file for any noun: looked at first, then applied. */
export function RegisterImportPage() {
  const { path } = useParams({ from: '/app/register/$path/import' })
  const noun = nounByPath(path)
  return noun ? <Import key={noun.id} noun={noun} /> : <NotFoundPage />
}
