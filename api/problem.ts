/**
 * Refusals at the edge: RFC 9457 problem details with a stable `code`, a text and a remedy in the caller's language.
 * Codes that come from below (engine, runtime, store) pass through with their own message when the catalogue has no text for them.
 */
import type { Problem } from '#schema/problem'
import type { ProblemText } from './problem-text.ts'
import { catalogue } from './problem-texts.ts'

export type Locale = 'fr' | 'en'
/** `french` stands for the message where the reader reads French and the catalogue has no words for the code. */
export type ProblemPlace = NonNullable<Problem['errors']>[number] & { french?: string }

export interface ProblemOptions {
  /** Replaces the catalogue's detail (already in the caller's language, or technical). */
  detail?: string
  remedy?: string
  /** Fills `{name}` in the catalogue's texts. */
  params?: Record<string, string | number>
  errors?: ProblemPlace[]
  headers?: Record<string, string>
  cause?: unknown
}

/** Thrown by routes and middleware; the app's error handler renders it. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem'
  readonly status: number
  readonly code: string
  readonly options: ProblemOptions

  constructor(status: number, code: string, options: ProblemOptions = {}) {
    super(
      `${status} ${code}${options.detail ? `: ${options.detail}` : ''}`,
      options.cause === undefined ? undefined : { cause: options.cause },
    )
    this.status = status
    this.code = code
    this.options = options
  }
}

const fill = (text: string, params: Record<string, string | number> = {}) =>
  text.replace(/\{(\w+)\}/g, (whole, name: string) => String(params[name] ?? whole))

/** What a code means, in one sentence of the caller's language; null when the catalogue has no text for it. */
export function codeWords(code: string, locale: Locale, params: Record<string, string | number> = {}): string | null {
  const text = catalogue[code]?.[locale]
  return text ? fill(text.detail ?? text.title, params) : null
}

/** What is said at a place: the catalogue's words for its code, in the caller's language; else its own. Places about a name carry it as message. */
const placeMessage = ({ code, message, french }: ProblemPlace, locale: Locale, params: Record<string, string | number> = {}): string =>
  (locale === 'fr' ? french : undefined) ?? codeWords(code, locale, { id: message, ...params }) ?? message

/** The body that goes out. */
export function describeProblem(problem: ApiProblem, locale: Locale): Problem {
  const text: ProblemText | undefined = catalogue[problem.code]?.[locale]
  const { detail, remedy, params, errors } = problem.options
  const body: Problem = {
    type: `https://guichet.dev/problems/${problem.code}`,
    title: text ? fill(text.title, params) : problem.code,
    status: problem.status,
    code: problem.code,
  }
  const shownDetail = detail ?? (text?.detail ? fill(text.detail, params) : undefined)
  const shownRemedy = remedy ?? (text?.remedy ? fill(text.remedy, params) : undefined)
  if (shownDetail) body.detail = shownDetail
  if (shownRemedy) body.remedy = shownRemedy
  if (errors?.length)
    body.errors = errors.map(({ french, ...place }) => ({
      ...place,
      message: placeMessage({ ...place, ...(french ? { french } : {}) }, locale, params),
    }))
  return body
}

export function problemResponse(problem: ApiProblem, locale: Locale, requestId?: string): Response {
  const headers = new Headers({
    'content-type': 'application/problem+json; charset=utf-8',
    'content-language': locale,
    ...problem.options.headers,
  })
  if (requestId) headers.set('x-request-id', requestId)
  return new Response(JSON.stringify(describeProblem(problem, locale)), { status: problem.status, headers })
}

/** First of the languages we speak in an Accept-Language header (RFC 9110 §12.5.4), weighted; French without one. */
export function preferredLocale(acceptLanguage: string | undefined): Locale {
  const wanted = (acceptLanguage ?? '')
    .split(',')
    .map((part) => {
      const [tag = '', ...parameters] = part.trim().split(';')
      const weight = Number(
        parameters
          .find((p) => p.trim().startsWith('q='))
          ?.trim()
          .slice(2) ?? '1',
      )
      return { language: tag.slice(0, 2).toLowerCase(), weight: Number.isFinite(weight) ? weight : 0 }
    })
    .filter((l): l is { language: Locale; weight: number } => (l.language === 'fr' || l.language === 'en') && l.weight > 0)
    .sort((a, b) => b.weight - a.weight)
  return wanted[0]?.language ?? 'fr'
}
