import { Group, Stack, Table, Text } from '@mantine/core'
import { Calendar } from '#schema/calendar'
import { useText } from '../i18n/index.ts'
import { parseSource } from './parse-source.ts'

/** A business calendar as a week, then its holidays and exceptions. */
export default function CalendarPreview({ source }: { source: string }) {
  const { t, locale, date } = useText()
  const parsed = parseSource(Calendar, source)
  if (!parsed.ok)
    return (
      <Text size="sm" c="coral">
        {t('studio.preview.broken', { reason: parsed.reason })}
      </Text>
    )
  const calendar = parsed.value
  // 1 January 2024 was a Monday: ISO weekday 1.
  const weekday = (day: number) => new Intl.DateTimeFormat(locale, { weekday: 'long', timeZone: 'UTC' }).format(Date.UTC(2024, 0, day))
  return (
    <Stack gap="md">
      <div>
        <Text fw={600}>{calendar.name[locale]}</Text>
        <Text size="sm" c="dimmed">
          {t('studio.calendar.zone', { zone: calendar.timeZone })}
        </Text>
      </div>
      <Table verticalSpacing={6} maw={420}>
        <Table.Tbody>
          {([1, 2, 3, 4, 5, 6, 7] as const).map((day) => (
            <Table.Tr key={day}>
              <Table.Td tt="capitalize" w={140}>
                {weekday(day)}
              </Table.Td>
              <Table.Td className="num">
                {calendar.week[`${day}`]?.map((span) => `${span.from} – ${span.to}`).join(', ') || (
                  <Text span size="sm" c="dimmed">
                    {t('studio.calendar.closed')}
                  </Text>
                )}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {[
        ...calendar.holidays.map((day) => ({ date: day.date, text: day.name })),
        ...calendar.exceptions.map((day) => ({
          date: day.date,
          text: day.spans.map((span) => `${span.from} – ${span.to}`).join(', ') || day.note || t('studio.calendar.closed'),
        })),
      ]
        .sort((a, b) => a.date.localeCompare(b.date))
        .map((day) => (
          <Group key={`${day.date} ${day.text}`} gap="sm" wrap="nowrap">
            <Text size="sm" w={140} className="num">
              {date(`${day.date}T12:00:00Z`)}
            </Text>
            <Text size="sm">{day.text}</Text>
          </Group>
        ))}
    </Stack>
  )
}
