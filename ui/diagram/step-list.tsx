import { Badge, Table, Text } from '@mantine/core'
import { useText } from '../i18n/index.ts'
import { type Step, stepColour } from './progress.ts'

const badgeColour = { active: 'coral', passed: 'petrol', terminated: 'amber', stalled: 'red', moved: 'grape' } as const

/** The same progress as text: for readers of lists, and of screens. */
export function StepList({ steps, viewer }: { steps: Step[]; viewer: BpmnViewer }) {
  const texts = useText()
  const { t, span } = texts
  const registry = viewer.get('elementRegistry')
  const rows = steps.flatMap((step) => {
    const element = registry.get(step.elementId)?.businessObject
    const name = element?.get('name')
    return element?.$instanceOf('bpmn:Activity') || (typeof name === 'string' && name !== '')
      ? [{ step, name: typeof name === 'string' && name !== '' ? name : step.elementId }]
      : []
  })
  return (
    <Table.ScrollContainer minWidth={420} type="native" tabIndex={0} role="region" aria-label={t('diagram.step')}>
      <Table verticalSpacing={6} highlightOnHover>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('diagram.step')}</Table.Th>
            <Table.Th>{t('diagram.stateHeading')}</Table.Th>
            <Table.Th ta="right">{t('diagram.passesHeading')}</Table.Th>
            <Table.Th ta="right">{t('diagram.timeHeading')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map(({ step, name }) => (
            <Table.Tr key={step.elementId}>
              <Table.Td>
                <Text size="sm">{name}</Text>
              </Table.Td>
              <Table.Td>
                <Badge variant="light" color={badgeColour[stepColour(step)]}>
                  {t(`diagram.state.${stepColour(step)}`)}
                </Badge>
              </Table.Td>
              <Table.Td ta="right">{step.passed + step.tokens}</Table.Td>
              <Table.Td ta="right" style={{ fontVariantNumeric: 'tabular-nums' }}>
                {step.spentMs > 0 ? span(step.spentMs) : '—'}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}
