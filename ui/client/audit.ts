/** The ledger and the figures made of it. */
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import type { FactView, FiguresAnswer, LedgerReport } from '#schema/view'
import { call } from './http.ts'
import type { PageOf } from './types.ts'

export interface LedgerQuery {
  streamId?: string
  type?: string
  actorId?: string
  from?: string
  to?: string
}
export interface FiguresQuery {
  from?: string
  to?: string
  source?: 'all' | 'live' | 'imported'
}
/** A ledger fact says its stream as well. */
export type LedgerFact = FactView & { streamId: string; ticketNumber?: string | null }

export const verifyLedger = (): Promise<LedgerReport> => call('/ledger/verify')
export const listLedgerFacts = (query: LedgerQuery, cursor?: string | null): Promise<PageOf<LedgerFact>> =>
  call('/ledger/facts', { query: { ...query, cursor, limit: 100 } })
export const getFigures = (query: FiguresQuery): Promise<FiguresAnswer> => call('/figures', { query: { ...query } })

/** Verification reads the whole ledger: run it when asked (`refetch`), keep the last report. */
export const useLedgerReport = () =>
  useQuery({ queryKey: ['ledger', 'verify'], queryFn: verifyLedger, enabled: false, staleTime: Number.POSITIVE_INFINITY, retry: false })
export const useLedgerFacts = (query: LedgerQuery) =>
  useInfiniteQuery({
    queryKey: ['ledger', 'facts', query],
    queryFn: ({ pageParam }) => listLedgerFacts(query, pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
  })
export const useFigures = (query: FiguresQuery) =>
  useQuery({
    queryKey: ['figures', query, document.documentElement.lang],
    queryFn: () => getFigures(query),
    placeholderData: keepPreviousData,
  })
