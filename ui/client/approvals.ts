/** Approvals and delegations. */
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { ApprovalDecision } from '#schema/approval'
import type { ApprovalInvitation, ApprovalRow, ApprovalView } from '#schema/approval-view'
import type { DelegationView } from '#schema/delegation'
import { call, newIdempotencyKey } from './http.ts'
import type { PageOf } from './types.ts'

export interface DecisionDraft {
  decision: ApprovalDecision
  comment: string
}
export interface DelegationDraft {
  delegateId: string | null
  scope: 'all' | 'group' | 'subject'
  value: string | null
  startsAt: string
  endsAt: string
  reason: string
}

const post = (path: string, body: unknown): Promise<unknown> => call(path, { method: 'POST', body, idempotencyKey: newIdempotencyKey() })

export const useApprovals = (view: 'asked' | 'decided') =>
  useInfiniteQuery({
    queryKey: ['approvals', view],
    queryFn: ({ pageParam }) => call<PageOf<ApprovalRow>>('/approvals', { query: { view, cursor: pageParam, limit: 50 } }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    refetchInterval: 60_000,
  })
export const useTicketApprovals = (ticketId: string) =>
  useQuery({
    queryKey: ['ticket', ticketId, 'approvals'],
    queryFn: () => call<PageOf<ApprovalView>>(`/tickets/${encodeURIComponent(ticketId)}/approvals`),
  })
export function useDecide() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ ticketId, waitId, ...draft }: DecisionDraft & { ticketId: string; waitId: string }) =>
      post(`/approvals/${ticketId}/${encodeURIComponent(waitId)}`, draft),
    onSettled: () =>
      Promise.all([client.invalidateQueries({ queryKey: ['approvals'] }), client.invalidateQueries({ queryKey: ['ticket'] })]),
  })
}
const link = (token: string): string => `/approval-links/${encodeURIComponent(token)}`
export const useApprovalLink = (token: string) =>
  useQuery({ queryKey: ['approval-link', token], queryFn: () => call<ApprovalInvitation>(link(token)), retry: false })
export function useDecideByLink(token: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (draft: DecisionDraft) => post(link(token), draft),
    onSettled: () => client.invalidateQueries({ queryKey: ['approval-link', token] }),
  })
}
export const useDelegations = (view: 'mine' | 'all') =>
  useQuery({
    queryKey: ['delegations', view],
    queryFn: () => call<PageOf<DelegationView>>('/delegations', { query: { view, limit: 200 } }),
  })
export const useColleagues = (q: string) =>
  useQuery({ queryKey: ['colleagues', q], queryFn: () => call<PageOf<{ id: string; name: string }>>('/colleagues', { query: { q } }) })
export function useDelegate() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (draft: DelegationDraft) => post('/delegations', draft),
    onSuccess: () => client.invalidateQueries({ queryKey: ['delegations'] }),
  })
}
export function useRevokeDelegation() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => post(`/delegations/${id}/revoke`, {}),
    onSettled: () => client.invalidateQueries({ queryKey: ['delegations'] }),
  })
}
