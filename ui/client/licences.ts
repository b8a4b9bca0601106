/** What licences and contracts ask by themselves. */
import { useQuery } from '@tanstack/react-query'
import type { LicenceSeatsView, RecordQuestionView } from '#schema/licence-view'
import { call } from './http.ts'
import type { PageOf } from './types.ts'

const at = (path: string, id: string, what: string): string => `/records/${path}/${encodeURIComponent(id)}/${what}`

export const useRecordQuestions = (path: string, id: string) =>
  useQuery({
    queryKey: ['records', path, id, 'questions'],
    queryFn: async (): Promise<RecordQuestionView[]> => (await call<PageOf<RecordQuestionView>>(at(path, id, 'questions'))).items,
  })
export const useLicenceSeats = (id: string) =>
  useQuery({
    queryKey: ['records', 'licences', id, 'seats'],
    queryFn: (): Promise<LicenceSeatsView> => call(at('licences', id, 'seats')),
  })
