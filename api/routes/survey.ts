import { z } from 'zod'
import { readSurveyToken } from '../../activities/tasks/survey-link.ts'
import { ApiProblem } from '../problem.ts'
import { loadCaller } from '../middleware/identify.ts'
import type { AppDeps } from '../deps.ts'
import { answerSurvey } from '../survey.ts'
import { defineRoute, type Route } from '../route.ts'
import { Done } from './tickets.ts'

const TokenParams = z.object({ token: z.string().min(10).max(1_000) })
const Invitation = z.object({
  number: z.string(),
  title: z.string(),
  locale: z.enum(['fr', 'en']),
  survey: z.object({ score: z.int(), comment: z.string() }).nullable(),
})

/** The ticket and person a link stands for. The link itself is the right: no sign-in. */
async function openLink(deps: AppDeps, token: string) {
  const link = readSurveyToken(deps.config.secret, token, deps.clock())
  const ticket =
    link &&
    (await deps.db
      .selectFrom('ticket')
      .select(['id', 'number', 'title', 'requesterId', 'surveyScore', 'surveyComment'])
      .where('id', '=', link.ticketId)
      .executeTakeFirst())
  const caller = link && ticket ? await loadCaller(deps.db, link.personId, 'session') : null
  if (!link || !ticket || !caller || ticket.requesterId !== caller.actor.id) throw new ApiProblem(404, 'surveyLinkInvalid')
  return { ticket, caller }
}

export const surveyRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: '/survey/{token}',
    access: 'public',
    tag: 'Survey',
    summary: 'What a survey link asks about',
    params: TokenParams,
    response: Invitation,
    problems: { 404: ['surveyLinkInvalid'] },
    handle: async ({ deps, params }) => {
      const { ticket, caller } = await openLink(deps, params.token)
      return {
        number: ticket.number,
        title: ticket.title,
        locale: caller.person.locale,
        survey: ticket.surveyScore === null ? null : { score: ticket.surveyScore, comment: ticket.surveyComment ?? '' },
      }
    },
  }),
  defineRoute({
    method: 'post',
    path: '/survey/{token}',
    access: 'public',
    tag: 'Survey',
    summary: 'Answer a survey by its link',
    params: TokenParams,
    body: z.strictObject({ score: z.int().min(1).max(5), comment: z.string().max(5_000).default('') }),
    response: Done,
    problems: { 404: ['surveyLinkInvalid'], 409: ['surveyAlreadyAnswered', 'instanceEnded'], 503: ['workflowUnavailable'] },
    handle: async ({ deps, params, body }) => {
      const { ticket, caller } = await openLink(deps, params.token)
      if (ticket.surveyScore !== null) throw new ApiProblem(409, 'surveyAlreadyAnswered')
      return answerSurvey(deps, ticket.id, caller.actor, body)
    },
  }),
]
