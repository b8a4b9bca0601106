/** Desks, interactions of every channel, the counter, and the figures of calls. */
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { Desk, DeskType } from '#schema/desk'
import type { Disposition, Outcome } from '#schema/interaction'
import type { ChannelId, TicketKind } from '#schema/ticket'
import { call, newIdempotencyKey, type Query } from './http.ts'
import type { PageOf, PersonRefView } from './types.ts'

export interface DeskRow extends Desk {
  typeName: string
  isMine: boolean
  hasOnSiteTasks: boolean
  firstChannel: ChannelId
  contactKinds: TicketKind[]
  openTickets: number
  kioskUrl: string | null
}
export const useDesks = (isWanted = true) =>
  useQuery({
    queryKey: ['desks'],
    queryFn: async () => (await call<PageOf<DeskRow>>('/desks')).items,
    staleTime: 120_000,
    enabled: isWanted,
  })
export function useSaveDesk() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ desk, isNew }: { desk: Desk; isNew: boolean }) => {
      const { id, ...body } = desk
      return isNew
        ? call<Desk>('/desks', { method: 'POST', body: desk })
        : call<Desk>(`/desks/${encodeURIComponent(id)}`, { method: 'POST', body })
    },
    onSuccess: () => client.invalidateQueries({ queryKey: ['desks'] }),
  })
}
export type { Desk, DeskType }

export interface ContactRow {
  id: string
  at: string
  channel: ChannelId
  direction: 'in' | 'out'
  subject: string
  body: string
  person: PersonRefView | null
  address: string | null
  agent: PersonRefView | null
  disposition: Disposition
  outcome: Outcome | null
  outcomeNote: string | null
  desk: { id: string; name: { fr: string; en: string } } | null
  callId: string | null
  visitNumber: string | null
  offeredAt: string | null
  answeredAt: string | null
  abandonedAt: string | null
  endedAt: string | null
  wrappedUpAt: string | null
  holdMs: number
  ticketId: string | null
  number: string | null
}
export const useContacts = (query: Query) =>
  useInfiniteQuery({
    queryKey: ['interactions', query],
    queryFn: ({ pageParam }) => call<PageOf<ContactRow>>('/interactions', { query: { limit: 50, ...query, cursor: pageParam } }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
  })

interface Spread {
  meanMs: number | null
  medianMs: number | null
  p90Ms: number | null
}
export interface CallFigures {
  offered: number
  answered: number
  abandoned: number
  shortAbandoned: number
  withinThreshold: number
  handled: number
  waiting: number
  abandonmentRate: number | null
  serviceLevel: number | null
  asa: Spread
  aht: Spread
  definitions: { id: string; title: string; formula: string }[]
}
export const useCallFigures = (query: Query) =>
  useQuery({ queryKey: ['interactions', 'figures', query], queryFn: () => call<CallFigures>('/interactions/figures', { query }) })

export interface ContactDraft {
  deskId?: string
  channel: ChannelId
  subject: string
  body: string
  requesterId: string
  disposition: 'answered' | 'ticket'
  outcome: Outcome
  kind: TicketKind
  startedAt: string
}
export interface WrapUpDraft {
  disposition: 'answered' | 'ticket'
  outcome?: Outcome
  note: string
  personId?: string
  title?: string
  kind: TicketKind
}
export function useNoteContact() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (draft: ContactDraft) =>
      call<{ number: string | null }>('/interactions', { method: 'POST', body: draft, idempotencyKey: newIdempotencyKey() }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['interactions'] }),
  })
}
export function useWrapUp(id: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (draft: WrapUpDraft) =>
      call<ContactRow>(`/interactions/${id}/wrap-up`, { method: 'POST', body: draft, idempotencyKey: newIdempotencyKey() }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['interactions'] }),
  })
}

export interface QueueView {
  waiting: { id: string; number: string; subject: string; since: string; personName: string | null; estimatedWaitMs: number }[]
  called: { number: string; at: string }[]
  meanVisitMs: number | null
}
const refreshMs = 10_000
export const useWalkIns = (deskId: string) =>
  useQuery({
    queryKey: ['walkIns', deskId],
    queryFn: () => call<QueueView>(`/desks/${encodeURIComponent(deskId)}/queue`),
    refetchInterval: refreshMs,
  })
export function useCallNext(deskId: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: () => call<ContactRow>(`/desks/${encodeURIComponent(deskId)}/call-next`, { method: 'POST' }),
    onSuccess: () =>
      Promise.all([client.invalidateQueries({ queryKey: ['walkIns'] }), client.invalidateQueries({ queryKey: ['interactions'] })]),
  })
}

export interface KioskView {
  desk: { fr: string; en: string }
  waiting: number
  estimatedWaitMs: number
  called: { number: string; at: string }[]
}
export interface VisitView {
  id: string
  number: string
  state: 'waiting' | 'called' | 'left'
  position: number
  estimatedWaitMs: number
}
const kiosk = (token: string) => `/kiosk/${encodeURIComponent(token)}`
export const useKiosk = (token: string) =>
  useQuery({ queryKey: ['kiosk', token], queryFn: () => call<KioskView>(kiosk(token)), refetchInterval: refreshMs, retry: false })
export const useVisit = (token: string, id: string | null) =>
  useQuery({
    queryKey: ['kiosk', token, id],
    queryFn: () => call<VisitView>(`${kiosk(token)}/visits/${id}`),
    refetchInterval: refreshMs,
    enabled: id !== null,
  })
export const useTakeNumber = (token: string) =>
  useMutation({ mutationFn: (body: { name: string; subject: string }) => call<VisitView>(kiosk(token), { method: 'POST', body }) })
export const useLeaveQueue = (token: string) =>
  useMutation({ mutationFn: (id: string) => call<VisitView>(`${kiosk(token)}/visits/${id}/leave`, { method: 'POST' }) })
