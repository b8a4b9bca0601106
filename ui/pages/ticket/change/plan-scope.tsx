import { Button, Modal, Stack } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { ChangeView } from '#schema/change-view'
import { useEditPlan } from '../../../client/changes.ts'
import { isProblem } from '../../../client/http.ts'
import { useText } from '../../../i18n/index.ts'
import { notifyDone, notifyProblem } from '../../../templates/notify.tsx'
import { ChangeSelect, CiSelect } from '../../changes/change-marks.tsx'

function ScopeForm({ change, onDone }: { change: ChangeView; onDone: () => void }) {
  const { t } = useText()
  const [ciIds, setCiIds] = useState(() => change.cis.map(({ id }) => id))
  const [dependsOn, setDependsOn] = useState(() => change.dependsOn.map(({ id }) => id))
  const [errors, setErrors] = useState<{ path: string; message: string }[]>([])
  const edit = useEditPlan(change.number)
  const errorAt = (field: string): string | undefined => errors.find(({ path }) => path.split('.')[0] === field)?.message
  const save = (): void =>
    edit.mutate(
      { ciIds, dependsOn },
      {
        onSuccess: () => {
          notifyDone(t('change.plan.saved'))
          onDone()
        },
        onError: (error) => {
          if (isProblem(error)) setErrors(error.problem.errors ?? [])
          notifyProblem(error, t)
        },
      },
    )
  return (
    <Stack gap="sm">
      <CiSelect
        label={t('change.form.cis')}
        description={t('change.form.cis.hint')}
        value={ciIds}
        onChange={setCiIds}
        known={change.cis}
        error={errorAt('ciIds')}
      />
      <ChangeSelect
        label={t('change.form.dependsOn')}
        description={t('change.form.dependsOn.hint')}
        value={dependsOn}
        onChange={(ids) => {
          setDependsOn(ids)
          setErrors([])
        }}
        known={change.dependsOn}
        except={change.id}
        error={errorAt('dependsOn')}
      />
      <Button loading={edit.isPending} onClick={save} style={{ alignSelf: 'flex-end' }}>
        {t('change.plan.save')}
      </Button>
    </Stack>
  )
}

/** What a change touches and what it waits for; edited until its work begins. */
export function PlanScope({ change }: { change: ChangeView }) {
  const { t } = useText()
  const [isOpen, modal] = useDisclosure(false)
  return (
    <>
      <dl className="properties">
        <div className="property">
          <dt>{t('change.plan.cis')}</dt>
          <dd>
            {change.cis.length === 0 ? <span className="change-dim">{t('change.plan.cis.none')}</span> : null}
            {change.cis.map(({ id, name }) => (
              <Link key={id} to="/register/$path/$id" params={{ path: 'configuration-items', id }} className="change-ci">
                {name}
              </Link>
            ))}
          </dd>
        </div>
        <div className="property">
          <dt>{t('change.plan.dependsOn')}</dt>
          <dd>
            {change.dependsOn.length === 0 ? <span className="change-dim">{t('change.plan.dependsOn.none')}</span> : null}
            {change.dependsOn.map(({ id, number, title }) => (
              <Link key={id} to="/tickets/$id" params={{ id: number }} title={title} className="change-ci">
                {number}
              </Link>
            ))}
          </dd>
        </div>
      </dl>
      {change.mayEditPlan ? (
        <Button size="compact-xs" variant="subtle" onClick={modal.open} mt={4} style={{ alignSelf: 'flex-start' }}>
          {t('change.plan.edit')}
        </Button>
      ) : null}
      <Modal opened={isOpen} onClose={modal.close} title={t('change.plan.edit')} closeButtonProps={{ 'aria-label': t('common.close') }}>
        <ScopeForm change={change} onDone={modal.close} />
      </Modal>
    </>
  )
}
