/** What licences and contracts do by themselves, on their records. */
import { z } from 'zod'
import { LicenceSeatsView, RecordQuestionView } from '#schema/licence-view'
import { nouns } from '#schema/nouns'
import { Page } from '#schema/view'
import { ApiProblem, type Locale } from '../problem.ts'
import { type AskingNoun, licenceSeats, recordQuestions } from '../read/licence-seats.ts'
import { findRecord } from '../read/records.ts'
import { defineRoute, type Route } from '../route.ts'

const RecordParams = z.object({ id: z.string().min(1).max(100) })
const notFound = (nounId: AskingNoun, id: string, locale: Locale) =>
  new ApiProblem(404, 'recordNotFound', { params: { id, noun: nouns[nounId].one[locale] } })

const questionsOf = (nounId: AskingNoun): Route =>
  defineRoute({
    method: 'get',
    path: `/records/${nouns[nounId].path}/{id}/questions`,
    access: nouns[nounId].readers,
    tag: 'Register',
    summary: `What was asked about it by itself, and what was answered: ${nouns[nounId].one.en}`,
    params: RecordParams,
    response: Page(RecordQuestionView),
    problems: { 404: ['recordNotFound'] },
    handle: async ({ deps, params, locale }) => {
      if (!(await findRecord(deps.db, nouns[nounId], params.id))) throw notFound(nounId, params.id, locale)
      return { items: await recordQuestions(deps.db, nounId, params.id), nextCursor: null }
    },
  })

export const licenceRoutes: readonly Route[] = [
  questionsOf('licence'),
  questionsOf('maintenance-contract'),
  defineRoute({
    method: 'get',
    path: '/records/licences/{id}/seats',
    access: nouns.licence.readers,
    tag: 'Register',
    summary: 'Unused seats: whose answer is awaited, what was kept and taken back, what that saves, and what the next term needs',
    params: RecordParams,
    response: LicenceSeatsView,
    problems: { 404: ['recordNotFound'] },
    handle: async ({ deps, params, locale }) => {
      const view = await licenceSeats(deps.db, params.id, new Date(deps.clock()).toISOString().slice(0, 10))
      if (!view) throw notFound('licence', params.id, locale)
      return view
    },
  }),
]
