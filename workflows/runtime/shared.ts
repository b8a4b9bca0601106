/**
 * What all workflows of a worker share: loaded once, before any workflow exists (see activities/workflow-bundle.ts). It saves every
 * instance the loading of shell, engine, FEEL and schemas, and lets compiled code and parsed expressions be reused. No module here keeps
 * anything that belongs to one workflow; what does, lives in the objects that `processInstance` makes.
 *
 * Temporal freezes shared modules through and through, which zod's schemas do not stand: they complete themselves at their
 * first use. A module that is frozen already is left alone, so these are frozen here, at their surface only.
 */
import '#domain/desk/index'
import '#domain/permissions'
import '#engine/advance'
import * as approvalSchema from '#schema/approval'
import * as jsonSchema from '#schema/json'
import * as roleSchema from '#schema/role'
import * as ticketSchema from '#schema/ticket'
import * as ticketLinkSchema from '#schema/ticket-link'
import './process-instance.ts'

for (const module of [approvalSchema, jsonSchema, roleSchema, ticketSchema, ticketLinkSchema]) Object.freeze(module)
