/** Jobs of the customer's own workers. */
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import type { JobState, JobView } from '#schema/job'
import { call } from './http.ts'
import type { PageOf } from './types.ts'

export interface JobType {
  type: string
  waiting: number
  locked: number
  oldestAt: string
}
export interface JobFilter {
  state?: JobState
  type?: string
}

/** Workers are programs: no page of ours hears of what they do, so it is asked again. */
const askAgainMs = 5_000

export const useJobTypes = () =>
  useQuery({
    queryKey: ['jobs', 'types'],
    queryFn: () => call<{ items: JobType[] }>('/jobs/types'),
    select: ({ items }) => items,
    refetchInterval: askAgainMs,
  })
export const useJobs = (filter: JobFilter) =>
  useInfiniteQuery({
    queryKey: ['jobs', 'list', filter],
    queryFn: ({ pageParam }) => call<PageOf<JobView>>('/jobs', { query: { ...filter, cursor: pageParam, limit: 50 } }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    refetchInterval: askAgainMs,
  })
