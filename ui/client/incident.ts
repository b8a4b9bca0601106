/** Links, watchers, major incidents and the status page. */
import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { MajorView, StatusPage } from '#schema/major'
import type { LinkDirection, LinkKind } from '#schema/ticket-link'
import type { TicketLinkView, WatcherView } from '#schema/view-links'
import { call, newIdempotencyKey } from './http.ts'

const at = (id: string): string => `/tickets/${encodeURIComponent(id)}`
const post = <T>(path: string, body: unknown): Promise<T> => call(path, { method: 'POST', body, idempotencyKey: newIdempotencyKey() })

export interface LinkDraft {
  kind: LinkKind
  direction: LinkDirection
  other: string
  reason: string
}

export const useLinks = (id: string) =>
  useQuery({
    queryKey: ['ticket', id, 'links'],
    queryFn: async ({ signal }) => (await call<{ items: TicketLinkView[] }>(`${at(id)}/links`, { signal })).items,
  })
export const useWatchers = (id: string) =>
  useQuery({
    queryKey: ['ticket', id, 'watchers'],
    queryFn: async ({ signal }) => (await call<{ items: WatcherView[] }>(`${at(id)}/watchers`, { signal })).items,
  })

/** Afterwards all that the write may have touched is asked again. */
function useWrite<Input, Answer>(mutationFn: (input: Input) => Promise<Answer>) {
  const client = useQueryClient()
  return useMutation({
    mutationFn,
    onSettled: () =>
      Promise.all([['ticket'], ['tickets'], ['majors'], ['status']].map((queryKey) => client.invalidateQueries({ queryKey }))),
  })
}
export const useLink = (id: string) => useWrite((draft: LinkDraft) => post<{ linkId: string }>(`${at(id)}/links`, draft))
export const useUnlink = (id: string) =>
  useWrite(({ linkId, reason }: { linkId: string; reason: string }) => post(`${at(id)}/links/${linkId}/remove`, { reason }))
export const useWatch = (id: string) =>
  useWrite((who: { personId: string } | { address: string }) => post<{ isNew: boolean }>(`${at(id)}/watchers`, who))
export const useUnwatch = (id: string) => useWrite((address: string) => post(`${at(id)}/watchers/remove`, { address }))

export const majorsQuery = queryOptions({
  queryKey: ['majors'],
  queryFn: async ({ signal }) => (await call<{ items: MajorView[] }>('/majors', { signal })).items,
  refetchInterval: 30_000,
})
export const useMajors = () => useQuery(majorsQuery)
export const useProposeMajor = (id: string) =>
  useWrite((reason: string) => post<{ id: string; number: string }>(`${at(id)}/major`, { reason }))
export const useCommunicateNow = () => useWrite((number: string) => post(`/majors/${encodeURIComponent(number)}/communicate-now`, {}))

export interface HandOver {
  role: 'commander' | 'communicationLead'
  personId: string
  reason: string
}
export const useHandOver = (number: string) => useWrite((body: HandOver) => post(`/majors/${encodeURIComponent(number)}/hand-over`, body))

export const statusQuery = queryOptions({
  queryKey: ['status'],
  queryFn: ({ signal }) => call<StatusPage>('/status', { signal }),
  refetchInterval: 60_000,
})
export const useStatus = () => useQuery(statusQuery)
export const useAffected = () =>
  useWrite(({ number, text }: { number: string; text: string }) =>
    post<{ number: string; isNew: boolean }>(`/status/${encodeURIComponent(number)}/affected`, { text }),
  )
