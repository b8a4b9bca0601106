import { Stack, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconAlertTriangle, IconCheck } from '@tabler/icons-react'
import type { T } from '../i18n/index.ts'
import { problemWords } from './states.tsx'

/** Toast of a refusal: what went wrong and what to do. */
export function notifyProblem(error: unknown, t: T): void {
  const { title, detail, remedy } = problemWords(error, t)
  notifications.show({
    color: 'coral',
    icon: <IconAlertTriangle size={18} />,
    title,
    autoClose: 9000,
    closeButtonProps: { 'aria-label': t('common.close') },
    message: (
      <Stack gap={2}>
        {detail === '' || detail === title ? null : <Text size="sm">{detail}</Text>}
        {remedy ? (
          <Text size="sm" fw={600}>
            {t('error.remedy', { remedy })}
          </Text>
        ) : null}
      </Stack>
    ),
  })
}

/** Toast of something done. */
export function notifyDone(message: string, title?: string): void {
  notifications.show({
    color: 'petrol',
    icon: <IconCheck size={18} />,
    message,
    autoClose: 3500,
    withCloseButton: false,
    ...(title === undefined ? {} : { title }),
  })
}
