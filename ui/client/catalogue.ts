/** The catalogue, orders and requests; access rights and their reviews. */
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { CampaignView, ConnectorView, EntitlementView, GrantView, ReviewItemView } from '#schema/access'
import type { Form } from '#schema/form'
import type { CartLine, CatalogueCard, OrderView, RequestView } from '#schema/request'
import { call, newIdempotencyKey, type Query } from './http.ts'
import type { PageOf, PersonRefView } from './types.ts'

const id = encodeURIComponent
const listOf = async <T>(path: string, query: Query = {}): Promise<T[]> => (await call<PageOf<T>>(path, { query })).items

export interface OrderDraft {
  lines: CartLine[]
  requesterId?: string
  notes: string
}
export interface ItemPage {
  item: CatalogueCard
  form: Form | null
}

export const useCatalogue = (q: string) =>
  useQuery({ queryKey: ['catalogue', q], queryFn: () => listOf<CatalogueCard>('/catalogue', { q }), placeholderData: (old) => old })
export const useCatalogueItem = (itemId: string) =>
  useQuery({ queryKey: ['catalogueItem', itemId], queryFn: () => call<ItemPage>(`/catalogue/items/${id(itemId)}`) })
export const useChoicesOfDesk = (isWanted = true) =>
  useQuery({
    queryKey: ['catalogueChoices'],
    queryFn: () => call<{ people: PersonRefView[]; profiles: PersonRefView[] }>('/catalogue/choices'),
    staleTime: 300_000,
    enabled: isWanted,
  })
export const useOrders = () =>
  useInfiniteQuery({
    queryKey: ['orders'],
    queryFn: ({ pageParam }) => call<PageOf<OrderView>>('/catalogue/orders', { query: { cursor: pageParam, limit: 20 } }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
  })
export function useSubmitOrder() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ draft, idempotencyKey }: { draft: OrderDraft; idempotencyKey: string }) =>
      call<OrderView>('/catalogue/orders', { method: 'POST', body: draft, idempotencyKey }),
    onSuccess: () => Promise.all([client.invalidateQueries({ queryKey: ['orders'] }), client.invalidateQueries({ queryKey: ['tickets'] })]),
  })
}
/** Under the ticket's own key, so that what moves the ticket refreshes it too. */
export const useRequest = (ticketId: string, isWanted = true) =>
  useQuery({
    queryKey: ['ticket', ticketId, 'request'],
    queryFn: () => call<RequestView>(`/tickets/${id(ticketId)}/request`),
    enabled: isWanted,
    retry: false,
  })

export const useMyAccess = () => useQuery({ queryKey: ['access', 'mine'], queryFn: () => listOf<GrantView>('/access/mine') })
export const useEntitlements = () =>
  useQuery({ queryKey: ['access', 'entitlements'], queryFn: () => listOf<EntitlementView>('/access/entitlements') })
export const useConnectors = () =>
  useQuery({ queryKey: ['access', 'connectors'], queryFn: () => listOf<ConnectorView>('/access/connectors') })
export const useGrants = (query: Query) =>
  useInfiniteQuery({
    queryKey: ['access', 'grants', query],
    queryFn: ({ pageParam }) => call<PageOf<GrantView>>('/access/grants', { query: { ...query, cursor: pageParam, limit: 50 } }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
  })
export const useCampaigns = () => useQuery({ queryKey: ['access', 'campaigns'], queryFn: () => listOf<CampaignView>('/access/campaigns') })
export const useCampaign = (campaignId: string) =>
  useQuery({
    queryKey: ['access', 'campaign', campaignId],
    queryFn: () => call<{ campaign: CampaignView; items: ReviewItemView[] }>(`/access/campaigns/${id(campaignId)}`),
  })
export const useReviews = () => useQuery({ queryKey: ['access', 'reviews'], queryFn: () => listOf<ReviewItemView>('/access/reviews') })

/** A write to the register; everything about access is read anew. */
function useAccessWrite<T>(send: (input: T) => Promise<unknown>) {
  const client = useQueryClient()
  return useMutation({ mutationFn: send, onSuccess: () => client.invalidateQueries({ queryKey: ['access'] }) })
}
const post = (path: string, body: unknown): Promise<unknown> => call(path, { method: 'POST', body, idempotencyKey: newIdempotencyKey() })

export const useRevoke = () =>
  useAccessWrite((input: { grantId: string; reason: string }) => post(`/access/grants/${input.grantId}/revoke`, { reason: input.reason }))
export const useExtend = () =>
  useAccessWrite(({ grantId, ...body }: { grantId: string; expiresAt: string; reason: string }) =>
    post(`/access/grants/${grantId}/extension`, body),
  )
export const useDecideReview = () =>
  useAccessWrite(
    ({ campaignId, grantId, ...body }: { campaignId: string; grantId: string; decision: 'keep' | 'revoke'; comment: string }) =>
      post(`/access/campaigns/${campaignId}/grants/${grantId}`, body),
  )
export interface CampaignDraft {
  name: string
  entitlementIds: string[]
  dueAt: string
  graceDays: number
  unanswered: 'revoke' | 'keep'
}
export const useStartCampaign = () => useAccessWrite((draft: CampaignDraft) => post('/access/campaigns', draft))
export const useSaveEntitlement = () =>
  useAccessWrite(({ id: entitlementId, ...body }: Record<string, unknown> & { id: string }) =>
    post(`/access/entitlements/${id(entitlementId)}`, body),
  )
