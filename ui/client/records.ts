/** Records of the register: any noun, by its path. */
import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { Noun } from '#schema/noun'
import { nounOf } from '#schema/nouns'
import type { OnCallView } from '#schema/on-call-view'
import type { ImpactItemView, ImportReport, RecordChangeView, RecordView } from '#schema/record'
import type { TicketRow } from '#schema/view'
import { listDefinitions } from './definitions.ts'
import { call, newIdempotencyKey, type Query } from './http.ts'
import type { Choice, PageOf } from './types.ts'

const at = (path: string, id?: string): string => `/records/${path}${id === undefined ? '' : `/${encodeURIComponent(id)}`}`
export type Values = RecordView['values']

export const listRecords = (path: string, query: Query, cursor?: string | null): Promise<PageOf<RecordView>> =>
  call(at(path), { query: { limit: 50, ...query, cursor } })
export const getRecord = (path: string, id: string): Promise<RecordView> => call(at(path, id))

export const useRecords = (path: string, query: Query, isWanted = true) =>
  useInfiniteQuery({
    queryKey: ['records', path, 'list', query],
    queryFn: ({ pageParam }) => listRecords(path, query, pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
    enabled: isWanted,
  })
export const useRecord = (path: string, id: string, isWanted = true) =>
  useQuery({ queryKey: ['records', path, id], queryFn: () => getRecord(path, id), enabled: isWanted })
export const useRecordHistory = (path: string, id: string) =>
  useInfiniteQuery({
    queryKey: ['records', path, id, 'history'],
    queryFn: ({ pageParam }): Promise<PageOf<RecordChangeView>> =>
      call(`${at(path, id)}/history`, { query: { limit: 30, cursor: pageParam } }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
  })

/** A list changes with what it refers to: all records are asked again. */
function useRecordMutation<Input>(mutationFn: (input: Input) => Promise<RecordView>) {
  const client = useQueryClient()
  return useMutation({
    mutationFn,
    onSuccess: () =>
      Promise.all(['records', 'people', 'groups', 'options', 'onCall'].map((key) => client.invalidateQueries({ queryKey: [key] }))),
  })
}
export const useSaveRecord = (path: string) =>
  useRecordMutation(({ id, version, values }: { id: string | null; version: number; values: Values }) =>
    id === null
      ? call<RecordView>(at(path), { method: 'POST', body: { values }, idempotencyKey: newIdempotencyKey() })
      : call<RecordView>(at(path, id), { method: 'PATCH', body: { version, values } }),
  )
export const useArchiveRecord = (path: string) =>
  useRecordMutation(({ id, version, isArchived }: { id: string; version: number; isArchived: boolean }) =>
    call<RecordView>(`${at(path, id)}/archive`, { method: 'POST', body: { version, isArchived } }),
  )

const codeOf = (noun: Noun, record: RecordView): string => {
  const code = record.values[noun.key[0] ?? '']
  return noun.key.length === 1 && typeof code === 'string' && code !== record.title ? code : ''
}

/** What a reference may be set to, by what is typed: records of a noun, or calendars. */
export const useReferenceChoices = (refersTo: string, q: string, isWanted: boolean) =>
  useQuery({
    queryKey: ['records', nounOf(refersTo)?.path ?? refersTo, 'choices', q],
    queryFn: async (): Promise<Choice[]> => {
      const noun = nounOf(refersTo)
      if (!noun) return (await listDefinitions('calendar')).map(({ id, name }) => ({ value: id, label: name }))
      const { items } = await listRecords(noun.path, { q, limit: 40 })
      return items.map((record) => {
        const code = codeOf(noun, record)
        return { value: record.id, label: code === '' ? record.title : `${record.title} (${code})` }
      })
    },
    placeholderData: keepPreviousData,
    enabled: isWanted,
    staleTime: 30_000,
  })

/** Configuration items that the caller may name in a ticket. */
export const useItemChoices = (q: string, isWanted: boolean) =>
  useQuery({
    queryKey: ['records', 'configuration-items', 'to-name', q],
    queryFn: async (): Promise<Choice[]> => (await call<PageOf<Choice>>('/configuration-items', { query: { q } })).items,
    placeholderData: keepPreviousData,
    enabled: isWanted,
    staleTime: 30_000,
  })

export interface Impact {
  upstream: ImpactItemView[]
  downstream: ImpactItemView[]
  isCut: boolean
  tickets: TicketRow[]
}
export const useImpact = (id: string, isWanted = true) =>
  useQuery({
    queryKey: ['records', 'configuration-items', id, 'impact'],
    queryFn: (): Promise<Impact> => call(`${at('configuration-items', id)}/impact`),
    enabled: isWanted,
  })

export const useOnCall = (from: string, days: number) =>
  useQuery({
    queryKey: ['onCall', from, days],
    queryFn: (): Promise<OnCallView> => call('/on-call', { query: { from, days } }),
    placeholderData: keepPreviousData,
  })

const base64 = async (file: Blob): Promise<string> =>
  new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.onload = () => resolve(String(reader.result).replace(/^data:[^,]*,/, ''))
    reader.onerror = () => reject(reader.error ?? new Error('expected a readable file'))
    reader.readAsDataURL(file)
  })
export interface ImportOrder {
  file: File
  isDryRun: boolean
  mapping: Record<string, string | null>
}
export function useImportRecords(path: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: async ({ file, isDryRun, mapping }: ImportOrder): Promise<ImportReport> =>
      call(`${at(path)}/import`, { method: 'POST', body: { content: await base64(file), isDryRun, mapping } }),
    onSuccess: ({ isDryRun }) => (isDryRun ? undefined : client.invalidateQueries({ queryKey: ['records'] })),
  })
}
