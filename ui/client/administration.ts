/** People, groups, API keys, and the mail that was refused. */
import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { Role } from '#schema/role'
import type { GroupView, PersonView } from '#schema/view'
import { call } from './http.ts'
import type { ApiKeyView, PageOf, RejectedMailView } from './types.ts'

const items = <T>(found: PageOf<T> | T[]): T[] => (Array.isArray(found) ? found : found.items)

export const listPeople = (q: string, cursor?: string | null, limit = 50): Promise<PageOf<PersonView> | PersonView[]> =>
  call('/people', { query: { q, cursor, limit } })
export interface PersonDraft {
  name: string
  email: string
  password?: string
  locale: 'fr' | 'en'
  roles: Role[]
  groups: string[]
  isVip?: boolean
}
export const createPerson = (draft: PersonDraft): Promise<PersonView> => call('/people', { method: 'POST', body: draft })
export const listGroups = async (): Promise<GroupView[]> =>
  items(await call<PageOf<GroupView> | GroupView[]>('/groups', { query: { limit: 200 } }))
export const listApiKeys = async (): Promise<ApiKeyView[]> => items(await call<PageOf<ApiKeyView> | ApiKeyView[]>('/api-keys'))
export interface ApiKeyDraft {
  name: string
  personId?: string
  expiresInDays?: number
  deskId?: string
}
/** The secret is in this answer and nowhere afterwards. */
export const createApiKey = (draft: ApiKeyDraft): Promise<ApiKeyView & { key: string }> =>
  call('/api-keys', { method: 'POST', body: draft })
export const deleteApiKey = (id: string): Promise<unknown> => call(`/api-keys/${encodeURIComponent(id)}`, { method: 'DELETE' })
export const listRejectedMail = (cursor?: string | null): Promise<PageOf<RejectedMailView>> =>
  call('/rejected-mail', { query: { cursor, limit: 50 } })

export const usePeople = (q: string, isWanted = true) =>
  useQuery({
    queryKey: ['people', q],
    queryFn: async () => items(await listPeople(q, null, 100)),
    placeholderData: keepPreviousData,
    enabled: isWanted,
  })
export const useGroups = (isWanted = true) => useQuery({ queryKey: ['groups'], queryFn: listGroups, staleTime: 120_000, enabled: isWanted })
export const useApiKeys = () => useQuery({ queryKey: ['apiKeys'], queryFn: listApiKeys })
export function useCreatePerson() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: createPerson,
    onSuccess: () => Promise.all([client.invalidateQueries({ queryKey: ['people'] }), client.invalidateQueries({ queryKey: ['groups'] })]),
  })
}
export function useCreateApiKey() {
  const client = useQueryClient()
  return useMutation({ mutationFn: createApiKey, onSuccess: () => client.invalidateQueries({ queryKey: ['apiKeys'] }) })
}
export function useDeleteApiKey() {
  const client = useQueryClient()
  return useMutation({ mutationFn: deleteApiKey, onSuccess: () => client.invalidateQueries({ queryKey: ['apiKeys'] }) })
}
export const useRejectedMail = () =>
  useInfiniteQuery({
    queryKey: ['rejectedMail'],
    queryFn: ({ pageParam }) => listRejectedMail(pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
  })
