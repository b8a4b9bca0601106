import type { ReactNode } from 'react'
import { EmptyState, type EmptyStateProps, ErrorState, ListSkeleton } from './states.tsx'

/** What a list’s query answers with; `data` is absent while it waits or was refused. */
export interface ListQuery<Item> {
  data: readonly Item[] | undefined
  error: unknown
  isPending: boolean
  refetch: () => unknown
}

interface ListStatesProps<Item> {
  list: ListQuery<Item>
  empty: EmptyStateProps
  skeletonRows?: number
  children: (items: readonly Item[]) => ReactNode
}

/** A list, or what stands in its place: on its way, refused, empty. */
export function ListStates<Item>({ list, empty, skeletonRows, children }: ListStatesProps<Item>) {
  if (list.isPending) return <ListSkeleton {...(skeletonRows === undefined ? {} : { rows: skeletonRows })} />
  if (list.error) return <ErrorState error={list.error} onRetry={() => void list.refetch()} />
  if (!list.data || list.data.length === 0) return <EmptyState {...empty} />
  return children(list.data)
}
