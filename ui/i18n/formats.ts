/** Dates, spans and sizes as a reader of the locale expects them. Instants are ISO 8601 strings or epoch milliseconds. */
export interface Formats {
  /** `12 mars, 14:05` this year, with the year otherwise. */
  dateTime: (instant: string | number) => string
  date: (instant: string | number) => string
  time: (instant: string | number) => string
  /** `il y a 3 h`, `in 2 d`. */
  ago: (instant: string | number, now?: number) => string
  span: (ms: number) => string
  number: (value: number, options?: Intl.NumberFormatOptions) => string
  bytes: (count: number) => string
}

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour
const instantOf = (instant: string | number): Date => new Date(instant)

/** `2 j 3 h`, `3 h 05`, `12 min`, `45 s`: at most two units, absolute value. */
export function formatSpan(ms: number, locale: 'fr' | 'en'): string {
  const rest = Math.abs(ms)
  const dayUnit = locale === 'fr' ? 'j' : 'd'
  const days = Math.floor(rest / day)
  const hours = Math.floor((rest % day) / hour)
  const minutes = Math.floor((rest % hour) / minute)
  const seconds = Math.floor((rest % minute) / 1000)
  if (days > 0) return hours === 0 ? `${days} ${dayUnit}` : `${days} ${dayUnit} ${hours} h`
  if (hours > 0) return minutes === 0 ? `${hours} h` : `${hours} h ${String(minutes).padStart(2, '0')}`
  if (minutes > 0) return `${minutes} min`
  return `${seconds} s`
}

export function formatAgo(instant: number, now: number, locale: 'fr' | 'en'): string {
  const distance = instant - now
  const absolute = Math.abs(distance)
  const format = new Intl.RelativeTimeFormat(locale === 'fr' ? 'fr-FR' : 'en-GB', { numeric: 'auto', style: 'short' })
  if (absolute < minute) return locale === 'fr' ? 'à l’instant' : 'just now'
  if (absolute < hour) return format.format(Math.trunc(distance / minute), 'minute')
  if (absolute < day) return format.format(Math.trunc(distance / hour), 'hour')
  if (absolute < 30 * day) return format.format(Math.trunc(distance / day), 'day')
  if (absolute < 365 * day) return format.format(Math.trunc(distance / (30 * day)), 'month')
  return format.format(Math.trunc(distance / (365 * day)), 'year')
}

export function formatBytes(count: number, locale: 'fr' | 'en'): string {
  const units = locale === 'fr' ? ['o', 'ko', 'Mo', 'Go'] : ['B', 'kB', 'MB', 'GB']
  let value = count
  let unit = 0
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000
    unit += 1
  }
  return `${new Intl.NumberFormat(locale, { maximumFractionDigits: unit === 0 ? 0 : 1 }).format(value)} ${units[unit]}`
}

export function formats(locale: 'fr' | 'en'): Formats {
  const tag = locale === 'fr' ? 'fr-FR' : 'en-GB'
  const year = new Date().getFullYear()
  const yearOf = (date: Date): Intl.DateTimeFormatOptions => (date.getFullYear() === year ? {} : { year: 'numeric' })
  return {
    dateTime: (instant) => {
      const date = instantOf(instant)
      return new Intl.DateTimeFormat(tag, { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', ...yearOf(date) }).format(
        date,
      )
    },
    date: (instant) => {
      const date = instantOf(instant)
      return new Intl.DateTimeFormat(tag, { day: 'numeric', month: 'long', ...yearOf(date) }).format(date)
    },
    time: (instant) => new Intl.DateTimeFormat(tag, { hour: '2-digit', minute: '2-digit' }).format(instantOf(instant)),
    ago: (instant, now = Date.now()) => formatAgo(instantOf(instant).getTime(), now, locale),
    span: (ms) => formatSpan(ms, locale),
    number: (value, options) => new Intl.NumberFormat(tag, options).format(value),
    bytes: (count) => formatBytes(count, locale),
  }
}
