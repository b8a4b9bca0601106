/** Problems, proposals and known errors. */
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { KnownErrorContent, KnownErrorMatch, KnownErrorRow, KnownErrorView } from '#schema/known-error'
import type { ProblemDraft, ProposalView, RecurrenceField, RecurrenceRuleView, RehearsalView } from '#schema/recurrence'
import type { Level } from '#schema/ticket'
import { call, newIdempotencyKey } from './http.ts'
import type { PageOf } from './types.ts'

export interface ProblemFigures {
  used: { id: string; number: string; title: string; uses: number }[]
  openByAge: { from: number; to: number | null; count: number }[]
  incidents: { id: string; number: string; title: string; status: string; incidents: number }[]
}
const post = <T>(path: string, body: unknown): Promise<T> => call(path, { method: 'POST', body, idempotencyKey: newIdempotencyKey() })

export const useKnownErrors = (q: string, state: string) =>
  useInfiniteQuery({
    queryKey: ['known-errors', q, state],
    queryFn: ({ pageParam }) => call<PageOf<KnownErrorRow>>('/known-errors', { query: { q, state, cursor: pageParam, limit: 50 } }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
  })
/** What is published for requesters, whoever asks. */
export const usePublishedProblems = (q: string) =>
  useInfiniteQuery({
    queryKey: ['known-errors', 'published', q],
    queryFn: ({ pageParam }) =>
      call<PageOf<KnownErrorRow>>('/known-errors', { query: { q, isForRequesters: true, cursor: pageParam, limit: 20 } }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: (old) => old,
  })
export const useKnownError = (id: string) =>
  useQuery({ queryKey: ['known-errors', 'one', id], queryFn: () => call<KnownErrorView>(`/known-errors/${id}`), enabled: id !== 'new' })
export const useMatches = (ticketId: string) =>
  useQuery({
    queryKey: ['ticket', ticketId, 'known-errors'],
    queryFn: () => call<PageOf<KnownErrorMatch>>(`/tickets/${encodeURIComponent(ticketId)}/known-errors`),
  })
export const useProposals = () =>
  useQuery({ queryKey: ['proposals'], queryFn: () => call<PageOf<ProposalView>>('/problem-proposals', { query: { state: 'all' } }) })
export const useProblemFigures = () => useQuery({ queryKey: ['problem-figures'], queryFn: () => call<ProblemFigures>('/problem-figures') })

export function useApplyKnownError(ticketId: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => post(`/tickets/${encodeURIComponent(ticketId)}/known-errors/${id}`, {}),
    onSettled: () => client.invalidateQueries({ queryKey: ['ticket'] }),
  })
}
export function useSaveKnownError(id: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ content, baseVersion, note }: { content: KnownErrorContent; baseVersion: number; note: string }) =>
      id === 'new'
        ? post<KnownErrorView>('/known-errors', content)
        : call<KnownErrorView>(`/known-errors/${id}`, { method: 'PATCH', body: { content, baseVersion, note } }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['known-errors'] }),
  })
}
export function useMoveKnownError(id: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (state: 'published' | 'retired') => post<KnownErrorView>(`/known-errors/${id}/state`, { state }),
    onSettled: () => client.invalidateQueries({ queryKey: ['known-errors'] }),
  })
}
export function useProposalAction() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ path, body }: { path: string; body: unknown }) => post<{ number?: string }>(`/problem-proposals${path}`, body),
    onSettled: () =>
      Promise.all([client.invalidateQueries({ queryKey: ['proposals'] }), client.invalidateQueries({ queryKey: ['tickets'] })]),
  })
}

export const useRecurrenceRules = () =>
  useQuery({
    queryKey: ['recurrence-rules'],
    queryFn: async () => (await call<PageOf<RecurrenceRuleView>>('/recurrence-rules')).items,
  })
export interface RuleDraft {
  /** Absent: a new one. */
  id?: string
  version?: number
  name: { fr: string; en: string }
  field: RecurrenceField
  least: number
  days: number
  isActive: boolean
}
export function useSaveRecurrenceRule() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (draft: RuleDraft) => post<RecurrenceRuleView>('/recurrence-rules', draft),
    onSettled: () => client.invalidateQueries({ queryKey: ['recurrence-rules'] }),
  })
}
export const useTryRule = () =>
  useMutation({
    mutationFn: (trial: { field: RecurrenceField; least: number; days: number; pastDays: number }) =>
      post<RehearsalView>('/recurrence-rules/try', trial),
  })

export const useProblemDraft = (from: string | undefined) =>
  useQuery({
    queryKey: ['ticket', from, 'problem-draft'],
    queryFn: () => call<ProblemDraft>(`/tickets/${encodeURIComponent(from ?? '')}/problem-draft`),
    enabled: from !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
  })
export interface NewProblem {
  title: string
  description: string
  impact: Level
  urgency: Level
  category: string | null
  service: string | null
  incidentIds: string[]
}
export function useRaiseProblem() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ problem, idempotencyKey }: { problem: NewProblem; idempotencyKey: string }) =>
      call<{ ticketId: string; number: string }>('/problems', { method: 'POST', body: problem, idempotencyKey }),
    onSettled: () => Promise.all([client.invalidateQueries({ queryKey: ['tickets'] }), client.invalidateQueries({ queryKey: ['ticket'] })]),
  })
}
