/** Tasks, interactions, forms, choices and surveys: what people work with beside the ticket itself. */
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { Form } from '#schema/form'
import type { TaskView } from '#schema/view'
import { call, newIdempotencyKey } from './http.ts'
import type { SurveyAnswer } from './tickets.ts'
import type { Choice, InteractionAnswer, InteractionDraft, InteractionRow, OptionsView, PageOf, SurveyInvitation } from './types.ts'

export type TaskRow = TaskView & { number?: string; ticketNumber?: string; title?: string; ticketTitle?: string; priority?: number | null }

export const listTasks = (view: 'mine' | 'group', cursor?: string | null): Promise<PageOf<TaskRow>> =>
  call('/tasks', { query: { view, cursor, limit: 50 } })
export const postInteraction = (draft: InteractionDraft, idempotencyKey: string): Promise<InteractionAnswer> =>
  call('/interactions', { method: 'POST', body: draft, idempotencyKey })
export const listInteractions = (cursor?: string | null): Promise<PageOf<InteractionRow>> =>
  call('/interactions', { query: { cursor, limit: 50 } })
export const getForm = (id: string): Promise<Form> => call(`/forms/${encodeURIComponent(id)}`)
type RawChoice = string | { id?: string; value?: string; name?: string; label?: string }
const choice = (raw: RawChoice): Choice =>
  typeof raw === 'string'
    ? { value: raw, label: raw }
    : { value: raw.value ?? raw.id ?? '', label: raw.label ?? raw.name ?? raw.value ?? raw.id ?? '' }
export async function getOptions(): Promise<OptionsView> {
  const found = await call<{ services?: RawChoice[]; categories?: RawChoice[] }>('/options')
  return { services: (found.services ?? []).map(choice), categories: (found.categories ?? []).map(choice) }
}
export const getSurvey = (token: string): Promise<SurveyInvitation> => call(`/survey/${encodeURIComponent(token)}`)
export const answerSurvey = (token: string, answer: SurveyAnswer): Promise<unknown> =>
  call(`/survey/${encodeURIComponent(token)}`, { method: 'POST', body: answer })

export const useTasks = (view: 'mine' | 'group') =>
  useInfiniteQuery({
    queryKey: ['tasks', view],
    queryFn: ({ pageParam }) => listTasks(view, pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
  })
export const useInteractions = () =>
  useInfiniteQuery({
    queryKey: ['interactions'],
    queryFn: ({ pageParam }) => listInteractions(pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
  })
export const useForm = (id: string) => useQuery({ queryKey: ['form', id], queryFn: () => getForm(id), staleTime: 300_000 })
export const useOptions = (isWanted = true) =>
  useQuery({ queryKey: ['options'], queryFn: getOptions, staleTime: 300_000, enabled: isWanted })
export const useSurvey = (token: string) => useQuery({ queryKey: ['survey', token], queryFn: () => getSurvey(token), retry: false })
export const useAnswerSurvey = (token: string) => useMutation({ mutationFn: (answer: SurveyAnswer) => answerSurvey(token, answer) })
export function useReport() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (input: { draft: InteractionDraft; idempotencyKey?: string }) =>
      postInteraction(input.draft, input.idempotencyKey ?? newIdempotencyKey()),
    onSuccess: () => client.invalidateQueries({ queryKey: ['tickets'] }),
  })
}
