import { Badge, Button, Fieldset, Group, NumberInput, Select, Text } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import type { Calendar } from '#schema/calendar'
import { getHolidays, useHolidayPlaces } from '../client/service-levels.ts'
import { useText } from '../i18n/index.ts'
import { notifyProblem } from '../templates/index.ts'

/** Years that are asked for ahead, when nobody says otherwise. */
const yearsAhead = 3

/** Holidays by country, resolved to dates: the calendar keeps these, and which library they came from. */
export function HolidaysField({ calendar, put }: { calendar: Calendar; put: (change: Partial<Calendar>) => void }) {
  const { t, date } = useText()
  const thisYear = new Date().getFullYear()
  const [country, setCountry] = useState(calendar.holidayCountry)
  const [state, setState] = useState<string | null>(calendar.holidaySource?.state ?? null)
  const [fromYear, setFrom] = useState(calendar.holidaySource?.fromYear ?? thisYear - 1)
  const [toYear, setTo] = useState(calendar.holidaySource?.toYear ?? thisYear + yearsAhead)
  const places = useHolidayPlaces(country)
  const resolve = useMutation({
    mutationFn: (place: string) => getHolidays({ country: place, ...(state ? { state } : {}), fromYear, toYear }),
    onSuccess: ({ holidays, library }) =>
      put({ holidays, holidayCountry: country, holidaySource: { ...(state ? { state } : {}), library, fromYear, toYear } }),
    onError: (error) => notifyProblem(error, t),
  })
  const options = (list: { code: string; name: string }[] | undefined) =>
    (list ?? []).map(({ code, name }) => ({ value: code, label: name }))
  const last = calendar.holidays.at(-1)
  return (
    <Fieldset legend={t('studio.calendar.holidays')}>
      <Group align="end" gap="sm">
        <Select
          w={190}
          label={t('studio.calendar.country')}
          searchable
          clearable
          data={options(places.data?.countries)}
          value={country}
          onChange={(value) => {
            setCountry(value)
            setState(null)
          }}
        />
        {(places.data?.states.length ?? 0) > 0 && (
          <Select
            w={190}
            label={t('studio.calendar.state')}
            clearable
            searchable
            data={options(places.data?.states)}
            value={state}
            onChange={setState}
          />
        )}
        <NumberInput
          w={90}
          label={t('studio.calendar.fromYear')}
          min={1970}
          max={2100}
          value={fromYear}
          onChange={(value) => setFrom(Number(value))}
        />
        <NumberInput
          w={90}
          label={t('studio.calendar.toYear')}
          min={1970}
          max={2100}
          value={toYear}
          onChange={(value) => setTo(Number(value))}
        />
        <Button
          variant="light"
          disabled={country === null}
          loading={resolve.isPending}
          onClick={() => country !== null && resolve.mutate(country)}
        >
          {t('studio.calendar.resolve')}
        </Button>
        {calendar.holidays.length > 0 && (
          <Button variant="subtle" color="gray" onClick={() => put({ holidays: [] })}>
            {t('studio.calendar.noHolidays')}
          </Button>
        )}
      </Group>
      <Text size="sm" c="dimmed" mt="sm">
        {last === undefined
          ? t('studio.calendar.holidays.none')
          : t('studio.calendar.holidays.known', { count: calendar.holidays.length, date: date(`${last.date}T12:00:00Z`) })}
        {calendar.holidaySource ? ` · ${calendar.holidaySource.library}` : ''}
      </Text>
      <Group gap={4} mt={6}>
        {calendar.holidays
          .filter((day) => day.date.startsWith(String(thisYear)))
          .map((day) => (
            <Badge key={day.date} variant="light" color="gray" tt="none">
              {date(`${day.date}T12:00:00Z`)} · {day.name}
            </Badge>
          ))}
      </Group>
    </Fieldset>
  )
}
