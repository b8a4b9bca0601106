import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { Role } from '#schema/role'
import type { PersonView } from '#schema/view'
import { call, isProblem } from './http.ts'
import type { Health } from './types.ts'

export const getHealth = (signal?: AbortSignal): Promise<Health> => call('/health', { ...(signal ? { signal } : {}) })
/** The signed-in person, or null when nobody is. */
export async function getSession(signal?: AbortSignal): Promise<PersonView | null> {
  try {
    return await call<PersonView>('/session', { ...(signal ? { signal } : {}) })
  } catch (error) {
    if (isProblem(error) && error.status === 401) return null
    throw error
  }
}
export const signIn = (email: string, password: string): Promise<unknown> =>
  call('/api/auth/sign-in/email', { method: 'POST', body: { email, password } })
export const signOut = (): Promise<unknown> => call('/api/auth/sign-out', { method: 'POST', body: {} })
export const patchSession = (change: { locale: 'fr' | 'en' }): Promise<unknown> => call('/session', { method: 'PATCH', body: change })

export const healthQuery = queryOptions({ queryKey: ['health'], queryFn: ({ signal }) => getHealth(signal), staleTime: 60_000 })
export const sessionQuery = queryOptions({ queryKey: ['session'], queryFn: ({ signal }) => getSession(signal), staleTime: 60_000 })

export const useHealth = () => useQuery(healthQuery)
export const useSession = () => useQuery(sessionQuery)
/** The signed-in person; only inside the signed-in part of the router. Throws when there is none. */
export function usePerson(): PersonView {
  const { data } = useSession()
  if (!data) throw new Error('expected a signed-in person, found none')
  return data
}
export const hasRole = (person: Pick<PersonView, 'roles'> | null | undefined, ...roles: Role[]): boolean =>
  roles.some((role) => person?.roles.includes(role) ?? false)

const rank: Role[] = ['administrator', 'processOwner', 'auditor', 'agent', 'requester', 'worker']
/** The role that says most about a person, for a line under the name. */
export const mainRole = (roles: readonly Role[]): Role => rank.find((role) => roles.includes(role)) ?? 'requester'

export function useSignIn() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (input: { email: string; password: string }) => signIn(input.email, input.password),
    onSuccess: async () => {
      client.clear()
      await client.fetchQuery(sessionQuery)
    },
  })
}
/** Leave the page by a full load afterwards: nothing of the person stays in memory. */
export const useSignOut = () => useMutation({ mutationFn: signOut })
export const usePatchSession = () => useMutation({ mutationFn: patchSession })
