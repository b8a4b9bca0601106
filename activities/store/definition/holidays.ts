/** Public holidays by a library, when a calendar is made: it keeps the dates, so that nothing that replays asks the library. */
import { createRequire } from 'node:module'

export interface Holiday {
  date: string
  name: string
}

/** What of the library is used. It is large, so it is loaded when somebody makes a calendar. */
interface Library {
  getHolidays(year: number, language: string): { date: string; name: string; type: string }[]
  getCountries(language: string): Record<string, string>
  getStates(country: string, language: string): Record<string, string> | undefined
}
type LibraryClass = new (country?: string, state?: string) => Library

const load = createRequire(import.meta.url)
const libraryOf = (): LibraryClass => load('date-holidays') as LibraryClass

/** The library's name and version, kept with the dates: another version may know other holidays. */
export const holidayLibrary = (): string => {
  const { version } = load('date-holidays/package.json') as { version: string }
  return `date-holidays ${version}`
}

export const holidayCountries = (language: string): Record<string, string> => new (libraryOf())().getCountries(language)
export const holidayStates = (country: string, language: string): Record<string, string> =>
  new (libraryOf())().getStates(country, language) ?? {}

/** Public holidays of whole years, in order, each day once. */
export function holidaysOf(
  place: { country: string; state: string | null },
  fromYear: number,
  toYear: number,
  language: string,
): Holiday[] {
  const Holidays = libraryOf()
  const library = place.state === null ? new Holidays(place.country) : new Holidays(place.country, place.state)
  const found = new Map<string, string>()
  for (let year = fromYear; year <= toYear; year++)
    for (const { date, name, type } of library.getHolidays(year, language)) {
      const day = date.slice(0, 10)
      if (type === 'public' && !found.has(day)) found.set(day, name)
    }
  return [...found].map(([date, name]) => ({ date, name })).sort((a, b) => (a.date < b.date ? -1 : 1))
}
