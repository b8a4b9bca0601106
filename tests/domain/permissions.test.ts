import { describe, expect, it } from 'vitest'
import { type Action, type AccessContext, actions, can, mayCommand } from '#domain/permissions'
import type { Actor, Role } from '#schema/role'
import { systemActor } from '#schema/role'

const actor = (id: string, roles: Role[], groups: string[] = []): Actor => ({ id, name: id, roles, groups })
const camille = actor('camille', ['requester'])
const alex = actor('alex', ['agent'], ['service-desk'])
const mei = actor('mei', ['agent'], ['network'])
const odile = actor('odile', ['auditor'])
const admin = actor('admin', ['administrator'])
const priya = actor('priya', ['processOwner'])
const stranger = actor('stranger', ['requester'])

const task = { assignee: null, candidateGroups: ['service-desk'], candidateUsers: [] }
const ticket = { requesterId: 'camille', groupId: 'service-desk', assigneeId: null, status: 'inProgress' } as const
const resolved = { ...ticket, status: 'resolved' } as const

it.each<[string, Actor, Action, AccessContext, string | null]>([
  ['a requester reads his own ticket', camille, 'ticket.read', { ticket }, null],
  ["a requester does not read another's", stranger, 'ticket.read', { ticket }, 'roleMissing'],
  ['an auditor reads every ticket', odile, 'ticket.read', { ticket }, null],
  ['a requester never reads internal notes', camille, 'ticket.readInternal', { ticket }, 'roleMissing'],
  ['a requester confirms his resolved ticket', camille, 'ticket.confirm', { ticket: resolved }, null],
  ['an open ticket cannot be confirmed', camille, 'ticket.confirm', { ticket }, 'wrongStatus'],
  ['an agent does not confirm for the requester', alex, 'ticket.confirm', { ticket: resolved }, 'notYourTicket'],
  ['a requester cancels his open ticket', camille, 'ticket.cancel', { ticket }, null],
  ['a stranger does not', stranger, 'ticket.cancel', { ticket }, 'notYourTicket'],
  ['a closed ticket is not edited', alex, 'ticket.edit', { ticket: { ...ticket, status: 'closed' } }, 'wrongStatus'],
  ['an agent claims a task of his group', alex, 'task.claim', { task, ticket }, null],
  ['not one of another group', mei, 'task.claim', { task, ticket }, 'notInGroup'],
  ['but one of a ticket that came to his group', mei, 'task.claim', { task, ticket: { ...ticket, groupId: 'network' } }, null],
  ['nobody completes what someone else has', alex, 'task.complete', { task: { ...task, assignee: 'ines' }, ticket }, 'takenBySomeoneElse'],
  ['it may be taken over', alex, 'task.claim', { task: { ...task, assignee: 'ines' }, ticket }, null],
  ['a requester completes no task', camille, 'task.complete', { task, ticket }, 'roleMissing'],
  ['unless the task names him', camille, 'task.complete', { task: { ...task, candidateUsers: ['camille'] }, ticket }, null],
  ['an agent does not deploy', alex, 'definition.deploy', {}, 'roleMissing'],
  ['a process owner does', priya, 'definition.deploy', {}, null],
  ['only an auditor verifies the ledger', admin, 'ledger.verify', {}, 'roleMissing'],
  ['an auditor does', odile, 'ledger.verify', {}, null],
  ['an action that lacks its ticket is refused', camille, 'ticket.cancel', {}, 'incompleteContext'],
  ['an action that lacks its task is refused', alex, 'task.complete', { ticket }, 'unknownTask'],
])('%s', (_, who, action, context, code) => expect(can(who, action, context)).toMatchObject({ allowed: code === null, code }))

describe('every action', () => {
  it('is refused to someone without a role, with a reason', () => {
    for (const action of actions) {
      const verdict = can(actor('nobody', []), action, { ticket, task })
      expect([action, verdict.allowed]).toEqual([action, false])
      expect(verdict.reason).toBeTruthy()
    }
  })
})

