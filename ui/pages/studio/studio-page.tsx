import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import { getDefinition, hasRole, usePerson } from '../../client/index.ts'
import { PageFailure, PageSkeleton } from '../../templates/index.ts'

/** The editors are the heaviest part of the UI: each comes when first opened. */
const ProcessEditor = lazy(() => import('../../editor/process-editor.tsx'))
const SourceEditor = lazy(() => import('../../editor/source-editor.tsx'))

/** One definition: its diagram or its text, with its versions. */
export function StudioPage() {
  const { kind, id } = useParams({ from: '/app/studio/$kind/$id' })
  return <Definition key={`${kind} ${id}`} kind={kind} id={id} />
}

function Definition({ kind, id }: { kind: string; id: string }) {
  const person = usePerson()
  // `round` starts the editor anew after a deployment, and only then: what another person deploys meanwhile must not take the drawing away.
  const [shown, setShown] = useState<{ version: number | undefined; round: number }>({ version: undefined, round: 0 })
  const definition = useQuery({
    queryKey: ['definition', kind, id, shown.version ?? 'latest'],
    queryFn: () => getDefinition(kind, id, shown.version),
    placeholderData: keepPreviousData,
    refetchOnWindowFocus: false,
  })
  if (definition.isError) return <PageFailure error={definition.error} onRetry={() => void definition.refetch()} />
  if (definition.isPending || definition.isPlaceholderData) return <PageSkeleton />
  const Editor = kind === 'process' ? ProcessEditor : SourceEditor
  const show = (version: number) =>
    setShown((old) => ({
      ...old,
      version: version === Math.max(...definition.data.versions.map((found) => found.version)) ? undefined : version,
    }))
  return (
    <Suspense fallback={<PageSkeleton />}>
      <Editor
        key={`${shown.version ?? 'latest'} ${shown.round}`}
        definition={definition.data}
        mayDeploy={hasRole(person, 'processOwner', 'administrator')}
        onVersion={show}
        onDeployed={() => setShown((old) => ({ version: undefined, round: old.round + 1 }))}
      />
    </Suspense>
  )
}
