import { z } from 'zod'
import { CabDecision, MeetingDraft } from '#schema/change'
import { MeetingDetailView, MeetingView } from '#schema/change-view'
import {
  agendaOf,
  concludeMeeting,
  decideInSession,
  editMinutes,
  findMeeting,
  listMeetings,
  type Meeting,
  saveMeeting,
} from '../../activities/store/change/cab.ts'
import type { AppDeps, Caller } from '../deps.ts'
import { ApiProblem } from '../problem.ts'
import { peopleById } from '../read/change-view.ts'
import { defineRoute, type Route } from '../route.ts'
import { refuse } from './change-references.ts'

const Params = z.object({ id: z.uuid() })
type NameOf = (id: string) => { id: string; name: string }

const viewOf = (
  { chairId, memberIds, attendeeIds, startsAt, endsAt, ...meeting }: Meeting,
  nameOf: NameOf,
): z.infer<typeof MeetingView> => ({
  ...meeting,
  startsAt: startsAt.toISOString(),
  endsAt: endsAt.toISOString(),
  chair: nameOf(chairId),
  members: memberIds.map(nameOf),
  attendees: attendeeIds.map(nameOf),
})

/** Its chair, a process owner or an administrator. */
const mayPrepare = (meeting: Meeting, { actor }: Caller): boolean =>
  meeting.chairId === actor.id || actor.roles.some((role) => role === 'processOwner' || role === 'administrator')

async function detail(deps: AppDeps, id: string, caller: Caller): Promise<z.infer<typeof MeetingDetailView>> {
  const meeting = await findMeeting(deps.db, id)
  if (!meeting) throw new ApiProblem(404, 'changeRecordNotFound')
  const agenda = await agendaOf(deps.db, meeting)
  const ids = agenda.flatMap((item) => [item.requesterId, item.implementerId ?? '', ...item.votes.map(({ approverId }) => approverId)])
  const nameOf = await peopleById(deps.db, [...new Set([meeting.chairId, ...meeting.memberIds, ...meeting.attendeeIds, ...ids])])
  return {
    ...viewOf(meeting, nameOf),
    mayDecide: meeting.state === 'planned' && meeting.chairId === caller.actor.id,
    mayEdit: meeting.state === 'planned' && mayPrepare(meeting, caller),
    agenda: agenda.map(({ requesterId, implementerId, plannedStart, plannedEnd, votes, ...item }) => ({
      ...item,
      requester: nameOf(requesterId),
      implementer: implementerId === null ? null : nameOf(implementerId),
      plannedStart: plannedStart?.toISOString() ?? null,
      plannedEnd: plannedEnd?.toISOString() ?? null,
      votes: votes.map(({ approverId, decision }) => ({ approver: nameOf(approverId), decision })),
    })),
  }
}

interface Saving {
  deps: AppDeps
  caller: Caller
}
async function save({ deps, caller }: Saving, id: string | null, version: number | null, draft: MeetingDraft) {
  const saved = await saveMeeting(deps.db, { id, version, draft }, caller.actor.id, deps.clock())
  if (saved.ok) return detail(deps, saved.meeting.id, caller)
  if (saved.reason === 'refused') throw refuse(saved.refusals, 'changeRecordRefused')
  if (saved.reason === 'over') throw new ApiProblem(409, 'meetingOver')
  throw saved.reason === 'notFound' ? new ApiProblem(404, 'changeRecordNotFound') : new ApiProblem(409, 'changeRecordConflict')
}

