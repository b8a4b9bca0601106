/** How a change is raised. Whoever calls has checked the plan (domain/change/check.ts) and the references. */
import { randomUUID } from 'node:crypto'
import { changeDefaults } from '#domain/change/opening'
import { type ChangeTemplate, type ChangeType, changeProcess } from '#schema/change'
import type { Variables } from '#schema/json'
import type { ChannelId, TicketOpening } from '#schema/ticket'
import type { Db } from '../database.ts'
import { type OpenedTicket, openTicket } from '../ticket/intake.ts'

export interface NewChange {
  type: ChangeType
  template?: ChangeTemplate
  fields: TicketOpening['fields']
  justification?: string | null
  ciIds?: readonly string[]
  dependsOn?: readonly string[]
  plannedStart?: string | null
  plannedEnd?: string | null
  implementerId?: string | null
  implementationPlan?: string | null
  backoutPlan?: string | null
  /** Made already, by nobody knows whom: found by a monitoring tool. */
  isUnauthorised?: boolean
  channel?: ChannelId
  openedById: string
  ticketId?: string
  /** UTC epoch ms; now when absent. */
  at?: number
}

const stepsText = (steps: readonly string[]): string => steps.map((step, index) => `${index + 1}. ${step}`).join('\n')

/** A template gives what the caller leaves out; its name and version stay with the change. */
export function openChange(db: Db, change: NewChange): Promise<OpenedTicket> {
  const { type, template, openedById, channel = 'portal' } = change
  const at = change.at ?? Date.now()
  const ciIds = [...(change.ciIds?.length ? change.ciIds : (template?.ciIds ?? []))]
  const { fields } = change
  const extra: Variables = changeDefaults({
    changeType: type,
    templateId: template?.id ?? null,
    templateName: template?.name ?? null,
    templateVersion: template?.version ?? null,
    justification: change.justification ?? null,
    ciIds,
    dependsOn: [...(change.dependsOn ?? [])],
    plannedStart: change.plannedStart ?? null,
    plannedEnd: change.plannedEnd ?? null,
    implementerId: change.implementerId ?? null,
    implementationPlan: change.implementationPlan ?? (template ? stepsText(template.steps) : null),
    backoutPlan: change.backoutPlan ?? template?.backoutPlan ?? null,
    durationMinutes: template?.durationMinutes ?? null,
    risk: template?.risk ?? null,
    isUnauthorised: change.isUnauthorised === true,
  })
  const description = fields.description || template?.description || ''
  return openTicket(db, {
    ticketId: change.ticketId ?? randomUUID(),
    kind: 'change',
    processId: changeProcess[type],
    channel,
    openedById,
    at,
    extra,
    fields: {
      ...fields,
      description,
      category: fields.category ?? template?.category ?? null,
      service: fields.service ?? template?.service ?? null,
      groupId: fields.groupId ?? template?.groupId ?? null,
      ciId: ciIds[0] ?? null,
    },
    message: {
      at,
      authorId: fields.requesterId,
      direction: 'in',
      visibility: 'public',
      channel,
      text: description || fields.title,
    },
  })
}
