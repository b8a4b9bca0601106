import { z } from 'zod'
import { askedValues, validateForm } from '#domain/form'
import { Variables } from '#schema/json'
import { Page, TaskView } from '#schema/view'
import { ApiProblem, type Locale } from '../problem.ts'
import { PageQuery, pageOf, readCursor, writeCursor } from '../read/page.ts'
import { findOpenTask, findTicket, listTasks } from '../read/ticket-view.ts'
import { viaOf } from '../read/approvals.ts'
import { defineRoute, type Route } from '../route.ts'
import { checkFormTogether } from '../form-checks.ts'
import { refuse } from './change-references.ts'
import { send } from './ticket-actions.ts'
import { Done, TicketParams } from './tickets.ts'
import type { Form } from '#schema/form'

const TaskParams = TicketParams.extend({ waitId: z.string().min(1).max(100) })
const TaskRow = TaskView.extend({ ticketNumber: z.string(), ticketTitle: z.string(), priority: z.int().nullable() })
const problems = { 404: ['ticketNotFound', 'taskNotFound'], 409: ['staleTask', 'instanceEnded'], 503: ['workflowUnavailable'] } as const

/**
 * Form values, checked; `invalidForm` names each field, unknown ones included.
 * @param known variables of the ticket that the form's conditions may look at
 */
export function checkForm(form: Form, values: Variables, locale: Locale, where: string, known: Variables = {}): Variables {
  const problems = validateForm(form, values, { locale, known })
  if (problems.length === 0) return askedValues(form, values, known)
  throw new ApiProblem(422, 'invalidForm', {
    params: { form: (locale === 'fr' ? form.title_fr : undefined) ?? form.title ?? form.id },
    errors: problems.map((p) => ({ path: `${where}.${p.path}`, code: p.code, message: `${p.message} ${p.remedy}`.trim() })),
  })
}

export const taskRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: '/tasks',
    access: ['agent', 'administrator'],
    tag: 'Tasks',
    summary: 'Open tasks of one’s own or of one’s groups',
    query: PageQuery.extend({ view: z.enum(['mine', 'group']).default('mine') }),
    response: Page(TaskRow),
    handle: async ({ deps, query, caller, locale }) => {
      const offset = query.cursor ? readCursor(query.cursor, z.tuple([z.int().min(0).max(1_000_000)]))[0] : 0
      const rows = await listTasks(deps.db, query.view, caller.actor, locale, offset, query.limit + 1)
      return pageOf(
        rows,
        query.limit,
        (row) => row,
        () => writeCursor(offset + query.limit),
      )
    },
  }),
  defineRoute({
    method: 'post',
    path: '/tickets/{id}/tasks/{waitId}/claim',
    access: ['agent', 'administrator'],
    tag: 'Tasks',
    summary: 'Take a task, or hand it to a member of the group',
    params: TaskParams,
    body: z.strictObject({ assigneeId: z.string().max(100).optional() }),
    response: Done,
    problems,
    handle: async (call) => {
      const ticket = await findTicket(call.deps.db, call.params.id, call.caller.actor)
      await findOpenTask(call.deps.db, ticket, call.params.waitId)
      return send(call, ticket.id, 'assignTask', { waitId: call.params.waitId, assigneeId: call.body.assigneeId ?? call.caller.actor.id })
    },
  }),
  defineRoute({
    method: 'post',
    path: '/tickets/{id}/tasks/{waitId}/release',
    access: ['agent', 'administrator'],
    tag: 'Tasks',
    summary: 'Give a task back to its group',
    params: TaskParams,
    body: z.strictObject({}),
    response: Done,
    problems,
    handle: async (call) => {
      const ticket = await findTicket(call.deps.db, call.params.id, call.caller.actor)
      await findOpenTask(call.deps.db, ticket, call.params.waitId)
      return send(call, ticket.id, 'assignTask', { waitId: call.params.waitId, assigneeId: null })
    },
  }),
  defineRoute({
    method: 'post',
    path: '/tickets/{id}/tasks/{waitId}/complete',
    access: 'anyone',
    tag: 'Tasks',
    summary: 'Complete a task with the values of its form',
    params: TaskParams,
    body: z.strictObject({ values: Variables.default({}) }),
    response: Done,
    problems: { ...problems, 422: ['invalidForm'] },
    handle: async (call) => {
      const ticket = await findTicket(call.deps.db, call.params.id, call.caller.actor)
      const found = await findOpenTask(call.deps.db, ticket, call.params.waitId).catch((error: unknown) => error)
      if (found instanceof Error) {
        // Perhaps completed by this very command, whose answer was lost: the workflow then knows its key and answers as it did.
        const isRepeatable = found instanceof ApiProblem && found.code === 'staleTask' && call.c.req.header('idempotency-key') !== undefined
        if (!isRepeatable) throw found
        return send(call, ticket.id, 'completeTask', { waitId: call.params.waitId, variables: {} })
      }
      const { task, bundle } = found as Awaited<ReturnType<typeof findOpenTask>>
      const form = task.formId ? bundle?.forms[task.formId] : undefined
      if (!form && Object.keys(call.body.values).length > 0) {
        throw new ApiProblem(422, 'invalidForm', {
          params: { form: task.name },
          errors: Object.keys(call.body.values).map((key) => ({
            path: `values.${key}`,
            code: 'unknownField',
            message: 'this task has no form',
          })),
        })
      }
      const variables = form ? checkForm(form, call.body.values, call.locale, 'values', { ...ticket.variables, ...call.body.values }) : {}
      const refusals = checkFormTogether(task.formId ?? '', variables, call.deps.clock())
      if (refusals.length > 0) throw refuse(refusals.map(({ path, code }) => ({ path: `values.${path}`, code })))
      return send(call, ticket.id, 'completeTask', {
        waitId: task.waitId,
        variables,
        ...(task.approval === null ? {} : { via: viaOf(call.caller) }),
      })
    },
  }),
]