const tag = 'CAB'
const staff = ['agent', 'processOwner', 'auditor', 'administrator'] as const
export const cabRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: '/cab-meetings',
    access: staff,
    tag,
    summary: 'Meetings of the change advisory board, latest first',
    response: z.object({ items: z.array(MeetingView) }),
    handle: async ({ deps }) => {
      const meetings = await listMeetings(deps.db)
      const nameOf = await peopleById(deps.db, [...new Set(meetings.flatMap((m) => [m.chairId, ...m.memberIds, ...m.attendeeIds]))])
      return { items: meetings.map((meeting) => viewOf(meeting, nameOf)) }
    },
  }),
  defineRoute({
    method: 'post',
    path: '/cab-meetings',
    access: ['processOwner', 'administrator'],
    tag,
    summary: 'Call a meeting',
    body: MeetingDraft,
    status: 201,
    response: MeetingDetailView,
    problems: { 422: ['changeRecordRefused'] },
    handle: (call) => save(call, null, null, call.body),
  }),
  defineRoute({
    method: 'get',
    path: '/cab-meetings/{id}',
    access: staff,
    tag,
    summary: 'One meeting: agenda (changes that wait for the board) and minutes',
    params: Params,
    response: MeetingDetailView,
    problems: { 404: ['changeRecordNotFound'] },
    handle: ({ deps, params, caller }) => detail(deps, params.id, caller),
  }),
  defineRoute({
    method: 'patch',
    path: '/cab-meetings/{id}',
    access: ['agent', 'processOwner', 'administrator'],
    tag,
    summary:
      'Change a meeting that is planned: time, members, order of its agenda, general minutes; by its chair, a process owner or an administrator',
    params: Params,
    body: MeetingDraft.extend({ version: z.int().min(1) }),
    response: MeetingDetailView,
    problems: {
      403: ['notChair'],
      404: ['changeRecordNotFound'],
      409: ['changeRecordConflict', 'meetingOver'],
      422: ['changeRecordRefused'],
    },
    handle: async (call) => {
      const { version, ...draft } = call.body
      const meeting = await findMeeting(call.deps.db, call.params.id)
      if (meeting && !mayPrepare(meeting, call.caller)) throw new ApiProblem(403, 'notChair')
      return save(call, call.params.id, version, draft)
    },
  }),
  defineRoute({
    method: 'post',
    path: '/cab-meetings/{id}/decisions',
    access: ['agent', 'processOwner', 'administrator'],
    tag,
    summary: 'Record what the board decided about a change; its process goes on at once',
    description:
      'By the chair only. An approval or a rejection needs the quorum among those who are there, without requester and implementer.',
    params: Params,
    body: z.strictObject({
      ticketId: z.uuid(),
      decision: CabDecision,
      minutes: z.string().trim().min(3).max(10_000),
      attendeeIds: z.array(z.string().max(100)).max(200),
    }),
    response: MeetingDetailView,
    problems: {
      403: ['notChair'],
      404: ['changeRecordNotFound'],
      409: ['meetingOver', 'notWaitingForBoard'],
      422: ['changeRecordRefused'],
    },
    handle: async ({ deps, params, body, caller }) => {
      const decided = await decideInSession(deps.db, { ...body, meetingId: params.id }, caller.actor.id, deps.clock())
      if (decided.ok) return detail(deps, params.id, caller)
      if (decided.reason === 'refused') throw refuse(decided.refusals, 'changeRecordRefused')
      if (decided.reason === 'notChair') throw new ApiProblem(403, 'notChair')
      if (decided.reason === 'notFound') throw new ApiProblem(404, 'changeRecordNotFound')
      throw new ApiProblem(409, decided.reason === 'over' ? 'meetingOver' : 'notWaitingForBoard')
    },
  }),
  defineRoute({
    method: 'patch',
    path: '/cab-meetings/{id}/minutes',
    access: ['agent', 'processOwner', 'administrator'],
    tag,
    summary: 'Mend the minutes of one decision until the meeting is closed; by the chair',
    params: Params,
    body: z.strictObject({ ticketId: z.uuid(), minutes: z.string().trim().min(3).max(10_000) }),
    response: MeetingDetailView,
    problems: { 403: ['notChair'], 404: ['changeRecordNotFound'], 409: ['meetingOver'] },
    handle: async ({ deps, params, body, caller }) => {
      const saved = await editMinutes(deps.db, { ...body, meetingId: params.id }, caller.actor.id, deps.clock())
      if (saved.ok) return detail(deps, params.id, caller)
      if (saved.reason === 'notChair') throw new ApiProblem(403, 'notChair')
      throw saved.reason === 'over' ? new ApiProblem(409, 'meetingOver') : new ApiProblem(404, 'changeRecordNotFound')
    },
  }),
  defineRoute({
    method: 'post',
    path: '/cab-meetings/{id}/conclude',
    access: ['agent', 'processOwner', 'administrator'],
    tag,
    summary: 'Close a meeting with who was there and its general minutes, or cancel it; by its chair, a process owner or an administrator',
    params: Params,
    body: z.strictObject({
      state: z.enum(['held', 'canceled']),
      attendeeIds: z.array(z.string().max(100)).max(200).default([]),
      notes: z.string().trim().max(20_000).default(''),
    }),
    response: MeetingDetailView,
    problems: { 403: ['notChair'], 404: ['changeRecordNotFound'], 409: ['meetingOver'], 422: ['changeRecordRefused'] },
    handle: async ({ deps, params, body, caller }) => {
      const meeting = await findMeeting(deps.db, params.id)
      if (!meeting) throw new ApiProblem(404, 'changeRecordNotFound')
      if (!mayPrepare(meeting, caller)) throw new ApiProblem(403, 'notChair')
      const concluded = await concludeMeeting(deps.db, { ...body, id: params.id }, caller.actor.id, deps.clock())
      if (concluded.ok) return detail(deps, params.id, caller)
      if (concluded.reason === 'refused') throw refuse(concluded.refusals, 'changeRecordRefused')
      throw new ApiProblem(
        concluded.reason === 'notFound' ? 404 : 409,
        concluded.reason === 'notFound' ? 'changeRecordNotFound' : 'meetingOver',
      )
    },
  }),
]
