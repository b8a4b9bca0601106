/** Service levels: what will probably be missed, comparisons with other versions, holidays for a calendar. */
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { HolidayPlaces, HolidaysView, PredictedBreach } from '#schema/service-level'
import type { SlaRecomputationAction, SlaRecomputationTicket, SlaRecomputationView, SlaScope } from '#schema/sla-recomputation'
import { call, newIdempotencyKey } from './http.ts'
import type { PageOf } from './types.ts'

/** While a comparison is under way it is asked for so often, ms. */
const pollMs = 1_000
/** Time passes without a word from the server. */
const predictedMs = 60_000

export const usePredicted = (query: { withinMinutes: number; groupId?: string; kind?: string }) =>
  useQuery({
    // Among the lists of tickets, so that it follows what happens.
    queryKey: ['tickets', 'predicted', query],
    queryFn: () => call<{ items: PredictedBreach[]; total: number }>('/service-levels/predicted', { query: { ...query } }),
    refetchInterval: predictedMs,
  })

const root = '/sla-recomputations'
export const isUnderWay = ({ state }: SlaRecomputationView): boolean => state === 'checking' || state === 'applying'

export const useRecomputations = (isWanted: boolean) =>
  useQuery({
    queryKey: ['sla-recomputations'],
    queryFn: async () => (await call<PageOf<SlaRecomputationView>>(root)).items,
    enabled: isWanted,
    refetchInterval: ({ state }) => (state.data?.some(isUnderWay) ? pollMs : false),
  })
export function useCompare() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: { scope: SlaScope; draft?: string; since?: string }) =>
      call<SlaRecomputationView>(root, { method: 'POST', body, idempotencyKey: newIdempotencyKey() }),
    onSettled: () => client.invalidateQueries({ queryKey: ['sla-recomputations'] }),
  })
}
export function useRecomputationAction() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ id, action, reason }: { id: string; action: SlaRecomputationAction; reason: string }) =>
      call<SlaRecomputationView>(`${root}/${id}/${action}`, { method: 'POST', body: { reason } }),
    onSettled: () =>
      Promise.all(
        ['sla-recomputations', 'sla-recomputation-tickets', 'tickets'].map((key) => client.invalidateQueries({ queryKey: [key] })),
      ),
  })
}
export const useRecomputationTickets = (id: string, transition: string | null) =>
  useInfiniteQuery({
    queryKey: ['sla-recomputation-tickets', id, transition],
    queryFn: ({ pageParam }) =>
      call<PageOf<SlaRecomputationTicket>>(`${root}/${id}/tickets`, {
        query: { transition: transition ?? undefined, cursor: pageParam, limit: 25 },
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
  })

export const useHolidayPlaces = (country: string | null) =>
  useQuery({
    queryKey: ['holidays', 'places', country, document.documentElement.lang],
    queryFn: () => call<HolidayPlaces>('/holidays/places', { query: { country: country ?? undefined } }),
    staleTime: Number.POSITIVE_INFINITY,
  })
export const getHolidays = (query: { country: string; state?: string; fromYear: number; toYear: number }): Promise<HolidaysView> =>
  call('/holidays', { query })
