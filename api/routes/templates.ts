import { z } from 'zod'
import { queueMail } from '../../activities/store/message/mail.ts'
import { type Preview, previewTemplate, UnknownTicket } from '../../activities/tasks/preview.ts'
import type { AppDeps } from '../deps.ts'
import { ApiProblem } from '../problem.ts'
import { findTicket } from '../read/ticket-view.ts'
import { type Call, defineRoute, type Route } from '../route.ts'

const Language = z.enum(['fr', 'en'])
const TemplateBody = z.strictObject({
  name: z.string().regex(/^[\w.-]{1,90}$/),
  draft: z.strictObject({ locale: Language, source: z.string().min(1).max(500_000) }).optional(),
  ticket: z.string().trim().min(1).max(60).optional().describe('Id or number; absent: an example'),
})
const PreviewView = z
  .object({
    subject: z.string(),
    text: z.string(),
    html: z.string().nullable(),
    isMandatory: z.boolean(),
    unknown: z.array(z.object({ name: z.string(), line: z.int() })),
  })
  .nullable()
const TestBody = TemplateBody.extend({ locale: Language.optional(), to: z.email().max(254).optional().describe('Administrators only') })

async function preview({ deps, caller, body }: Pick<Call<undefined, undefined, typeof TemplateBody>, 'deps' | 'caller' | 'body'>) {
  const { name, draft, ticket } = body
  // a ticket that the caller may not read is none
  if (ticket) await findTicket(deps.db, ticket, caller.actor)
  try {
    return await previewTemplate(deps.db, {
      name,
      publicUrl: deps.config.publicUrl,
      ...(draft ? { draft } : {}),
      ...(ticket ? { ticket } : {}),
    })
  } catch (error) {
    if (error instanceof UnknownTicket) throw new ApiProblem(404, 'ticketNotFound', { params: { id: ticket ?? '' } })
    const message = error instanceof Error ? error.message : String(error)
    throw new ApiProblem(422, 'templateUnreadable', { detail: message, errors: [{ path: 'draft.source', code: 'template', message }] })
  }
}

async function sendTest(deps: AppDeps, mail: Preview, to: { address: string; locale: 'fr' | 'en' }, name: string, key: string) {
  await queueMail(deps.db, {
    idempotencyKey: `test/${key}`,
    ticketId: null,
    template: name,
    locale: to.locale,
    recipient: to.address,
    subject: `[Test] ${mail.subject}`,
    text: mail.text,
    html: mail.html,
    isMandatory: mail.isMandatory,
    isAsked: true,
    at: deps.clock(),
  })
}

export const templateRoutes: readonly Route[] = [
  defineRoute({
    method: 'post',
    path: '/templates/preview',
    access: ['processOwner', 'administrator'],
    tag: 'Notifications',
    summary: 'A mail template in both languages, with a ticket’s values or an example’s',
    body: TemplateBody,
    response: z.object({ fr: PreviewView, en: PreviewView }),
    problems: { 404: ['ticketNotFound'], 422: ['templateUnreadable'] },
    handle: preview,
  }),
  defineRoute({
    method: 'post',
    path: '/templates/test',
    access: ['processOwner', 'administrator'],
    tag: 'Notifications',
    summary: 'Send a template to oneself, or (administrators) to a given address',
    body: TestBody,
    status: 202,
    response: z.object({ to: z.string(), subject: z.string() }),
    problems: { 403: ['notPermitted'], 404: ['ticketNotFound', 'templateNotFound'], 422: ['templateUnreadable'] },
    handle: async ({ deps, caller, body, commandKey }) => {
      const { to, locale: asked, ...rest } = body
      if (to && to.toLowerCase() !== caller.person.email.toLowerCase() && !caller.actor.roles.includes('administrator'))
        throw new ApiProblem(403, 'testSendOnlyToOneself')
      const locale = asked ?? body.draft?.locale ?? caller.person.locale
      const mail = (await preview({ deps, caller, body: rest }))[locale]
      if (!mail) throw new ApiProblem(404, 'templateNotFound', { params: { id: `${locale}/${body.name}` } })
      const address = to ?? caller.person.email
      await sendTest(deps, mail, { address, locale }, body.name, commandKey)
      return { to: address, subject: `[Test] ${mail.subject}` }
    },
  }),
]
