import { DeskRefused, UnknownDesk } from '../activities/store/record/desks.ts'
import { ApiProblem, type Locale } from './problem.ts'

export const deskTypeNames = {
  customerSupport: { fr: 'Support client', en: 'Customer support' },
  callCentre: { fr: 'Centre d’appel', en: 'Call centre' },
  itServiceDesk: { fr: 'Centre de services IT', en: 'IT service desk' },
} as const

/** A desk's refusal as the caller reads it; anything else as it is. */
export function deskProblem(error: unknown, locale: Locale, deskId?: string | null): unknown {
  if (error instanceof UnknownDesk)
    return new ApiProblem(422, 'deskNotFound', {
      params: { id: deskId ?? '' },
      errors: [{ path: 'deskId', code: 'deskNotFound', message: deskId ?? '' }],
      cause: error,
    })
  if (!(error instanceof DeskRefused)) return error
  const { refusal, desk } = error
  return new ApiProblem(422, refusal.code, {
    params: { value: refusal.value, desk: desk.name[locale], type: deskTypeNames[desk.type][locale] },
    errors: [{ path: refusal.path, code: refusal.code, message: refusal.message }],
    cause: error,
  })
}
