import { ActionIcon, Tooltip } from '@mantine/core'
import { IconArrowsMaximize, IconMinus, IconPlus } from '@tabler/icons-react'
import { useText } from '../i18n/index.ts'

export function ViewTools({ onIn, onOut, onFit }: { onIn: () => void; onOut: () => void; onFit: () => void }) {
  const { t } = useText()
  const tools = [
    { label: t('diagram.zoomIn'), icon: <IconPlus size={16} />, act: onIn },
    { label: t('diagram.zoomOut'), icon: <IconMinus size={16} />, act: onOut },
    { label: t('diagram.fit'), icon: <IconArrowsMaximize size={15} />, act: onFit },
  ]
  return (
    <ActionIcon.Group orientation="vertical">
      {tools.map((tool) => (
        <Tooltip key={tool.label} label={tool.label} position="left" withArrow>
          <ActionIcon variant="default" size="md" aria-label={tool.label} onClick={tool.act}>
            {tool.icon}
          </ActionIcon>
        </Tooltip>
      ))}
    </ActionIcon.Group>
  )
}
