import { z } from 'zod'
import { accessDifference, expiryOf } from '#domain/access'
import { parseInstant } from '#engine/time'
import type { Variables } from '#schema/json'
import { person } from '#schema/person'
import { extendAccess, grantAccess, keepAccess, orderRemoval, revokeAccess } from '../store/access/access-rights.ts'
import type { Db } from '../store/database.ts'
import { archiveRecord, saveRecord } from '../store/record/records.ts'
import { dateWords, mailTo } from './mail-to.ts'
import { maybeText, type Step, stepsHandler, textInput } from './step.ts'
import { bpmnError, hopeless } from './task.ts'

/** Local times that people write in forms are those of the desk. */
const deskZone = 'Europe/Paris'
const systemId = 'system'
const instantOf = (text: string | null): number | null => (text === null ? null : parseInstant(text, deskZone))

const PlanInput = z.object({ mode: z.enum(['add', 'profile', 'difference']), entitlementIds: z.array(z.string().nullable()).optional() })

async function wantedBy(db: Db, call: Parameters<Step>[0], listed: (string | null)[] | undefined): Promise<string[]> {
  if (listed) return listed.filter((id) => id !== null)
  const profileId = textInput(call, 'profileId')
  const profile = await db.selectFrom('accessProfile').select('entitlementIds').where('id', '=', profileId).executeTakeFirst()
  if (!profile) throw hopeless('unknownProfile', `expected a job profile '${profileId}', found none: set it up, then retry`)
  return profile.entitlementIds
}

const heldBy = async (db: Db, personId: string): Promise<string[]> =>
  (
    await db
      .selectFrom('accessGrant')
      .select('entitlementId')
      .where('personId', '=', personId)
      // what is being taken away is neither held nor to be taken away once more
      .where('state', '=', 'active')
      .orderBy('entitlementId')
      .execute()
  ).map(({ entitlementId }) => entitlementId)

/** What is to be given and taken: one right, a job's rights, or the difference between what is held and what the new job needs. */
const plan: Step = async (call, { db }) => {
  const { mode, entitlementIds } = PlanInput.parse(call.input)
  const personId = textInput(call, 'personId')
  const wanted = await wantedBy(db, call, entitlementIds)
  const difference = accessDifference(await heldBy(db, personId), wanted)
  const revoke = mode === 'difference' ? difference.revoke : []
  const asked = instantOf(maybeText(call, 'expiresAt'))
  const rows = await db
    .selectFrom('entitlement')
    .selectAll()
    .where('id', 'in', [...difference.grant, ...revoke, ''])
    .execute()
  const right = (id: string) => {
    const row = rows.find((each) => each.id === id)
    if (!row) throw hopeless('unknownEntitlement', `expected an entitlement '${id}', found none: set it up, then retry`)
    const expiresAt = expiryOf(asked, row.defaultDays, Date.now())
    const { connectorId, groupId, resource, role } = row
    return {
      entitlementId: id,
      connectorId,
      groupId,
      resource,
      role,
      expiresAt: expiresAt === null ? null : new Date(expiresAt).toISOString(),
    }
  }
  const mayGrant = (id: string) => rows.find((each) => each.id === id)?.isActive !== false
  return { plan: { grant: difference.grant.filter(mayGrant).map(right), revoke: revoke.map(right), keep: difference.keep } }
}

/** Who allowed it: the last who approved the request; the desk where nobody was asked. */
async function approverOf(db: Db, ticketId: string): Promise<string> {
  const row = await db.selectFrom('instance').select('variables').where('ticketId', '=', ticketId).executeTakeFirst()
  const votes = z
    .array(z.object({ approver: z.string(), decision: z.string().nullable() }))
    .safeParse((row?.variables as Variables | undefined)?.approvalVotes)
  return votes.data?.findLast(({ decision }) => decision === 'approved')?.approver ?? systemId
}

const isTicket = async (db: Db, id: string) =>
  (await db.selectFrom('ticket').select('id').where('id', '=', id).executeTakeFirst()) !== undefined

const grant: Step = async (call, { db }) => {
  const grantId = await grantAccess(db, {
    entitlementId: textInput(call, 'entitlementId'),
    personId: textInput(call, 'personId'),
    grantedById: await approverOf(db, call.ticketId),
    requestId: (await isTicket(db, call.ticketId)) ? call.ticketId : null,
    reason: maybeText(call, 'reason') ?? '',
    expiresAt: instantOf(maybeText(call, 'expiresAt')),
    at: Date.now(),
  })
  return { grantId }
}

