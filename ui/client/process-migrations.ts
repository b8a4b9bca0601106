/** Moving open tickets between versions of a process, and tokens within a ticket. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { Variables } from '#schema/json'
import type { MappingProposalView, ProcessMigrationAction, ProcessMigrationView } from '#schema/process-migration'
import { call, newIdempotencyKey } from './http.ts'
import type { PageOf } from './types.ts'

const root = '/process-migrations'
/** While an operation is under way it is asked for so often, ms. */
const pollMs = 1_000

export const useMappingProposal = (processId: string, from: number | null, to: number | null) =>
  useQuery({
    queryKey: ['process-migrations', 'proposal', processId, from, to],
    queryFn: () => call<MappingProposalView>(`${root}/proposal`, { query: { processId, from, to } }),
    enabled: from !== null && to !== null && from !== to,
    refetchOnWindowFocus: false,
  })

export const isMoving = ({ state }: ProcessMigrationView): boolean => state === 'checking' || state === 'running'

export const useProcessMigrations = (processId: string) =>
  useQuery({
    queryKey: ['process-migrations', 'list', processId],
    queryFn: async () => (await call<PageOf<ProcessMigrationView>>(root, { query: { processId } })).items,
    refetchInterval: ({ state }) => (state.data?.some(isMoving) ? pollMs : false),
  })

export interface NewProcessMigration {
  fromVersion: number
  toVersion: number
  mapping: Record<string, string>
  retimesTimers: boolean
}
export function useCheckMigration(processId: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (migration: NewProcessMigration) =>
      call<ProcessMigrationView>(root, { method: 'POST', body: { processId, ...migration }, idempotencyKey: newIdempotencyKey() }),
    onSettled: () => client.invalidateQueries({ queryKey: ['process-migrations', 'list', processId] }),
  })
}
export function useMigrationAction(processId: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ id, action }: { id: string; action: ProcessMigrationAction }) =>
      call<ProcessMigrationView>(`${root}/${id}/${action}`, { method: 'POST' }),
    onSettled: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: ['process-migrations', 'list', processId] }),
        client.invalidateQueries({ queryKey: ['definition', 'process', processId] }),
      ]),
  })
}

export interface TicketTokens {
  tokens: { key: string; elementId: string; since: number }[]
  targets: { id: string; name: string; type: string; scopeId: string | null }[]
}
export const useTokens = (ticketId: string, isWanted: boolean) =>
  useQuery({
    queryKey: ['ticket', ticketId, 'tokens'],
    queryFn: () => call<TicketTokens>(`/tickets/${encodeURIComponent(ticketId)}/tokens`),
    enabled: isWanted,
  })
export function useMoveToken(ticketId: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: { cancel: string[]; start: { elementId: string; variables: Variables }[] }) =>
      call(`/tickets/${encodeURIComponent(ticketId)}/modify`, { method: 'POST', body, idempotencyKey: newIdempotencyKey() }),
    onSettled: () => client.invalidateQueries({ queryKey: ['ticket', ticketId] }),
  })
}