describe('an update', () => {
  const open = { ...ticket, openTasks: [{ waitId: 'e7', elementId: 'triage', name: 'Triage', formId: null, dueAt: null, ...task }] }
  it('to a task that is gone is refused', () =>
    expect(mayCommand(alex, 'completeTask', { waitId: 'e1', variables: {} }, open)?.code).toBe('unknownTask'))
  it('to an open one is taken', () => expect(mayCommand(alex, 'completeTask', { waitId: 'e7', variables: {} }, open)).toBeNull())
  it('that reopens is the requester’s', () => {
    expect(mayCommand(camille, 'publishMessage', { name: 'requesterReopened', variables: {} }, resolved)).toBeNull()
    expect(mayCommand(stranger, 'publishMessage', { name: 'requesterReopened', variables: {} }, resolved)?.code).toBe('notYourTicket')
  })
  it('that publishes any other message needs an operator', () =>
    expect(mayCommand(camille, 'publishMessage', { name: 'approve', variables: {} }, ticket)?.code).toBe('roleMissing'))
  it('by the desk itself passes for mail of unknown senders', () =>
    expect(
      mayCommand(systemActor, 'addMessage', { messageId: 'm', visibility: 'public', direction: 'in', channel: 'mail', sha256: '' }, ticket),
    ).toBeNull())
})

describe('an approval', () => {
  const marc = actor('marc', ['requester'])
  const asked = { assignee: 'marc', candidateGroups: [], candidateUsers: [], attributes: { approval: 'manager' } }
  const cab = { assignee: null, candidateGroups: ['cab'], candidateUsers: [], attributes: { approval: 'cab' } }
  const own = { ...ticket, requesterId: 'marc' }
  const opened = { ...ticket, interested: ['camille', 'alex'] }
  const standing = { personId: 'marc', groups: ['cab'], scope: 'all' as const, value: null, delegationId: 'd1' }
  const delegate = (who: Actor, change: Partial<NonNullable<Actor['actsFor']>[number]> = {}): Actor => ({
    ...who,
    actsFor: [{ ...standing, ...change }],
  })
  it.each<[string, Actor, Action, AccessContext, string | null]>([
    ['is decided by who is asked, without being an agent', marc, 'task.complete', { task: asked, ticket }, null],
    ['not by an agent of the ticket’s group', alex, 'task.complete', { task: asked, ticket }, 'notAsked'],
    ['not by an administrator', admin, 'task.complete', { task: asked, ticket }, 'notAsked'],
    ['not by the desk itself', systemActor, 'task.complete', { task: asked, ticket }, 'notAsked'],
    ['not by who asked for the ticket', marc, 'task.complete', { task: asked, ticket: own }, 'selfApproval'],
    ['not by who opened it', actor('alex', ['agent'], ['cab']), 'task.complete', { task: cab, ticket: opened }, 'selfApproval'],
    ['by any member of the group that is asked', actor('mei', ['agent'], ['cab']), 'task.complete', { task: cab, ticket: opened }, null],
    ['by the delegate', delegate(mei), 'task.complete', { task: asked, ticket }, null],
    ['by the delegate of a member of the group', delegate(mei), 'task.complete', { task: cab, ticket }, null],
    [
      'not by a delegate for another subject',
      delegate(mei, { scope: 'subject', value: 'cab' }),
      'task.complete',
      { task: asked, ticket },
      'notAsked',
    ],
    ['by one for this subject', delegate(mei, { scope: 'subject', value: 'manager' }), 'task.complete', { task: asked, ticket }, null],
    [
      'not by a delegate for another group',
      delegate(mei, { scope: 'group', value: 'network' }),
      'task.complete',
      { task: cab, ticket },
      'notAsked',
    ],
    ['by one for this group', delegate(mei, { scope: 'group', value: 'cab' }), 'task.complete', { task: cab, ticket }, null],
    ['not by the requester as the approver’s delegate', delegate(camille), 'task.complete', { task: asked, ticket }, 'selfApproval'],
    ['not by anybody for the requester', delegate(mei), 'task.complete', { task: asked, ticket: own }, 'selfApproval'],
    ['is not taken over by an agent', alex, 'task.claim', { task: asked, ticket, assigneeId: 'alex' }, 'notAsked'],
    ['is handed on by who is asked', marc, 'task.assign', { task: asked, ticket, assigneeId: 'mei' }, null],
    ['not to the requester', marc, 'task.assign', { task: asked, ticket, assigneeId: 'camille' }, 'selfApproval'],
    ['is moved by the desk when the approver is gone', systemActor, 'task.assign', { task: asked, ticket, assigneeId: 'mei' }, null],
  ])('%s', (_, who, action, context, code) => expect(can(who, action, context)).toMatchObject({ allowed: code === null, code }))
})
