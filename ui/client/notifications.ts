/** My notifications, unsubscribe links, templates tried out, and the send log. */
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { NotificationMode } from '#schema/notification'
import type { MailView } from '#schema/view'
import { call, newIdempotencyKey } from './http.ts'
import type { PageOf } from './types.ts'

export interface NotificationEventView {
  id: string
  name: string
  to: 'requester' | 'staff'
  isMandatory: boolean
  mode: NotificationMode
}
export interface MyNotifications {
  timeZone: string
  dailyAt: string
  address: string
  events: NotificationEventView[]
}
export interface NotificationChange {
  timeZone?: string
  dailyAt?: string
  modes?: Record<string, NotificationMode>
}
export const useMyNotifications = () =>
  useQuery({ queryKey: ['myNotifications'], queryFn: () => call<MyNotifications>('/me/notifications') })
export function useChangeNotifications() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (change: NotificationChange) => call<MyNotifications>('/me/notifications', { method: 'POST', body: change }),
    onSuccess: (found) => client.setQueryData(['myNotifications'], found),
  })
}

export interface UnsubscribeView {
  event: string
  name: string
  locale: 'fr' | 'en'
  isMandatory: boolean
  isSubscribed: boolean
}
export const useUnsubscribe = (token: string) =>
  useQuery({
    queryKey: ['unsubscribe', token],
    queryFn: () => call<UnsubscribeView>(`/unsubscribe/${encodeURIComponent(token)}`),
    retry: false,
  })
export function useChangeSubscription(token: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (isSubscribed: boolean) =>
      call<UnsubscribeView>(`/unsubscribe/${encodeURIComponent(token)}`, {
        method: 'POST',
        query: { subscribe: isSubscribed ? '1' : '0' },
        body: {},
      }),
    onSuccess: (found) => client.setQueryData(['unsubscribe', token], found),
  })
}

export interface TemplatePreview {
  subject: string
  text: string
  html: string | null
  isMandatory: boolean
  unknown: { name: string; line: number }[]
}
export interface TemplateAsked {
  name: string
  draft?: { locale: 'fr' | 'en'; source: string }
  ticket?: string
}
export const useTemplatePreview = (asked: TemplateAsked) =>
  useQuery({
    queryKey: ['templatePreview', asked],
    queryFn: ({ signal }) =>
      call<Record<'fr' | 'en', TemplatePreview | null>>('/templates/preview', { method: 'POST', body: asked, signal }),
    retry: false,
    staleTime: 30_000,
    placeholderData: (before) => before,
  })
export const useTestSend = () =>
  useMutation({
    mutationFn: (asked: TemplateAsked & { locale: 'fr' | 'en'; to?: string }) =>
      call<{ to: string; subject: string }>('/templates/test', { method: 'POST', body: asked, idempotencyKey: newIdempotencyKey() }),
  })

export interface MailFilter {
  state?: string
  reason?: string
  q?: string
}
export const useSendLog = (filter: MailFilter) =>
  useInfiniteQuery({
    queryKey: ['mail', filter],
    queryFn: ({ pageParam }) => call<PageOf<MailView>>('/mail', { query: { ...filter, cursor: pageParam, limit: 50 } }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
  })
export function useRetryMail() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => call<void>(`/mail/${encodeURIComponent(id)}/retry`, { method: 'POST' }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['mail'] }),
  })
}

export interface BlockedAddress {
  address: string
  hardBounces: number
  lastReason: string | null
  blockedAt: string
}
export const useBlockedAddresses = () =>
  useQuery({ queryKey: ['blockedAddresses'], queryFn: async () => (await call<PageOf<BlockedAddress>>('/mail-addresses/blocked')).items })
export function useUnblockAddress() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (blocked: string) => call<void>('/mail-addresses/unblock', { method: 'POST', body: { address: blocked } }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['blockedAddresses'] }),
  })
}
