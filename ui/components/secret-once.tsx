import { ActionIcon, Alert, Code, CopyButton, Group, Text } from '@mantine/core'
import { IconCheck, IconCopy, IconKey } from '@tabler/icons-react'
import { useText } from '../i18n/index.ts'

/** Something that is shown this once, to be copied now. */
export function SecretOnce({ title, hint, secret }: { title: string; hint: string; secret: string }) {
  const { t } = useText()
  return (
    <Alert color="amber" icon={<IconKey size={18} />} title={title}>
      <Text size="sm" mb="xs">
        {hint}
      </Text>
      <Group gap={8} wrap="nowrap">
        <Code block style={{ flex: 1, overflowX: 'auto' }}>
          {secret}
        </Code>
        <CopyButton value={secret}>
          {({ copied, copy }) => (
            <ActionIcon variant="default" size="lg" onClick={copy} aria-label={copied ? t('common.copied') : t('common.copy')}>
              {copied ? <IconCheck size={16} /> : <IconCopy size={16} />}
            </ActionIcon>
          )}
        </CopyButton>
      </Group>
    </Alert>
  )
}
