import { keepPreviousData, queryOptions, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { Variables } from '#schema/json'
import type { TicketFields } from '#schema/ticket'
import type { DiagramView, FactView, MessageView, TicketRow, TicketView } from '#schema/view'
import { address, call, newIdempotencyKey } from './http.ts'
import type { AttachmentRow, PageOf, TicketQuery } from './types.ts'

const at = (id: string): string => `/tickets/${encodeURIComponent(id)}`

export const listTickets = (query: TicketQuery, cursor?: string | null, signal?: AbortSignal): Promise<PageOf<TicketRow>> =>
  call('/tickets', { query: { limit: 50, ...query, cursor }, ...(signal ? { signal } : {}) })
export const getTicket = (id: string, signal?: AbortSignal): Promise<TicketView> => call(at(id), { ...(signal ? { signal } : {}) })
export const patchTicket = (id: string, fields: Partial<TicketFields>): Promise<unknown> =>
  call(at(id), { method: 'PATCH', body: { fields } })
export const listMessages = (id: string): Promise<PageOf<MessageView> | MessageView[]> => call(`${at(id)}/messages`)
export interface MessageDraft {
  text: string
  visibility: 'public' | 'internal'
  attachmentIds?: string[]
}
export const postMessage = (id: string, draft: MessageDraft, idempotencyKey: string): Promise<unknown> =>
  call(`${at(id)}/messages`, { method: 'POST', body: draft, idempotencyKey })
export function uploadAttachment(file: File): Promise<AttachmentRow> {
  const body = new FormData()
  body.append('file', file, file.name)
  return call('/attachments', { method: 'POST', body })
}
export const attachmentAddress = (id: string): string => address(`/attachments/${encodeURIComponent(id)}`)
export const exportAddress = (id: string, format: 'csv' | 'json'): string => address(`${at(id)}/export`, { format })
export const listFacts = (id: string, cursor?: string | null): Promise<PageOf<FactView>> =>
  call(`${at(id)}/facts`, { query: { cursor, limit: 200 } })
export const getDiagram = (id: string): Promise<DiagramView> => call(`${at(id)}/diagram`)
export type TicketActionName = 'confirm' | 'reopen' | 'cancel' | 'retry' | 'escalate'
export const actOnTicket = (
  id: string,
  name: TicketActionName,
  body: Record<string, unknown> = {},
): Promise<{ opened?: { number: string } }> =>
  call(`${at(id)}/actions/${name}`, { method: 'POST', body, idempotencyKey: newIdempotencyKey() })
export interface SurveyAnswer {
  score: number
  comment: string
}
export const answerTicketSurvey = (id: string, answer: SurveyAnswer): Promise<unknown> =>
  call(`${at(id)}/survey`, { method: 'POST', body: answer })
export type TaskActionName = 'claim' | 'release' | 'complete'
export const actOnTask = (
  ticketId: string,
  waitId: string,
  name: TaskActionName,
  body: { assigneeId?: string; values?: Variables } = {},
): Promise<unknown> =>
  call(`${at(ticketId)}/tasks/${encodeURIComponent(waitId)}/${name}`, { method: 'POST', body, idempotencyKey: newIdempotencyKey() })

export const ticketQuery = (id: string) => queryOptions({ queryKey: ['ticket', id], queryFn: ({ signal }) => getTicket(id, signal) })
export const useTicket = (id: string) => useQuery(ticketQuery(id))
export const useTickets = (query: TicketQuery) =>
  useInfiniteQuery({
    queryKey: ['tickets', query],
    queryFn: ({ pageParam, signal }) => listTickets(query, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
  })
/** How many tickets a view holds: null where the API gives no total. */
export const useTicketCount = (query: TicketQuery) =>
  useQuery({
    queryKey: ['tickets', 'count', query],
    queryFn: async ({ signal }) => (await listTickets({ ...query, limit: 1 }, null, signal)).total ?? null,
    staleTime: 30_000,
  })
export const useMessages = (id: string) =>
  useQuery({
    queryKey: ['ticket', id, 'messages'],
    queryFn: async () => {
      const found = await listMessages(id)
      return Array.isArray(found) ? found : found.items
    },
  })
export const useFacts = (id: string) =>
  useInfiniteQuery({
    queryKey: ['ticket', id, 'facts'],
    queryFn: ({ pageParam }) => listFacts(id, pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
  })
export const useDiagram = (id: string) => useQuery({ queryKey: ['ticket', id, 'diagram'], queryFn: () => getDiagram(id) })

/** After a person's own write the ticket, the lists and the tasks are asked again at once (the API answers with its own write visible). */
function useTicketMutation<Input, Answer>(id: string, mutationFn: (input: Input) => Promise<Answer>) {
  const client = useQueryClient()
  return useMutation({
    mutationFn,
    onSettled: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: ['ticket', id] }),
        client.invalidateQueries({ queryKey: ['tickets'] }),
        client.invalidateQueries({ queryKey: ['tasks'] }),
      ]),
  })
}
export const usePatchTicket = (id: string) => useTicketMutation(id, (fields: Partial<TicketFields>) => patchTicket(id, fields))
export const usePostMessage = (id: string) => useTicketMutation(id, (draft: MessageDraft) => postMessage(id, draft, newIdempotencyKey()))
export const useTicketAction = (id: string) =>
  useTicketMutation(id, (input: { name: TicketActionName; body?: Record<string, unknown> }) => actOnTicket(id, input.name, input.body))
export const useTaskAction = (id: string) =>
  useTicketMutation(id, (input: { waitId: string; name: TaskActionName; assigneeId?: string; values?: Variables }) => {
    const { waitId, name, assigneeId, values } = input
    return actOnTask(id, waitId, name, { ...(assigneeId === undefined ? {} : { assigneeId }), ...(values === undefined ? {} : { values }) })
  })
export const useTicketSurvey = (id: string) => useTicketMutation(id, (answer: SurveyAnswer) => answerTicketSurvey(id, answer))
export const useUpload = () => useMutation({ mutationFn: uploadAttachment })
