import { ActionIcon, Badge, Group, Loader, ScrollArea, Text, UnstyledButton } from '@mantine/core'
import { IconAlertTriangleFilled, IconChevronDown, IconChevronUp, IconCircleCheckFilled, IconCircleXFilled } from '@tabler/icons-react'
import { useState } from 'react'
import type { DiagnosticView } from '#schema/view'
import { problemText } from '../diagram/words.ts'
import { useText } from '../i18n/index.ts'
import { frenchOf } from '#schema/diagnostics-fr'
import type { Check } from './use-check.ts'

interface Props {
  check: Check
  nameOf: (elementId: string) => string
  onPick: (elementId: string) => void
}

/** What the compiler refuses or doubts, at its elements. */
export function ProblemList({ check, nameOf, onPick }: Props) {
  const { t } = useText()
  const [isShown, setShown] = useState(true)
  const errors = check.diagnostics.filter((diagnostic) => diagnostic.severity === 'error')
  const sorted = [...errors, ...check.diagnostics.filter((diagnostic) => diagnostic.severity === 'warning')]
  return (
    <div aria-live="polite" style={{ flex: 1, minWidth: 0 }}>
      <Group justify="space-between" px="sm" py={6} gap="xs">
        <Group gap="xs">
          <Text size="sm" fw={600}>
            {t('studio.problems')}
          </Text>
          <Summary check={check} errors={errors.length} warnings={sorted.length - errors.length} />
        </Group>
        {sorted.length > 0 && (
          <ActionIcon
            variant="subtle"
            color="gray"
            size="sm"
            onClick={() => setShown(!isShown)}
            aria-expanded={isShown}
            aria-label={t('studio.problems.toggle')}
          >
            {isShown ? <IconChevronDown size={16} /> : <IconChevronUp size={16} />}
          </ActionIcon>
        )}
      </Group>
      {isShown && sorted.length > 0 && (
        <ScrollArea.Autosize mah={148}>
          {sorted.map((diagnostic) => (
            <Problem
              key={`${diagnostic.elementId} ${diagnostic.code} ${diagnostic.message}`}
              diagnostic={diagnostic}
              name={nameOf(diagnostic.elementId)}
              onPick={onPick}
            />
          ))}
        </ScrollArea.Autosize>
      )}
    </div>
  )
}

function Problem({ diagnostic, name, onPick }: { diagnostic: DiagnosticView; name: string; onPick: (elementId: string) => void }) {
  const isError = diagnostic.severity === 'error'
  const { locale } = useText()
  const french = locale === 'fr' ? frenchOf(diagnostic) : undefined
  return (
    <UnstyledButton className="gx-problem-row" onClick={() => onPick(diagnostic.elementId)} w="100%" px="sm" py={5}>
      <Group gap="xs" wrap="nowrap" align="flex-start">
        {isError ? (
          <IconCircleXFilled size={16} color="var(--mantine-color-red-6)" style={{ flex: 'none', marginTop: 2 }} />
        ) : (
          <IconAlertTriangleFilled size={16} color="#d9820b" style={{ flex: 'none', marginTop: 2 }} />
        )}
        <Text size="sm" style={{ minWidth: 0 }}>
          <Text span fw={600} size="sm">
            {name}
          </Text>{' '}
          · {french ?? diagnostic.message}{' '}
          <Text span size="xs" c="dimmed">
            {french === undefined ? diagnostic.code : diagnostic.message}
          </Text>
        </Text>
      </Group>
    </UnstyledButton>
  )
}

function Summary({ check, errors, warnings }: { check: Check; errors: number; warnings: number }) {
  const { t } = useText()
  if (check.state === 'checking')
    return (
      <Group gap={6}>
        <Loader size={12} />
        <Text size="xs" c="dimmed">
          {t('studio.checking')}
        </Text>
      </Group>
    )
  if (check.state === 'failed')
    return (
      <Text size="xs" c="red">
        {t('studio.checkFailed')} {problemText(check.error, t)}
      </Text>
    )
  if (check.state === 'idle') return null
  if (errors + warnings === 0)
    return (
      <Group gap={4}>
        <IconCircleCheckFilled size={15} color="var(--mantine-color-petrol-6)" />
        <Text size="xs" c="dimmed">
          {t('studio.noProblem')}
        </Text>
      </Group>
    )
  return (
    <Group gap={6}>
      {errors > 0 && (
        <Badge color="red" variant="light" size="sm">
          {t('studio.errors', { count: errors })}
        </Badge>
      )}
      {warnings > 0 && (
        <Badge color="amber" variant="light" size="sm">
          {t('studio.warnings', { count: warnings })}
        </Badge>
      )}
    </Group>
  )
}
