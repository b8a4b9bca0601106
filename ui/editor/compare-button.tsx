import { Button, Tooltip } from '@mantine/core'
import { IconScale } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import { useCompare } from '../client/service-levels.ts'
import { useText } from '../i18n/index.ts'
import { notifyProblem } from '../templates/index.ts'

/** Shows what the text on the screen would change for open tickets, deployed or not. */
export function CompareButton({ kind, id, draft }: { kind: 'sla' | 'calendar'; id: string; draft: string | null }) {
  const { t } = useText()
  const compare = useCompare()
  const navigate = useNavigate()
  const submit = () =>
    compare.mutate(
      { scope: { kind, id }, ...(draft === null ? {} : { draft }) },
      { onError: (error) => notifyProblem(error, t), onSuccess: () => void navigate({ to: '/service-levels' }) },
    )
  return (
    <Tooltip label={t('levels.compare.draft.hint')}>
      <Button variant="default" leftSection={<IconScale size={16} />} loading={compare.isPending} onClick={submit}>
        {t('levels.compare.draft')}
      </Button>
    </Tooltip>
  )
}
