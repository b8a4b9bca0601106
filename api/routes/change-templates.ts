import { z } from 'zod'
import { TemplateDraft } from '#schema/change'
import { TemplateView } from '#schema/change-view'
import {
  deleteTemplate,
  listTemplates,
  saveTemplate,
  type TemplateSaved,
  type TemplateUse,
  withdrawTemplate,
} from '../../activities/store/change/templates.ts'
import type { AppDeps } from '../deps.ts'
import { ApiProblem } from '../problem.ts'
import { defineRoute, type Route } from '../route.ts'
import { RecordId } from './change-calendar.ts'
import { refuse } from './change-references.ts'

const viewOf = ({ template, ...counts }: TemplateUse): z.infer<typeof TemplateView> => ({ ...template, ...counts })

async function savedTemplate(deps: AppDeps, saved: TemplateSaved): Promise<z.infer<typeof TemplateView>> {
  if (!saved.ok) {
    if (saved.reason === 'refused') throw refuse(saved.refusals, 'changeRecordRefused')
    throw saved.reason === 'notFound' ? new ApiProblem(404, 'changeRecordNotFound') : new ApiProblem(409, 'changeRecordConflict')
  }
  const use = (await listTemplates(deps.db, deps.clock())).find(({ template }) => template.id === saved.template.id)
  return use ? viewOf(use) : { ...saved.template, openChanges: 0, closedChanges: 0, successfulChanges: 0, failures: 0 }
}

const tag = 'Change templates'
export const changeTemplateRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: '/change-templates',
    access: 'anyone',
    tag,
    summary: 'Pre-approved ways of routine changes, those in use first',
    response: z.object({ items: z.array(TemplateView) }),
    handle: async ({ deps }) => ({ items: (await listTemplates(deps.db, deps.clock())).map(viewOf) }),
  }),
  defineRoute({
    method: 'post',
    path: '/change-templates',
    access: ['processOwner', 'administrator'],
    tag,
    summary: 'Add a template',
    body: TemplateDraft,
    status: 201,
    response: TemplateView,
    problems: { 422: ['changeRecordRefused'] },
    handle: async ({ deps, body, caller }) =>
      savedTemplate(deps, await saveTemplate(deps.db, { id: null, version: null, draft: body }, caller.actor.id, deps.clock())),
  }),
  defineRoute({
    method: 'patch',
    path: '/change-templates/{id}',
    access: ['processOwner', 'administrator'],
    tag,
    summary: 'Revise a template; a withdrawn one is in use again, its earlier failures no longer count',
    params: RecordId,
    body: TemplateDraft.extend({ version: z.int().min(1) }),
    response: TemplateView,
    problems: { 404: ['changeRecordNotFound'], 409: ['changeRecordConflict'], 422: ['changeRecordRefused'] },
    handle: async ({ deps, params, body: { version, ...draft }, caller }) =>
      savedTemplate(deps, await saveTemplate(deps.db, { id: params.id, version, draft }, caller.actor.id, deps.clock())),
  }),
  defineRoute({
    method: 'post',
    path: '/change-templates/{id}/withdraw',
    access: ['processOwner', 'administrator'],
    tag,
    summary: 'Take a template out of use; changes under way go on',
    params: RecordId,
    body: z.strictObject({ reason: z.string().trim().min(1).max(2000) }),
    status: 204,
    problems: { 404: ['changeRecordNotFound'] },
    handle: async ({ deps, params, body, caller }) => {
      if (!(await withdrawTemplate(deps.db, params.id, body.reason, caller.actor.id, deps.clock())))
        throw new ApiProblem(404, 'changeRecordNotFound')
    },
  }),
  defineRoute({
    method: 'delete',
    path: '/change-templates/{id}',
    access: ['processOwner', 'administrator'],
    tag,
    summary: 'Delete a template that no open change follows',
    params: RecordId,
    status: 204,
    problems: { 404: ['changeRecordNotFound'], 409: ['templateInUse'] },
    handle: async ({ deps, params, caller }) => {
      const open = await deleteTemplate(deps.db, params.id, caller.actor.id, deps.clock())
      if (open === null) throw new ApiProblem(404, 'changeRecordNotFound')
      if (open > 0) throw new ApiProblem(409, 'templateInUse', { params: { count: open } })
    },
  }),
]
