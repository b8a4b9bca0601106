/** Changes: lists, plans, calendar, windows, templates, and the board. */
import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { CabDecision, ChangeType, ConflictView, MeetingDraft, TemplateDraft, WindowDraft } from '#schema/change'
import type { CalendarView, ChangeRowView, ChangeView, MeetingDetailView, MeetingView, TemplateView, WindowView } from '#schema/change-view'
import { call, newIdempotencyKey, type Query } from './http.ts'
import type { PageOf } from './types.ts'

const at = (id: string): string => `/changes/${encodeURIComponent(id)}`

export interface ChangeListQuery extends Query {
  view: string
  type?: string
  q?: string
}
export interface ChangeDraft {
  type: ChangeType
  templateId?: string
  title: string
  description?: string
  justification?: string
  service?: string
  impact?: number
  groupId?: string
  ciIds?: string[]
  dependsOn?: string[]
  plannedStart?: string
  plannedEnd?: string
  implementerId?: string
}
/** What the conflict rules look at. */
export interface PlanDraft {
  ticketId?: string
  ciIds: string[]
  service: string | null
  implementerId: string | null
  dependsOn: string[]
}

export const useChanges = (query: ChangeListQuery) =>
  useInfiniteQuery({
    queryKey: ['changes', 'list', query],
    queryFn: ({ pageParam }) => call<PageOf<ChangeRowView>>('/changes', { query: { ...query, cursor: pageParam, limit: 50 } }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
  })
/** Part of the ticket's key, so that whatever renews the ticket renews this too. */
export const useChange = (id: string, isWanted = true) =>
  useQuery({ queryKey: ['ticket', id, 'change'], queryFn: () => call<ChangeView>(at(id)), enabled: isWanted })
export const useConflicts = (plan: PlanDraft, span: { from: string; to: string } | null) =>
  useQuery({
    queryKey: ['changes', 'conflicts', plan, span],
    queryFn: ({ signal }) =>
      call<{ conflicts: ConflictView[] }>('/changes/conflicts', { method: 'POST', body: { ...plan, ...span }, signal }),
    enabled: span !== null,
    placeholderData: keepPreviousData,
  })
export const findSlot = (plan: PlanDraft, durationMinutes: number, from?: string): Promise<{ slot: { from: string; to: string } | null }> =>
  call('/changes/next-slot', { method: 'POST', body: { ...plan, durationMinutes, ...(from ? { from } : {}) } })
export const useCalendar = (from: string, to: string) =>
  useQuery({
    queryKey: ['changes', 'calendar', from, to],
    queryFn: () => call<CalendarView>('/change-calendar', { query: { from, to } }),
    placeholderData: keepPreviousData,
  })
export const useWindows = () =>
  useQuery({ queryKey: ['changes', 'windows'], queryFn: async () => (await call<{ items: WindowView[] }>('/change-windows')).items })
export const useTemplates = () =>
  useQuery({ queryKey: ['changes', 'templates'], queryFn: async () => (await call<{ items: TemplateView[] }>('/change-templates')).items })
export const useMeetings = () =>
  useQuery({ queryKey: ['changes', 'meetings'], queryFn: async () => (await call<{ items: MeetingView[] }>('/cab-meetings')).items })
export const useMeeting = (id: string) =>
  useQuery({ queryKey: ['changes', 'meetings', id], queryFn: () => call<MeetingDetailView>(`/cab-meetings/${encodeURIComponent(id)}`) })

/** Changes that are not over, found by number or title. */
export const useChangeChoices = (q: string) =>
  useQuery({
    queryKey: ['changes', 'choices', q],
    queryFn: async () => (await call<PageOf<ChangeRowView>>('/changes', { query: { view: 'open', limit: 20, ...(q ? { q } : {}) } })).items,
    placeholderData: keepPreviousData,
  })

/** Whatever is done to changes may show anywhere: in lists, in the calendar, on tickets. */
function useChangeMutation<V, R>(mutationFn: (input: V) => Promise<R>) {
  const client = useQueryClient()
  return useMutation({
    mutationFn,
    onSuccess: () => Promise.all(['changes', 'ticket', 'tickets'].map((key) => client.invalidateQueries({ queryKey: [key] }))),
  })
}
export const useRaiseChange = () =>
  useChangeMutation((input: { draft: ChangeDraft; idempotencyKey: string }) =>
    call<{ ticketId: string; number: string }>('/changes', { method: 'POST', body: input.draft, idempotencyKey: input.idempotencyKey }),
  )
export const useEditPlan = (id: string) =>
  useChangeMutation((body: { ciIds?: string[]; dependsOn?: string[] }) => call(`${at(id)}/plan`, { method: 'PATCH', body }))
export const useReschedule = (id: string) =>
  useChangeMutation((_: undefined) => call(`${at(id)}/reschedule`, { method: 'POST', body: {}, idempotencyKey: newIdempotencyKey() }))
export const useSaveWindow = () =>
  useChangeMutation(({ id, version, draft }: { id: string | null; version: number; draft: WindowDraft }) =>
    id === null
      ? call<WindowView>('/change-windows', { method: 'POST', body: draft })
      : call<WindowView>(`/change-windows/${id}`, { method: 'PATCH', body: { ...draft, version } }),
  )
export const useDeleteWindow = () => useChangeMutation((id: string) => call(`/change-windows/${id}`, { method: 'DELETE' }))
export const useSaveTemplate = () =>
  useChangeMutation(({ id, version, draft }: { id: string | null; version: number; draft: TemplateDraft }) =>
    id === null
      ? call<TemplateView>('/change-templates', { method: 'POST', body: draft })
      : call<TemplateView>(`/change-templates/${id}`, { method: 'PATCH', body: { ...draft, version } }),
  )
export const useWithdrawTemplate = () =>
  useChangeMutation(({ id, reason }: { id: string; reason: string }) =>
    call(`/change-templates/${id}/withdraw`, { method: 'POST', body: { reason } }),
  )
export const useDeleteTemplate = () => useChangeMutation((id: string) => call(`/change-templates/${id}`, { method: 'DELETE' }))
export const useSaveMeeting = () =>
  useChangeMutation(({ id, version, draft }: { id: string | null; version: number; draft: MeetingDraft }) =>
    id === null
      ? call<MeetingDetailView>('/cab-meetings', { method: 'POST', body: draft })
      : call<MeetingDetailView>(`/cab-meetings/${id}`, { method: 'PATCH', body: { ...draft, version } }),
  )
export const useEditMinutes = (id: string) =>
  useChangeMutation((body: { ticketId: string; minutes: string }) =>
    call<MeetingDetailView>(`/cab-meetings/${id}/minutes`, { method: 'PATCH', body }),
  )
export const useDecide = (id: string) =>
  useChangeMutation((body: { ticketId: string; decision: CabDecision; minutes: string; attendeeIds: string[] }) =>
    call<MeetingDetailView>(`/cab-meetings/${id}/decisions`, { method: 'POST', body }),
  )
export const useConclude = (id: string) =>
  useChangeMutation((body: { state: 'held' | 'canceled'; attendeeIds: string[]; notes: string }) =>
    call<MeetingDetailView>(`/cab-meetings/${id}/conclude`, { method: 'POST', body }),
  )
