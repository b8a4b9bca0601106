/** How access is set up: the systems that deliver, and job profiles. */
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { ConnectorAttempt, ConnectorView, ProfilePreview, ProfileView } from '#schema/access'
import { call, newIdempotencyKey } from './http.ts'
import type { PageOf } from './types.ts'

const id = encodeURIComponent
const post = <T>(path: string, body: unknown): Promise<T> => call<T>(path, { method: 'POST', body, idempotencyKey: newIdempotencyKey() })

/** A write; everything about access is read anew, what was refused included: a trial that failed is in the log. */
function useAccessSetup<Input, Answer>(send: (input: Input) => Promise<Answer>) {
  const client = useQueryClient()
  return useMutation({ mutationFn: send, onSettled: () => client.invalidateQueries({ queryKey: ['access'] }) })
}

export interface ConnectorDraft {
  id: string
  kind: ConnectorView['kind']
  name: string
  url: string | null
  isFailing: boolean
}
export const useSaveConnector = () =>
  useAccessSetup(({ id: connectorId, kind, name, url, isFailing }: ConnectorDraft) =>
    post<ConnectorView>(`/access/connectors/${id(connectorId)}`, { kind, name, url, isFailing }),
  )
export const useNewSecret = () =>
  useAccessSetup((connectorId: string) => post<{ secret: string }>(`/access/connectors/${id(connectorId)}/secret`, {}))
export const useTryConnector = () =>
  useAccessSetup((connectorId: string) =>
    post<{ isDone: boolean; reference: string; error: string }>(`/access/connectors/${id(connectorId)}/test`, {}),
  )
export const useConnectorLog = (connectorId: string) =>
  useInfiniteQuery({
    queryKey: ['access', 'attempts', connectorId],
    queryFn: ({ pageParam }) =>
      call<PageOf<ConnectorAttempt>>(`/access/connectors/${id(connectorId)}/attempts`, { query: { cursor: pageParam, limit: 20 } }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
  })

export const useProfiles = () =>
  useQuery({ queryKey: ['access', 'profiles'], queryFn: async () => (await call<PageOf<ProfileView>>('/access/profiles')).items })
export const useSaveProfile = () =>
  useAccessSetup(({ id: profileId, ...body }: { id: string; nameFr: string; nameEn: string; entitlementIds: string[] }) =>
    post<ProfileView>(`/access/profiles/${id(profileId)}`, body),
  )
/** Nothing is done by it. */
export const useProfilePreview = (entitlementIds: string[], personId: string | null) =>
  useQuery({
    queryKey: ['access', 'preview', entitlementIds, personId],
    queryFn: () => post<ProfilePreview>('/access/profile-preview', { entitlementIds, personId }),
    placeholderData: (old) => old,
    retry: false,
  })
