import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query'
import { isProblem } from './http.ts'

/** Refusals of a person's rights or of a place that is not there are not worth asking again. */
const retry = (count: number, error: unknown): boolean => count < 2 && (!isProblem(error) || error.status === 0 || error.status >= 500)

/** A session that ended while the page was open: sign in again and come back; drafts wait in the tab. */
function onError(error: unknown): void {
  if (!isProblem(error) || error.status !== 401) return
  const { pathname, search } = window.location
  if (pathname === '/sign-in' || pathname.startsWith('/survey/')) return
  window.location.assign(`/sign-in?next=${encodeURIComponent(pathname + search)}`)
}

export const queryClient = new QueryClient({
  queryCache: new QueryCache({ onError }),
  mutationCache: new MutationCache({ onError }),
  defaultOptions: { queries: { retry, staleTime: 15_000, refetchOnWindowFocus: true }, mutations: { retry: false } },
})
