/** Problems, proposals and known errors. */
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { KnownErrorContent, KnownErrorMatch, KnownErrorRow, KnownErrorView } from '#schema/known-error'
import type { ProposalView } from '#schema/recurrence'
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
