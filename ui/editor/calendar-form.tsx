import { Button, Fieldset, Group, Select, Stack, Text, TextInput } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { Calendar } from '#schema/calendar'
import { useText } from '../i18n/index.ts'
import CalendarPreview from './calendar-preview.tsx'
import { HolidaysField } from './holidays-field.tsx'
import { parseSource } from './parse-source.ts'
import { SpansField } from './spans-field.tsx'

const days = ['1', '2', '3', '4', '5', '6', '7'] as const
const zones = Intl.supportedValuesOf('timeZone')

/** A calendar by its fields; the text beside it follows, and the other way round. Times that are no times yet stay in the text. */
export default function CalendarForm({ source, onChange }: { source: string; onChange?: ((source: string) => void) | undefined }) {
  const parsed = parseSource(Calendar, source)
  if (!onChange || !parsed.ok) return <CalendarPreview source={source} />
  const put = (change: Partial<Calendar>) => onChange(`${JSON.stringify({ ...(JSON.parse(source) as object), ...change }, null, 2)}\n`)
  return <Fields calendar={parsed.value} put={put} />
}

function Fields({ calendar, put }: { calendar: Calendar; put: (change: Partial<Calendar>) => void }) {
  const { t, locale } = useText()
  // 1 January 2024 was a Monday: ISO weekday 1.
  const weekday = (day: string) =>
    new Intl.DateTimeFormat(locale, { weekday: 'long', timeZone: 'UTC' }).format(Date.UTC(2024, 0, Number(day)))
  const exceptions = (index: number, change: Partial<Calendar['exceptions'][number]>) =>
    put({ exceptions: calendar.exceptions.map((one, i) => (i === index ? { ...one, ...change } : one)) })
  return (
    <Stack gap="md">
      <Group grow align="start">
        {(['fr', 'en'] as const).map((language) => (
          <TextInput
            key={language}
            label={t(`studio.name.${language}`)}
            value={calendar.name[language]}
            onChange={(event) => put({ name: { ...calendar.name, [language]: event.currentTarget.value } })}
          />
        ))}
      </Group>
      <Select
        label={t('studio.calendar.timeZone')}
        searchable
        allowDeselect={false}
        data={zones.includes(calendar.timeZone) ? zones : [calendar.timeZone, ...zones]}
        value={calendar.timeZone}
        onChange={(value) => value !== null && put({ timeZone: value })}
        limit={60}
      />
      <Fieldset legend={t('studio.calendar.week')}>
        <Stack gap={6}>
          {days.map((day) => (
            <Group key={day} gap="sm" align="center" wrap="nowrap">
              <Text size="sm" tt="capitalize" w={80} style={{ flex: 'none' }}>
                {weekday(day)}
              </Text>
              <SpansField
                label={weekday(day)}
                spans={calendar.week[day] ?? []}
                onChange={(spans) => put({ week: { ...calendar.week, [day]: spans } })}
              />
            </Group>
          ))}
        </Stack>
      </Fieldset>
      <HolidaysField calendar={calendar} put={put} />
      <Fieldset legend={t('studio.calendar.exceptions')}>
        <Stack gap={8}>
          {calendar.exceptions.map((exception, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: an exception being typed is known by its place
            <Group key={index} gap="sm" align="end">
              <TextInput
                type="date"
                size="xs"
                aria-label={t('studio.calendar.exception.date')}
                value={exception.date}
                onChange={(event) => event.currentTarget.value !== '' && exceptions(index, { date: event.currentTarget.value })}
              />
              <TextInput
                size="xs"
                aria-label={t('studio.calendar.exception.note')}
                placeholder={t('studio.calendar.exception.note')}
                value={exception.note}
                onChange={(event) => exceptions(index, { note: event.currentTarget.value })}
              />
              <SpansField label={exception.date} spans={exception.spans} onChange={(spans) => exceptions(index, { spans })} />
              <Button
                size="compact-xs"
                variant="subtle"
                color="gray"
                onClick={() => put({ exceptions: calendar.exceptions.filter((_, i) => i !== index) })}
              >
                {t('common.remove')}
              </Button>
            </Group>
          ))}
          <Button
            size="compact-sm"
            variant="light"
            w="fit-content"
            leftSection={<IconPlus size={14} />}
            onClick={() =>
              put({ exceptions: [...calendar.exceptions, { date: new Date().toISOString().slice(0, 10), spans: [], note: '' }] })
            }
          >
            {t('studio.calendar.exception.add')}
          </Button>
        </Stack>
      </Fieldset>
    </Stack>
  )
}
