import { Kbd, Modal, Stack, Text } from '@mantine/core'
import { type TextKey, useText } from '../i18n/index.ts'

const shortcuts: { group: TextKey; keys: [string[], TextKey][] }[] = [
  {
    group: 'help.everywhere',
    keys: [
      [['Ctrl', 'K'], 'help.palette'],
      [['?'], 'help.help'],
    ],
  },
  {
    group: 'help.inQueue',
    keys: [
      [['J'], 'help.next'],
      [['K'], 'help.previous'],
      [['Enter'], 'help.open'],
      [['/'], 'help.search'],
    ],
  },
  {
    group: 'help.inTicket',
    keys: [
      [['C'], 'help.claim'],
      [['R'], 'help.reply'],
      [['N'], 'help.note'],
      [['Ctrl', 'Enter'], 'help.send'],
    ],
  },
]

export function HelpModal({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const { t } = useText()
  return (
    <Modal opened={isOpen} onClose={onClose} title={t('help.title')} closeButtonProps={{ 'aria-label': t('common.close') }}>
      <Stack gap="md">
        {shortcuts.map(({ group, keys }) => (
          <div key={group}>
            <Text size="xs" c="dimmed" fw={600} mb={6}>
              {t(group)}
            </Text>
            {keys.map(([names, label]) => (
              <div key={label} className="help-row">
                <Text size="sm">{t(label)}</Text>
                <span>
                  {names.map((name) => (
                    <Kbd key={name} ml={4}>
                      {name}
                    </Kbd>
                  ))}
                </span>
              </div>
            ))}
          </div>
        ))}
      </Stack>
    </Modal>
  )
}
