import { Avatar, Group, Text } from '@mantine/core'
import { useText } from '../i18n/index.ts'

const palette = ['petrol', 'coral', 'amber', 'moss', 'gray'] as const
const colorOf = (name: string): string => {
  let sum = 0
  for (const letter of name) sum = (sum * 31 + letter.charCodeAt(0)) % 997
  return palette[sum % palette.length] ?? 'petrol'
}
const initialsOf = (name: string): string => {
  const words = name.split(/[\s-]+/).filter(Boolean)
  return `${words[0]?.[0] ?? ''}${words.length > 1 ? (words.at(-1)?.[0] ?? '') : ''}`.toUpperCase()
}

export function PersonAvatar({ name, size = 26 }: { name: string; size?: number }) {
  return (
    <Avatar
      size={size}
      radius="xl"
      color={colorOf(name)}
      variant="light"
      aria-hidden
      styles={{ placeholder: { fontSize: size * 0.4, fontWeight: 650 } }}
    >
      {initialsOf(name)}
    </Avatar>
  )
}

/** Avatar and name; nobody is said in words. */
export function PersonTag({ person, size = 24, none }: { person: { name: string } | null; size?: number; none?: string }) {
  const { t } = useText()
  if (!person)
    return (
      <Text span c="dimmed" size="sm">
        {none ?? t('ticket.assignee.none')}
      </Text>
    )
  return (
    <Group gap={8} wrap="nowrap" miw={0}>
      <PersonAvatar name={person.name} size={size} />
      <Text span size="sm" className="truncate">
        {person.name}
      </Text>
    </Group>
  )
}
