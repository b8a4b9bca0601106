import { QueryClient } from '@tanstack/react-query'
import { isProblem } from './http.ts'

/** Refusals of a person's rights or of a place that is not there are not worth asking again. */
const retry = (count: number, error: unknown): boolean => count < 2 && (!isProblem(error) || error.status === 0 || error.status >= 500)

export const queryClient = new QueryClient({
  defaultOptions: { queries: { retry, staleTime: 15_000, refetchOnWindowFocus: true }, mutations: { retry: false } },
})
