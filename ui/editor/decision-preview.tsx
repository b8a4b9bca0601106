import { Badge, Code, Group, Stack, Table, Text } from '@mantine/core'
import { useEffect, useState } from 'react'
import { useText } from '../i18n/index.ts'
import { type DecisionTable, readDecisionTables } from './decision-table.ts'

/** The decision tables of a DMN source, as tables; the last readable ones while the source is being typed. */
export default function DecisionPreview({ source }: { source: string }) {
  const { t } = useText()
  const [tables, setTables] = useState<DecisionTable[]>([])
  const [error, setError] = useState<string | null>(null)
  useEffect(() => {
    let isCurrent = true
    readDecisionTables(source).then(
      (found) => isCurrent && (setTables(found), setError(null)),
      (cause: Error) => isCurrent && setError(cause.message),
    )
    return () => {
      isCurrent = false
    }
  }, [source])
  return (
    <Stack gap="lg">
      {error && (
        <Text size="sm" c="coral">
          {t('studio.preview.broken', { reason: error })}
        </Text>
      )}
      {tables.map((table) => (
        <RulesTable key={table.id} table={table} />
      ))}
      {tables.length === 0 && !error && (
        <Text size="sm" c="dimmed">
          {t('studio.preview.noTable')}
        </Text>
      )}
    </Stack>
  )
}

function RulesTable({ table }: { table: DecisionTable }) {
  const { t } = useText()
  const hasNotes = table.rules.some((rule) => rule.note !== '')
  return (
    <div>
      <Group gap="xs" mb="xs">
        <Text fw={600}>{table.name}</Text>
        <Badge variant="outline" color="gray">
          {t('studio.hitPolicy', { policy: table.hitPolicy })}
        </Badge>
      </Group>
      <Table.ScrollContainer minWidth={480} type="native" tabIndex={0} role="region" aria-label={table.name}>
        <Table withTableBorder withColumnBorders verticalSpacing={5} horizontalSpacing="sm" className="gx-rules">
          <Table.Thead>
            <Table.Tr>
              <Table.Th w={40} ta="right">
                #
              </Table.Th>
              {table.inputs.map((input) => (
                <Table.Th key={input.expression} title={input.expression}>
                  {input.label}
                </Table.Th>
              ))}
              {table.outputs.map((output) => (
                <Table.Th key={output.name} className="gx-output" title={output.name}>
                  {output.label}
                </Table.Th>
              ))}
              {hasNotes && <Table.Th>{t('studio.ruleNote')}</Table.Th>}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {table.rules.map((rule, row) => (
              <Table.Tr key={rule.id}>
                <Table.Td ta="right" c="dimmed">
                  {row + 1}
                </Table.Td>
                {rule.inputs.map((text, column) => (
                  <Table.Td key={table.inputs[column]?.expression ?? text}>
                    {text === '' || text === '-' ? (
                      <Text span c="dimmed">
                        —
                      </Text>
                    ) : (
                      <Code>{text}</Code>
                    )}
                  </Table.Td>
                ))}
                {rule.outputs.map((text, column) => (
                  <Table.Td key={table.outputs[column]?.name ?? text} className="gx-output">
                    <Code fw={600}>{text}</Code>
                  </Table.Td>
                ))}
                {hasNotes && (
                  <Table.Td>
                    <Text size="xs" c="dimmed">
                      {rule.note}
                    </Text>
                  </Table.Td>
                )}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </div>
  )
}
