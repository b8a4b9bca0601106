/** Definitions of the studio: processes, decisions, forms, policies; their checks and deployments. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { DefinitionRow, DefinitionView, DiagnosticView } from '#schema/view'
import { call, newIdempotencyKey } from './http.ts'
import type { PageOf } from './types.ts'

export type DefinitionKind = DefinitionRow['kind']
const at = (kind: string, id: string): string => `/definitions/${encodeURIComponent(kind)}/${encodeURIComponent(id)}`

export async function listDefinitions(kind?: DefinitionKind): Promise<DefinitionRow[]> {
  const found = await call<PageOf<DefinitionRow> | DefinitionRow[]>('/definitions', { query: { kind, limit: 200 } })
  return Array.isArray(found) ? found : found.items
}
export const getDefinition = (kind: string, id: string, version?: number): Promise<DefinitionView> =>
  call(at(kind, id), { query: { version } })
export const checkDefinition = (kind: string, source: string): Promise<{ diagnostics: DiagnosticView[] }> =>
  call(`/definitions/${encodeURIComponent(kind)}/check`, { method: 'POST', body: { source } })
/** A process of another engine in the dialect of this one; of this one already: as it is. */
export const importProcess = (source: string): Promise<{ source: string; isForeign: boolean; diagnostics: DiagnosticView[] }> =>
  call('/definitions/process/import', { method: 'POST', body: { source } })
export interface Deployment {
  source: string
  note: string
  /** The version that the author started from; 409 when another one was deployed since. */
  baseVersion: number | null
}
export const deployDefinition = (
  kind: string,
  id: string,
  deployment: Deployment,
): Promise<{ version: number; diagnostics: DiagnosticView[] }> =>
  call(at(kind, id), { method: 'POST', body: deployment, idempotencyKey: newIdempotencyKey() })

export const useDefinitions = (kind?: DefinitionKind) =>
  useQuery({ queryKey: ['definitions', kind ?? 'all'], queryFn: () => listDefinitions(kind) })
export const useDefinition = (kind: string, id: string, version?: number) =>
  useQuery({ queryKey: ['definition', kind, id, version ?? 'latest'], queryFn: () => getDefinition(kind, id, version) })
export const useCheckDefinition = (kind: string) => useMutation({ mutationFn: (source: string) => checkDefinition(kind, source) })
export function useDeployDefinition(kind: string, id: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (deployment: Deployment) => deployDefinition(kind, id, deployment),
    onSuccess: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: ['definitions'] }),
        client.invalidateQueries({ queryKey: ['definition', kind, id] }),
      ]),
  })
}