/** The grant that a removal is about; a removal drawn before it was handed on says it in its own variables. */
async function removedGrant(db: Db, call: Parameters<Step>[0]): Promise<string | null> {
  const given = maybeText(call, 'grantId')
  if (given !== null || call.headers.which === 'current') return given
  const row = await db.selectFrom('instance').select(['processId', 'variables']).where('ticketId', '=', call.ticketId).executeTakeFirst()
  const grantId = row?.processId === 'access-removal' ? (row.variables as Variables).grantId : null
  return typeof grantId === 'string' ? grantId : null
}

const revoke: Step = async (call, { db }) => {
  const right = {
    entitlementId: textInput(call, 'entitlementId'),
    personId: textInput(call, 'personId'),
    grantId: await removedGrant(db, call),
  }
  const ended = await revokeAccess(db, right, { actorId: systemId, reason: maybeText(call, 'reason') ?? '', at: Date.now() })
  return { isGrantedAnew: ended === 'anew' }
}

const keep: Step = async (call, { db }) => {
  await keepAccess(db, textInput(call, 'grantId'), Date.now())
  return {}
}

const extend: Step = async (call, { db }) => {
  const expiresAt = instantOf(textInput(call, 'expiresAt'))
  if (expiresAt === null)
    throw hopeless('badInstant', `expected an instant 'expiresAt' at ${call.elementId}, found '${String(call.input.expiresAt)}'`)
  const by = { actorId: await approverOf(db, call.ticketId), at: Date.now(), key: call.idempotencyKey }
  if (!(await extendAccess(db, textInput(call, 'grantId'), expiresAt, by))) throw bpmnError('GRANT_GONE', 'the right has ended meanwhile')
  return {}
}

/** Holder and owner hear that a right is about to end. */
const remind: Step = async (call, { db, publicUrl }) => {
  const row = await db
    .selectFrom('accessGrant')
    .innerJoin('entitlement', 'entitlement.id', 'accessGrant.entitlementId')
    .leftJoin('person', 'person.id', 'accessGrant.personId')
    .select([
      'accessGrant.personId',
      'accessGrant.expiresAt',
      'accessGrant.state',
      'entitlement.ownerId',
      'entitlement.nameFr',
      'entitlement.nameEn',
      'person.name',
    ])
    .where('accessGrant.id', '=', textInput(call, 'grantId'))
    .executeTakeFirst()
  if (row?.state !== 'active' || row.expiresAt === null) return {}
  const { expiresAt, personId, ownerId, nameEn, nameFr, name } = row
  await mailTo(db, [personId, ownerId], {
    key: call.idempotencyKey,
    template: 'access-expiring',
    ticketId: null,
    values: (locale) => ({
      entitlement: locale === 'en' ? nameEn : nameFr,
      holder: name ?? personId,
      expiresOn: dateWords(expiresAt, locale),
      extendUrl: `${publicUrl}/portal/access`,
    }),
  })
  return {}
}

const expire: Step = async (call, { db }) => {
  await orderRemoval(db, textInput(call, 'grantId'), { actorId: systemId, reason: 'expired', at: Date.now() })
  return {}
}

/** Somebody new: found again by his address, or added to the register under his manager. */
const registerPerson: Step = async (call, { db }) => {
  const email = textInput(call, 'email').trim().toLowerCase()
  const known = await db.selectFrom('person').select('id').where('email', '=', email).executeTakeFirst()
  if (known) return { personId: known.id }
  const values = {
    email,
    name: textInput(call, 'name'),
    phone: null,
    locale: 'fr',
    roles: ['requester'],
    groupIds: [],
    skillIds: [],
    managerId: maybeText(call, 'managerId'),
    siteId: null,
    isVip: false,
  }
  const saved = await saveRecord(db, person, { id: null, version: null, values }, systemId)
  if (!saved.ok) throw new Error(`expected to register ${email}, found ${JSON.stringify(saved)}`)
  return { personId: saved.record.id }
}

const deactivatePerson: Step = async (call, { db }) => {
  const id = textInput(call, 'personId')
  await archiveRecord(db, person, { id, version: null, isArchived: true }, systemId)
  await db.deleteFrom('authSession').where('userId', '=', id).execute()
  return {}
}

/** Task type `access`: the register of access rights, and the people that hold them. */
export const access = stepsHandler({ plan, grant, revoke, keep, extend, remind, expire, registerPerson, deactivatePerson })
